import { coverRequirement, groupShortfalls, stressExtremes, stressSet, valueBook } from '../insurance/index.ts'
import type { ClearingSignals, LiquiditySignals } from '../signals/index.ts'
import type { Book, GroupReading, MarketSnapshot } from '../types/index.ts'
import type { MarketTerms } from './assessMarked.ts'
import type { MarkedMarket } from './markBook.ts'

/**
 * What a deployed clearing says to policies, from its accounts: what the fund must cover, what it holds, how much is in auction. What events alone tell (fills, gas, moves of
 * margin) is null.
 *
 * @param liquidity - Of the snapshot's own market; other underlyings are closed at the spread of this one.
 * @returns Cover is null when a market that somebody holds has no stress set.
 */
export function groupSignals(
  { market }: MarketSnapshot,
  group: GroupReading,
  book: Book,
  markets: readonly MarkedMarket[],
  termsOf: (market: string) => MarketTerms,
  liquidity: LiquiditySignals | null,
): ClearingSignals {
  const own = group.markets.find((each) => each.market === market)
  return {
    openInterestUsd: own === undefined ? 0 : own.openInterest * own.price,
    fundUsd: group.fundUsd,
    coverTwoUsd: coverOf(markets, termsOf, liquidity?.spreadQ90 ?? 0),
    shownCoverUsd: group.shownCoverUsd,
    auctionedShare: auctionedShare(book, group, own?.openInterest ?? 0),
    medianFill: null,
    longestUnsoldMinutes: null,
    gasShare: null,
    sliceImpact: null,
    marginMoveQ95: null,
  }
}

/** The larger of Cover-2 and half of all shortfalls over the stress set, with the depth that the parameters state; null where a market has no stress set or no depth. */
function coverOf(markets: readonly MarkedMarket[], termsOf: (market: string) => MarketTerms, spread: number): number | null {
  const held = markets.filter(
    ({ book }, i) => i === 0 || book.portfolios.some(({ positions, collateral }) => positions.length > 0 || collateral > 0),
  )
  if (held.every(({ book }) => book.portfolios.length === 0)) return 0
  const members = held.map(({ market, book, mark }) => {
    const depthUsd = termsOf(market).parameters.liquidity?.depth
    if (depthUsd === undefined || !Object.hasOwn(stressExtremes, market)) return null
    // Gas is a chain's matter and small beside the rest.
    return { valuer: valueBook(book, mark), costs: { spread: Math.min(2, spread), depthUsd, gasUsd: 0 }, scenarios: stressSet(market) }
  })
  const stressed = members.filter((member) => member !== null)
  return stressed.length < members.length ? null : coverRequirement(groupShortfalls(stressed)).requirement
}

/** Contracts of the market that an account in auction holds on either side, over its open interest. */
function auctionedShare({ portfolios }: Book, { flagged }: GroupReading, openInterest: number): number {
  if (openInterest === 0) return 0
  const inAuction = new Set(flagged)
  const contracts = portfolios
    .filter(({ account }) => inAuction.has(account))
    .flatMap(({ positions }) => positions.map(({ quantity }) => Math.abs(quantity)))
    .reduce((sum, quantity) => sum + quantity, 0)
  return Math.min(1, contracts / openInterest)
}
