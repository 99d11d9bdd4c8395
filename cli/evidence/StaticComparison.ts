import type { UnixSeconds, Usd } from '../../risk/types/index.ts'

/** What one set of parameters would have meant for the same accounts over the window. */
export type ParameterOutcome = {
  /** Accounts that fell below maintenance and were closed one tick later. */
  readonly liquidated: number
  /** Of those, accounts with negative equity when they were closed. */
  readonly deficits: number
  /** Sum of that negative equity, positive. */
  readonly deficitUsd: Usd
  /** Maintenance over equity of all open accounts with positive equity: mean and highest over the ticks. */
  readonly meanMarginUsed: number
  readonly maxMarginUsed: number
  /** Maintenance required of all open accounts, mean over the ticks. */
  readonly meanMaintenance: Usd
}

/** The values that were in force against values frozen where they began, on the same simulated accounts. */
export type StaticComparison = {
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly ticks: number
  readonly accounts: number
  readonly controller: ParameterOutcome
  readonly static: ParameterOutcome
}

/** What the comparison is and is not; shown beside it. */
export const comparisonCaveat =
  'Simulated accounts, marked at the prices of the window: one that falls below maintenance is closed one tick later at mark; nobody trades otherwise. ' +
  'A comparison of parameters, not a record of losses.'

/** Rows of the comparison for people: name, then the two figures. */
export function comparisonRows(comparison: StaticComparison, usd: (value: Usd) => string): readonly (readonly [string, string, string])[] {
  const row = (name: string, pick: (outcome: ParameterOutcome) => string): readonly [string, string, string] => [
    name,
    pick(comparison.controller),
    pick(comparison.static),
  ]
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  return [
    row('accounts liquidated', ({ liquidated }) => String(liquidated)),
    row('closed with a deficit', ({ deficits }) => String(deficits)),
    row('deficit in all', ({ deficitUsd }) => usd(deficitUsd)),
    row('margin used, mean', ({ meanMarginUsed }) => percent(meanMarginUsed)),
    row('margin used, highest', ({ maxMarginUsed }) => percent(maxMarginUsed)),
    row('maintenance required, mean', ({ meanMaintenance }) => usd(meanMaintenance)),
  ]
}
