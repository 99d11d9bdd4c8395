import { InvalidInputError } from '../errors/index.ts'
import { canonicalJson } from '../hash/index.ts'
import { bookShortfall, portfolioRisk } from '../margin/index.ts'
import { readBars } from '../signals/index.ts'
import type { DocumentStore, EngineState, Json, MarketSnapshot, PortfolioRisk, Usd } from '../types/index.ts'
import { assessMarked, type MarkedAccount, type MarketTerms } from './assessMarked.ts'
import type { MarkedMarket } from './markBook.ts'

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
 * Margin of every account in force now, and with the values of the round after its tightenings where its ramps lead; pended loosenings change nothing yet. Newly liquidatable
 * is who falls short with the round's values fully in force and does not with the live ones.
 *
 * @param markets - The book's own underlying first; the shortfall of the book is that of this one.
 */
export function assessImpact(
  markets: readonly MarkedMarket[],
  terms: Readonly<Record<'inForce' | 'before' | 'after', (market: string) => MarketTerms>>,
  { scope, market, version }: Pick<MarketSnapshot, 'scope' | 'market' | 'version'>,
  state: EngineState,
  documents: DocumentStore,
): Impact {
  const [own] = markets
  if (own === undefined) throw new InvalidInputError({ argument: 'markets', got: 'none', limit: 'the own underlying first' })
  const shortfall = bookShortfall(own.book, own.mark, dailyMoves(state, documents))
  const inForce = assessMarked(markets, terms.inForce)
  // Ramps and ages are known since version 2; without any, both are the same.
  const before = version === 1 || isSame(markets, terms.inForce, terms.before) ? inForce : assessMarked(markets, terms.before)
  const after = assessMarked(markets, terms.after)
  const newly = after.filter(({ liquidatable }, i) => liquidatable && !before[i]!.liquidatable)
  // A market's meter counts what is sold in that market.
  const counted = version === 1 || scope !== `market:${market}` ? sumOf('notional', newly) : sumOf('ownNotional', newly)
  return {
    before: portfolioRisk({ accounts: inForce }, shortfall),
    after: portfolioRisk({ accounts: after }, shortfall),
    newly: { accounts: newly.length, notional: counted },
  }
}

/** Whether maintenance is judged alike, which alone decides who is liquidatable. */
function isSame(markets: readonly MarkedMarket[], left: (market: string) => MarketTerms, right: (market: string) => MarketTerms): boolean {
  return markets.every(({ market }) => {
    const { newRisk: _, ...now } = left(market).parameters
    const { newRisk: __, ...then } = right(market).parameters
    return canonicalJson(now as unknown as Json) === canonicalJson(then as unknown as Json)
  })
}

function sumOf(field: 'notional' | 'ownNotional', accounts: readonly MarkedAccount[]): Usd {
  return accounts.reduce((sum, account) => sum + account[field], 0)
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
