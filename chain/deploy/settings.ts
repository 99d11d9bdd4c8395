import type { Address, Catalogue, Seconds } from '../../risk/types/index.ts'

const HOUR = 3_600
const DAY = 24 * HOUR

/** Delays and limits that are fixed for ever when the contracts are deployed. */
export type ProtocolSettings = {
  /** Between a widening rule's vote and its activation; at least 2 days. */
  readonly ruleDelay: Seconds
  /** How long a bad tightening can be undone. */
  readonly undoWindow: Seconds
  /** How long a due loosening can be executed. */
  readonly executionGrace: Seconds
  /** Longest term of a guardian. */
  readonly maxGuardianTerm: Seconds
  /** Longest `validUntil - observedAt` of a round. */
  readonly maxValidity: Seconds
  /** After `observedAt`, how long only engines may submit. */
  readonly submitterWindow: Seconds
  /** Uptime feed of a roll-up's sequencer; null where there is none. It must answer that it is up. */
  readonly sequencer: Address | null
  /** After it came back, how long the dead-man does not walk; at most a day. */
  readonly sequencerGrace: Seconds
  /** Share of the supply that can vote which vetoes a pending loosening. 10_000 is all. */
  readonly vetoThresholdBps: number
}

/** A new token, governor and timelock. */
export type NewGovernance = {
  readonly kind: 'new'
  /** Whole supply, token units with 18 decimals. */
  readonly allocations: readonly { readonly account: Address; readonly amount: bigint }[]
  /** Governor's name, also the EIP-712 domain of gasless ballots. */
  readonly name: string
  readonly votingDelay: Seconds
  readonly votingPeriod: Seconds
  /** How long a vote stays open after its quorum is reached. */
  readonly lateQuorumExtension: Seconds
  /** Votes needed to propose, token units. */
  readonly proposalThreshold: bigint
  /** Of total supply. */
  readonly quorumPercent: number
  readonly timelockDelay: Seconds
}

/** A governor, timelock or Safe that exists: it will own the parameters, and nothing of governance is deployed. */
export type ExistingGovernance = {
  readonly kind: 'existing'
  /** Who will hold the admin role: the address whose calls the DAO's votes or signatures become. */
  readonly owner: Address
  readonly governor: Address | null
  /** ERC-5805 token with a clock in seconds, for holders' vetoes; null leaves the veto to the guardian. */
  readonly token: Address | null
}

export type DeploymentSettings = {
  readonly catalogue: Catalogue
  readonly protocol: ProtocolSettings
  readonly governance: NewGovernance | ExistingGovernance
}

/** Defaults of the rules page: undo and execution within a day, rounds valid for a quarter of an hour, 3 % to veto; a tick for engines to come back with a sequencer. */
export const defaultProtocolSettings: ProtocolSettings = {
  ruleDelay: 2 * DAY,
  undoWindow: DAY,
  executionGrace: DAY,
  maxGuardianTerm: 365 * DAY,
  maxValidity: 900,
  submitterWindow: 60,
  sequencer: null,
  sequencerGrace: HOUR,
  vetoThresholdBps: 300,
}

/**
 * Governance settings on the low-risk side of every published grade: voting delay above 2 days, voting period above 3 days, timelock above 1 day,
 * threshold at least 1 % of supply.
 */
export function defaultGovernance(name: string, allocations: NewGovernance['allocations']): NewGovernance {
  const supply = allocations.reduce((sum, { amount }) => sum + amount, 0n)
  return {
    kind: 'new',
    allocations,
    name,
    votingDelay: 2 * DAY + HOUR,
    votingPeriod: 5 * DAY,
    lateQuorumExtension: 2 * DAY,
    proposalThreshold: supply / 100n,
    quorumPercent: 4,
    timelockDelay: 2 * DAY,
  }
}
