import { type AccountAssessment, assessBook, bookShortfall, type MarginParameters, portfolioRisk } from '../margin/index.ts'
import { readBars } from '../signals/index.ts'
import type { Book, DocumentStore, EngineState, PortfolioRisk, Usd } from '../types/index.ts'

/** The accounts under the live values and under the values that a round would write now. */
export type Impact = {
  readonly before: PortfolioRisk
  readonly after: PortfolioRisk
  /** Liquidatable through the round and not without it. */
  readonly newly: { readonly accounts: number; readonly notional: Usd }
}

/** Moves that the expected shortfall of the book is taken over: the last three weeks of hourly starts. */
const SHORTFALL_MOVES = 504
const HORIZON_BARS = 24

/**
 * Margin of every account at the targets in force, and at the targets after the round's tightenings; pended loosenings change nothing yet.
 *
 * @param market - Time, index price and flat implied vol of the mark.
 */
export function assessImpact(
  book: Book,
  market: { readonly time: number; readonly spot: Usd; readonly markVol: number },
  live: MarginParameters,
  proposed: MarginParameters,
  state: EngineState,
  documents: DocumentStore,
): Impact {
  const shortfall = bookShortfall(book, market, dailyMoves(state, documents))
  const before = assessBook(book, market, live)
  const after = assessBook(book, market, proposed)
  const newly = after.accounts.filter(({ liquidatable }, i) => liquidatable && !before.accounts[i]!.liquidatable)
  return {
    before: portfolioRisk(before, shortfall),
    after: portfolioRisk(after, shortfall),
    newly: { accounts: newly.length, notional: sumNotional(newly) },
  }
}

function sumNotional(accounts: readonly AccountAssessment[]): Usd {
  return accounts.reduce((sum, { notional }) => sum + notional, 0)
}

/** Relative moves of the close over 24 bars. */
function dailyMoves(state: EngineState, documents: DocumentStore): Float64Array {
  const bars = state.series['bars']
  if (bars === undefined) return new Float64Array(0)
  const { count, close } = readBars(bars, SHORTFALL_MOVES + HORIZON_BARS, documents)
  return Float64Array.from({ length: Math.max(0, count - HORIZON_BARS) }, (_, i) => close[i + HORIZON_BARS]! / close[i]! - 1)
}

/** USD as an integer with 18 decimals, rounded up. */
export function usdToWadUp(usd: Usd): bigint {
  const whole = Math.floor(usd)
  // A power of two scales without rounding; what lies below 2^-52 is rounded up.
  const fraction = BigInt(Math.ceil((usd - whole) * 4_503_599_627_370_496))
  return BigInt(whole) * 10n ** 18n + ((fraction * 10n ** 18n + (1n << 52n) - 1n) >> 52n)
}
