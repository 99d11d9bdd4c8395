import { compensatedSum } from '../math/index.ts'
import type { PortfolioRisk, Usd } from '../types/index.ts'
import type { AccountAssessment, BookAssessment } from './types.ts'

/**
 * Totals of an assessment, independent of the order of accounts.
 *
 * @param expectedShortfall - Of the whole book, from {@link bookShortfall}; null with too short a history.
 */
export function portfolioRisk({ accounts }: BookAssessment, expectedShortfall: Usd | null): PortfolioRisk {
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

function total(accounts: readonly AccountAssessment[], amount: (account: AccountAssessment) => Usd): Usd {
  return compensatedSum(Float64Array.from(accounts, amount).sort())
}
