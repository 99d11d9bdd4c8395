import { encodeAbiParameters, hexToBigInt, keccak256, numberToHex, pad, stringToHex, zeroHash } from 'viem'
import { ballastGovernorAbi } from '../../chain/generated/index.ts'
import type { Address, Hash, Hex } from '../../risk/types/index.ts'
import { proposalEntity, voteEntity } from '../entities/index.ts'
import { defineHandlers, type HandlerContext, type IndexedEvent } from './Handler.ts'

const supports = ['against', 'for', 'abstain'] as const

/** Proposals and ballots. States that follow from time and votes are set at the end of each block range, see `settle`. */
export const proposals = defineHandlers('governor', ballastGovernorAbi, {
  ProposalCreated(args, event, { rows }) {
    const { targets, values, calldatas } = args
    rows.insert(proposalEntity, event, {
      proposal: args.proposalId,
      proposer: args.proposer,
      calls: targets.map((target, i) => ({ target, value: String(values[i]), data: calldatas[i] as Hex })),
      description: args.description,
      state: 'pending',
      voteStart: Number(args.voteStart),
      voteEnd: Number(args.voteEnd),
      extended: false,
      quorum: null,
      against: 0n,
      for: 0n,
      abstain: 0n,
      eta: null,
      operation: null,
      endedAt: null,
    })
  },
  ProposalExtended({ proposalId, extendedDeadline }, _event, { rows }) {
    const known = rows.last(proposalEntity, { proposal: proposalId })
    if (known !== undefined) rows.update(proposalEntity, known.position, { voteEnd: Number(extendedDeadline), extended: true })
  },
  ProposalQueued({ proposalId, etaSeconds }, event, { rows }) {
    const known = rows.last(proposalEntity, { proposal: proposalId })
    if (known === undefined) return
    const operation = operationOf(event.emitter, known.calls, known.description)
    rows.update(proposalEntity, known.position, { state: 'queued', eta: Number(etaSeconds), operation })
  },
  ProposalExecuted: ({ proposalId }, event, context) => end(context, event, proposalId, 'executed'),
  ProposalCanceled: ({ proposalId }, event, context) => end(context, event, proposalId, 'canceled'),
  VoteCast: (args, event, context) => addVote(context, event, args, null),
  VoteCastWithParams: (args, event, context) => addVote(context, event, args, args.params),
})

function end({ rows }: HandlerContext, { time }: IndexedEvent, proposal: bigint, state: 'executed' | 'canceled'): void {
  const known = rows.last(proposalEntity, { proposal })
  if (known !== undefined) rows.update(proposalEntity, known.position, { state, endedAt: time })
}

type Ballot = {
  readonly voter: Address
  readonly proposalId: bigint
  readonly support: number
  readonly weight: bigint
  readonly reason: string
}

function addVote({ rows }: HandlerContext, event: IndexedEvent, ballot: Ballot, parameters: Hex | null): void {
  const { proposalId: proposal, voter, weight, reason } = ballot
  // The governor counts nothing else and refuses other numbers.
  const support = supports[ballot.support] as (typeof supports)[number]
  rows.insert(voteEntity, event, { proposal, voter, support, weight, reason, parameters })
  const known = rows.last(proposalEntity, { proposal })
  if (known !== undefined) rows.update(proposalEntity, known.position, { [support]: known[support] + weight })
}

type CallOfProposal = { readonly target: Address; readonly value: string; readonly data: Hex }

/**
 * Id of the timelock operation that a proposal becomes: no predecessor, and the governor's address over the hash of the description as salt.
 *
 * @see OpenZeppelin 5.7, GovernorTimelockControl `_queueOperations` and TimelockController `hashOperationBatch`.
 */
function operationOf(governor: Address, calls: readonly CallOfProposal[], description: string): Hash {
  const left = hexToBigInt(pad(governor, { dir: 'right', size: 32 }))
  const salt = numberToHex(left ^ hexToBigInt(keccak256(stringToHex(description))), { size: 32 })
  return keccak256(
    encodeAbiParameters(
      [{ type: 'address[]' }, { type: 'uint256[]' }, { type: 'bytes[]' }, { type: 'bytes32' }, { type: 'bytes32' }],
      [calls.map(({ target }) => target), calls.map(({ value }) => BigInt(value)), calls.map(({ data }) => data), zeroHash, salt],
    ),
  )
}
