import { withChainErrors } from '../../chain/errors/index.ts'
import { guardianTermAbi } from '../../chain/generated/index.ts'
import { readBlock } from '../../chain/read/index.ts'
import { readRoles } from '../../proposals/state/index.ts'
import type { Address, UnixSeconds } from '../../risk/types/index.ts'
import type { ActNode } from './openActNode.ts'

/** Who holds the offices that act without a vote. */
export type Authorities = {
  /** Null once the term has ended. */
  readonly guardian: Address | null
  readonly termEnd: UnixSeconds
  readonly stewards: readonly Address[]
}

/** Guardian and stewards as of the latest block. */
export async function readAuthorities({ client, deployment }: Pick<ActNode, 'client' | 'deployment'>): Promise<Authorities> {
  const block = await readBlock(client)
  const term = { address: deployment.contracts.guardianTerm, abi: guardianTermAbi, blockNumber: block.number } as const
  const [guardian, termEnd, roles] = await Promise.all([
    withChainErrors(() => client.readContract({ ...term, functionName: 'guardian' }), term.address),
    withChainErrors(() => client.readContract({ ...term, functionName: 'termEnd' }), term.address),
    readRoles({ client, deployment, block: block.number }),
  ])
  return {
    guardian: block.time < termEnd ? guardian : null,
    termEnd,
    stewards: roles.filter(({ contract, role }) => contract === 'riskParameters' && role === 'steward').map(({ account }) => account),
  }
}
