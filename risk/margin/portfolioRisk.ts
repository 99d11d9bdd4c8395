import { compensatedSum } from '../math/index.ts'
import type { PortfolioRisk, Usd } from '../types/index.ts'
import type { AccountAssessment, BookAssessment } from './types.ts'

/** What totals count of an account. */
type CountedAccount = Pick<AccountAssessment, 'equity' | 'maintenance' | 'initial' | 'liquidatable' | 'notional'>

/**
 * Totals of an assessment, independent of the order of accounts.
 *
 * @param expectedShortfall - Of the whole book, from {@link bookShortfall}; null with too short a history.
 */
export function portfolioRisk(
  { accounts }: BookAssessment | { readonly accounts: readonly CountedAccount[] },
  expectedShortfall: Usd | null,
): PortfolioRisk {
  const flagged = accounts.filter(({ liquidatable }) => liquidatable)
  return {
    accounts: accounts.length,
    equity: total(accounts, ({ equity }) => equity),
    maintenance: total(accounts, ({ maintenance }) => maintenance),
    initial: total(accounts, ({ initial }) => initial),
    liquidatable: flagged.length,
    liquidatableNotional: total(flagged, ({ notional }) => notional),
    badDebt: total(accounts, ({ equity }) => Math.max(0, -equity)),
    expectedShortfall,
  }
}

function total(accounts: readonly CountedAccount[], amount: (account: CountedAccount) => Usd): Usd {
  return compensatedSum(Float64Array.from(accounts, amount).sort())
}
