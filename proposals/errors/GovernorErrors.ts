import { FatalError } from '../../risk/errors/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'

/** The governor has never seen this proposal: the draft's bytes differ from what was submitted, or nothing was. */
export class UnknownProposalError extends FatalError {
  override readonly name = 'UnknownProposalError'
  readonly context: { readonly id: bigint; readonly governor: Address }
  constructor(context: UnknownProposalError['context'], options?: ErrorOptions) {
    super(
      `Governor ${context.governor} knows no proposal ${context.id}. Was it submitted with exactly this description and these actions?`,
      options,
    )
    this.context = context
  }
}

/** Governor or token count blocks, or different units: times in seconds would be wrong. */
export class GovernorClockError extends FatalError {
  override readonly name = 'GovernorClockError'
  readonly context: { readonly governor: string; readonly token: string }
  constructor(context: GovernorClockError['context'], options?: ErrorOptions) {
    super(`The governor's clock is "${context.governor}" and the token's is "${context.token}"; both must be "mode=timestamp".`, options)
    this.context = context
  }
}

/** Too few votes at the last second to submit a proposal. Votes in token units. */
export class BelowThresholdError extends FatalError {
  override readonly name = 'BelowThresholdError'
  readonly context: { readonly proposer: Address; readonly votes: bigint; readonly threshold: bigint }
  constructor(context: BelowThresholdError['context'], options?: ErrorOptions) {
    super(`${context.proposer} has ${context.votes} votes; a proposal needs ${context.threshold}. Delegate to this account first.`, options)
    this.context = context
  }
}

/** The description reserves the proposal for another account. */
export class RestrictedProposerError extends FatalError {
  override readonly name = 'RestrictedProposerError'
  readonly context: { readonly proposer: Address; readonly data: Hex }
  constructor(context: RestrictedProposerError['context'], options?: ErrorOptions) {
    super(`The description ends with #proposer= of another account than ${context.proposer}.`, options)
    this.context = context
  }
}
