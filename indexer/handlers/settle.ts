import type { ProposalState } from '../../chain/ids/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
import { looseningEntity, operationEntity, proposalEntity, type Row } from '../entities/index.ts'
import type { Rows } from '../store/rows.ts'
import { expired, isExpired } from './closeLoosening.ts'

/**
 * Brings what depends on time alone up to the last block of a range: expired loosenings, ready operations, states of proposals.
 *
 * @param quorums - Quorum of proposals whose voting began in the range, by id; it never changes once voting is open. Without it a proposal keeps its
 * state.
 */
export function settle(rows: Rows, time: UnixSeconds, quorums: ReadonlyMap<bigint, bigint>): void {
  for (const waiting of rows.find(looseningEntity, { status: 'pending' }))
    if (isExpired(waiting, time)) rows.update(looseningEntity, waiting.position, expired(waiting))
  for (const operation of rows.find(operationEntity, { status: 'waiting' }))
    if (operation.readyAt <= time) rows.update(operationEntity, operation.position, { status: 'ready' })
  for (const { proposal, position } of withoutQuorum(rows, time)) {
    const quorum = quorums.get(proposal)
    if (quorum !== undefined) rows.update(proposalEntity, position, { quorum })
  }
  for (const proposal of openProposals(rows)) {
    const state = stateOf(rows, proposal, time)
    if (state !== proposal.state) rows.update(proposalEntity, proposal.position, { state })
  }
}

/** Proposals whose voting has begun and whose quorum, known from then on, was not read yet. */
export const withoutQuorum = (rows: Rows, time: UnixSeconds): Row<typeof proposalEntity>[] =>
  rows.find(proposalEntity, { quorum: null }).filter(({ voteStart }) => voteStart < time)

// Executed and cancelled are here for what was done directly on the timelock, where a cancelled operation can be scheduled again.
const changing = ['pending', 'active', 'succeeded', 'queued', 'executed', 'canceled'] as const

/** Proposals whose state can change without an event of the governor. */
const openProposals = (rows: Rows): Row<typeof proposalEntity>[] =>
  changing.flatMap((state) => rows.find(proposalEntity, { state, endedAt: null }))

/** As the governor answers at `time`; what was done directly on the timelock counts. @see OpenZeppelin 5.7, Governor and GovernorTimelockControl `state`. */
function stateOf(rows: Rows, proposal: Row<typeof proposalEntity>, time: UnixSeconds): ProposalState {
  if (proposal.voteStart >= time) return 'pending'
  if (proposal.voteEnd >= time) return 'active'
  if (proposal.quorum === null) return proposal.state
  if (proposal.for + proposal.abstain < proposal.quorum || proposal.for <= proposal.against) return 'defeated'
  if (proposal.operation === null) return 'succeeded'
  const operation = rows.last(operationEntity, { operation: proposal.operation })
  if (operation?.status === 'done') return 'executed'
  return operation === undefined || operation.status === 'cancelled' ? 'canceled' : 'queued'
}
