import type { PublicClient } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { mapConcurrently } from '../../chain/read/index.ts'
import { type AcceptedRoundRecord, readAcceptedRounds } from '../../chain/read/readAcceptedRounds.ts'
import type { Deployment, ScopeId } from '../../risk/types/index.ts'

/** An accepted round and the nonce of the transaction that brought it. */
export type AcceptedRound = AcceptedRoundRecord & { readonly nonce: number }

/** Accepted rounds of a scope from a block to the latest, round ascending. */
export async function fetchAcceptedRounds(
  client: PublicClient,
  deployment: Deployment,
  scope: ScopeId,
  fromBlock: bigint,
): Promise<AcceptedRound[]> {
  const latest = await withChainErrors(() => client.getBlockNumber({ cacheTime: 0 }))
  const rounds = await readAcceptedRounds(client, deployment, scope, fromBlock, latest)
  return mapConcurrently(rounds, async (round) => {
    const { nonce } = await withChainErrors(() => client.getTransaction({ hash: round.transaction }))
    return { ...round, nonce }
  })
}

/** Last accepted round of a lane, from the latest block. */
export async function readLane(
  client: PublicClient,
  deployment: Deployment,
  scope: ScopeId,
): Promise<{ readonly round: number; readonly observedAt: number }> {
  const { controllerMandate: address } = deployment.contracts
  return withChainErrors(
    () => client.readContract({ address, abi: controllerMandateAbi, functionName: 'lane', args: [encodeScopeId(scope)] }),
    address,
  )
}
