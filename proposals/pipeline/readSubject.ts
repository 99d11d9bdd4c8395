import { type AbiEvent, decodeEventLog, type PublicClient, toEventSelector } from 'viem'
import { ballastGovernorAbi, timelockAbi } from '../../chain/generated/index.ts'
import { fetchLogs, readBlock } from '../../chain/read/index.ts'
import type { Address, Deployment, Hash } from '../../risk/types/index.ts'
import { operationOf } from '../encode/index.ts'
import { findSubmitted, type SubmittedRecord } from '../lifecycle/readSubmitted.ts'

/** A proposal on chain, and the block before which it must be looked at: the latest, or the one before its execution. */
export type Subject = SubmittedRecord & {
  readonly block: bigint
  readonly executedIn: { readonly block: bigint; readonly transaction: Hash } | null
}

const executedByGovernor = ballastGovernorAbi.find((item) => item.type === 'event' && item.name === 'ProposalExecuted') as AbiEvent
const executedByTimelock = timelockAbi.find((item) => item.type === 'event' && item.name === 'CallExecuted') as AbiEvent

/**
 * A proposal by its id. One that was executed is pinned to the block before, so that its simulation can be compared with what happened; an execution directly on the
 * timelock, which the Governor's events do not show, counts as well.
 *
 * @param block - Overrides the pinned block.
 * @throws {UnknownProposalError} No submission has this id.
 */
export async function readSubject(
  client: PublicClient,
  deployment: Deployment,
  governor: Address,
  id: bigint,
  block?: bigint,
): Promise<Subject> {
  const record = await findSubmitted(client, deployment, governor, id)
  const latest = (await readBlock(client)).number
  const executedIn = await findExecution(client, deployment, governor, record, latest)
  return { ...record, executedIn, block: block ?? (executedIn === null ? latest : executedIn.block - 1n) }
}

async function findExecution(
  client: PublicClient,
  { contracts }: Deployment,
  governor: Address,
  { proposal, block }: SubmittedRecord,
  latest: bigint,
): Promise<Subject['executedIn']> {
  const logs = await fetchLogs(client, {
    addresses: [governor, contracts.timelock],
    topics: [executedByGovernor, executedByTimelock].map(toEventSelector),
    fromBlock: block,
    toBlock: latest,
  })
  const operation = operationOf(governor, proposal)
  const found = logs.find((log) => {
    const { eventName, args } = decodeEventLog({
      abi: [executedByGovernor, executedByTimelock],
      data: log.data,
      topics: log.topics as [Hash, ...Hash[]],
    })
    const named = args as unknown as { readonly proposalId?: bigint; readonly id?: Hash }
    return eventName === 'ProposalExecuted' ? named.proposalId === proposal.id : named.id === operation
  })
  return found === undefined ? null : { block: found.blockNumber, transaction: found.transactionHash }
}
