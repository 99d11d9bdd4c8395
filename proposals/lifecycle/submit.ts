import type { TransactionReceipt } from 'viem'
import { ContractRevertError } from '../../chain/errors/index.ts'
import type { ProposalState } from '../../chain/ids/index.ts'
import { type Call, type SendOptions, sendCall, type Wallet } from '../../chain/write/index.ts'
import type { ProposalDraft, UnixSeconds } from '../../risk/types/index.ts'
import { type EncodedProposal, encodeProposal } from '../encode/index.ts'
import { BelowThresholdError, ProposalStateError, RestrictedProposerError } from '../errors/index.ts'
import { buildPropose, buildStep, buildVote, type Support } from './calls.ts'
import { assertTimestampClock, type GovernorContext, type ProposalReading, readProposal } from './readProposal.ts'

export type SubmittedProposal = { readonly proposal: EncodedProposal; readonly receipt: TransactionReceipt }

/**
 * Submits a draft.
 *
 * @throws {BelowThresholdError} The wallet has too few votes.
 * @throws {RestrictedProposerError} The description reserves it for another account.
 * @throws {GovernorClockError} Governor or token do not count seconds.
 */
export async function submitProposal(
  context: GovernorContext,
  wallet: Wallet,
  draft: ProposalDraft,
  options?: SendOptions,
): Promise<SubmittedProposal> {
  await assertTimestampClock(context)
  const proposal = encodeProposal(draft)
  try {
    const receipt = await sendCall(context.client, wallet, buildPropose(context.governor, proposal), options)
    return { proposal, receipt }
  } catch (error) {
    throw explain(error, wallet)
  }
}

function explain(error: unknown, wallet: Wallet): unknown {
  if (!(error instanceof ContractRevertError)) return error
  const { errorName, args, data } = error.context
  const proposer = wallet.account.address
  if (errorName === 'GovernorInsufficientProposerVotes')
    return new BelowThresholdError({ proposer, votes: args['votes'] as bigint, threshold: args['threshold'] as bigint }, { cause: error })
  if (errorName === 'GovernorRestrictedProposer') return new RestrictedProposerError({ proposer, data }, { cause: error })
  return error
}

/**
 * Votes with a reason, which may be empty.
 *
 * @throws {ProposalStateError} Voting is not open; it says when it will be.
 */
export async function castVote(
  context: GovernorContext,
  wallet: Wallet,
  id: bigint,
  support: Support,
  reason = '',
  options?: SendOptions,
): Promise<TransactionReceipt> {
  await assertState(context, id, 'vote on', ['active'])
  return sendCall(context.client, wallet, buildVote(context.governor, id, support, reason), options)
}

/**
 * Puts a successful proposal into the timelock. Anyone may.
 *
 * @throws {ProposalStateError} It has not succeeded, or voting is not over yet.
 */
export function queueProposal(
  context: GovernorContext,
  wallet: Wallet,
  proposal: EncodedProposal,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return step(context, wallet, proposal, 'queue', ['succeeded'], options)
}

/**
 * Executes a queued proposal whose delay has passed. Anyone may.
 *
 * @throws {ProposalStateError} It is not queued, or its delay has not passed.
 * @throws {ContractRevertError} One of its calls was refused; nothing of it was done.
 */
export function executeProposal(
  context: GovernorContext,
  wallet: Wallet,
  proposal: EncodedProposal,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return step(context, wallet, proposal, 'execute', ['queued'], options)
}

/** Cancels: the guardian at any stage, the proposer before voting begins. */
export function cancelProposal(
  context: GovernorContext,
  wallet: Wallet,
  proposal: EncodedProposal,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return step(context, wallet, proposal, 'cancel', ['pending', 'active', 'succeeded', 'queued'], options)
}

async function step(
  context: GovernorContext,
  wallet: Wallet,
  proposal: EncodedProposal,
  act: 'queue' | 'execute' | 'cancel',
  needed: readonly ProposalState[],
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const reading = await assertState(context, proposal.id, act, needed)
  const call: Call = buildStep(context.governor, act, proposal)
  if (act === 'execute' && reading.eta !== null && reading.time < reading.eta) {
    // The next block may be late enough although the last one is not: the simulation decides.
    try {
      return await sendCall(context.client, wallet, call, options)
    } catch (error) {
      if (!(error instanceof ContractRevertError) || error.context.errorName !== 'TimelockUnexpectedOperationState') throw error
      throw new ProposalStateError({ act, id: proposal.id, state: reading.state, needed, readyAt: reading.eta }, { cause: error })
    }
  }
  return sendCall(context.client, wallet, call, options)
}

async function assertState(context: GovernorContext, id: bigint, act: string, needed: readonly ProposalState[]): Promise<ProposalReading> {
  const reading = await readProposal(context, id)
  if (!needed.includes(reading.state))
    throw new ProposalStateError({ act, id, state: reading.state, needed, readyAt: readyAt(reading, needed) })
  return reading
}

function readyAt(reading: ProposalReading, needed: readonly ProposalState[]): UnixSeconds | null {
  if (reading.state === 'pending' && needed.includes('active')) return reading.snapshot + 1
  if ((reading.state === 'pending' || reading.state === 'active') && needed.includes('succeeded')) return reading.deadline + 1
  return null
}
