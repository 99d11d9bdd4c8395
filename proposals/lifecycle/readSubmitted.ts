import { decodeEventLog, type PublicClient, toEventSelector } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { ballastGovernorAbi } from '../../chain/generated/index.ts'
import { fetchLogs, readBlock } from '../../chain/read/index.ts'
import type { Address, Deployment, Hash, Hex } from '../../risk/types/index.ts'
import { type EncodedProposal, encodeProposal } from '../encode/index.ts'
import { UnknownProposalError } from '../errors/index.ts'

/** A proposal as its submission tells it. */
export type SubmittedRecord = {
  readonly proposal: EncodedProposal
  readonly proposer: Address
  readonly block: bigint
  readonly transaction: Hash
}

const created = ballastGovernorAbi.find((item) => item.type === 'event' && item.name === 'ProposalCreated')

/** Every proposal of a governor since the deployment, oldest first; ours or not. */
export async function readSubmitted(
  client: PublicClient,
  deployment: Deployment,
  governor: Address,
  block?: bigint,
): Promise<SubmittedRecord[]> {
  if (created?.type !== 'event') throw new TypeError('The ABI of the governor has no event ProposalCreated.')
  const { number } = await withChainErrors(() => readBlock(client, block))
  const logs = await fetchLogs(client, {
    addresses: [governor],
    topics: [toEventSelector(created)],
    fromBlock: BigInt(deployment.block),
    toBlock: number,
  })
  return logs.map(({ data, topics, blockNumber, transactionHash }) => {
    const { args } = decodeEventLog({ abi: [created], data, topics: topics as [Hash, ...Hash[]] })
    const { targets, values, calldatas, description, proposer } = args as unknown as {
      readonly targets: readonly Address[]
      readonly values: readonly bigint[]
      readonly calldatas: readonly Hex[]
      readonly description: string
      readonly proposer: Address
    }
    const actions = targets.map((target, i) => ({ target, value: values[i] as bigint, data: calldatas[i] as Hex, summary: '' }))
    const proposal = encodeProposal({ schema: 'ballast.draft', version: 1, title: '', description, actions })
    return { proposal, proposer, block: blockNumber, transaction: transactionHash }
  })
}

/** @throws {UnknownProposalError} No submission has this id. */
export async function findSubmitted(client: PublicClient, deployment: Deployment, governor: Address, id: bigint): Promise<SubmittedRecord> {
  const found = (await readSubmitted(client, deployment, governor)).find(({ proposal }) => proposal.id === id)
  if (found === undefined) throw new UnknownProposalError({ id, governor })
  return found
}
