import type { UnixSeconds, Usd } from '../../risk/types/index.ts'

/** What one set of parameters would have meant for the same accounts over the window. */
export type ParameterOutcome = {
  /** Accounts that fell below maintenance at least once. */
  readonly liquidated: number
  /** Accounts whose equity fell below zero at least once. */
  readonly insolvent: number
  /** Largest sum of negative equity at one hour. */
  readonly worstDeficit: Usd
  /** Mean over the hours of maintenance over equity of all accounts. */
  readonly meanUtilization: number
  readonly maxUtilization: number
  /** Mean over the hours of the maintenance requirement. */
  readonly meanMaintenance: Usd
}

/** The controller's values against values frozen at their defaults, on the same accounts, which are simulated. */
export type StaticComparison = {
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly hours: number
  readonly accounts: number
  readonly dynamic: ParameterOutcome
  readonly static: ParameterOutcome
}
