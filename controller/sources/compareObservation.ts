import type {
  Bar,
  EngineConfiguration,
  Fraction,
  ImpliedVolObservation,
  LiquidityObservation,
  MarketSnapshot,
} from '../../risk/types/index.ts'

type Observed = Pick<MarketSnapshot, 'bars' | 'liquidity' | 'impliedVol' | 'clearing' | 'openInterest' | 'funding' | 'spot' | 'markVol'>
type Tolerance = EngineConfiguration['tolerance']

/** Whether two engines saw the same market; a difference names the datum, both values and the limit. */
export type Comparison =
  | { readonly kind: 'agree' }
  | { readonly kind: 'differ'; readonly what: string; readonly own: number; readonly theirs: number; readonly limit: number }

const clearingFields = [
  'openInterestUsd',
  'fundUsd',
  'coverTwoUsd',
  'auctionedShare',
  'medianFill',
  'longestUnsoldMinutes',
  'gasShare',
  'sliceImpact',
  'marginMoveQ95',
] as const

const agree: Comparison = { kind: 'agree' }

/**
 * Compares what this engine saw with a proposer's snapshot, so that engines which agree bit for bit on a lie do not sign it.
 *
 * Differences are relative to the larger of the two values. Bars are matched by start; `missingBars` may lack on either side. Observations of liquidity,
 * implied volatility and clearing are compared where this engine has its own for the same instant, and may not be fewer than its own by more than
 * `missingBars` either.
 *
 * @param own - From this engine's own sources, for the same span.
 * @param theirs - The proposer's snapshot.
 */
export function compareObservation(own: Observed, theirs: Observed, tolerance: Tolerance): Comparison {
  return first([
    () => compareBars(own.bars, theirs.bars, tolerance),
    () => within('spot', own.spot, theirs.spot, tolerance.price),
    () => within('markVol', own.markVol, theirs.markVol, tolerance.vol),
    () => compareLiquidity(own.liquidity, theirs.liquidity, tolerance),
    () => compareImpliedVol(own.impliedVol, theirs.impliedVol, tolerance),
    () =>
      compareSeries('clearing', own.clearing, theirs.clearing, tolerance, (mine, yours, path) =>
        first(clearingFields.map((field) => () => within(`${path}.${field}`, mine[field], yours[field], tolerance.volume))),
      ),
    () =>
      compareSeries('openInterest', own.openInterest ?? [], theirs.openInterest ?? [], tolerance, (mine, yours, path) =>
        within(`${path}.openInterestUsd`, mine.openInterestUsd, yours.openInterestUsd, tolerance.volume),
      ),
    () =>
      compareSeries('funding', own.funding ?? [], theirs.funding ?? [], tolerance, (mine, yours, path) =>
        within(`${path}.rate`, mine.rate, yours.rate, tolerance.volume),
      ),
  ])
}

/** As {@link compareObservation}, for bars alone: also used for the seed of a genesis state. */
export function compareBars(own: readonly Bar[], theirs: readonly Bar[], tolerance: Tolerance): Comparison {
  const byStart = new Map(own.map((bar) => [bar.start, bar]))
  let common = 0
  for (const [i, bar] of theirs.entries()) {
    const mine = byStart.get(bar.start)
    if (mine === undefined) continue
    common++
    const result = compareBar(mine, bar, `bars[${i}]`, tolerance)
    if (result.kind === 'differ') return result
  }
  return first([
    () => atMost('bars that only the proposer has', 0, theirs.length - common, tolerance.missingBars),
    () => atMost('bars that the proposer lacks', own.length - common, 0, tolerance.missingBars),
  ])
}

function compareBar(own: Bar, theirs: Bar, path: string, tolerance: Tolerance): Comparison {
  const prices = ['open', 'high', 'low', 'close'] as const
  return first([
    ...prices.map((field) => () => within(`${path}.${field}`, own[field], theirs[field], tolerance.price)),
    () => within(`${path}.volume`, own.volume, theirs.volume, tolerance.volume),
    () => equal(`${path}.end`, own.end, theirs.end),
    () => equal(`${path}.knownAt`, own.knownAt, theirs.knownAt),
  ])
}

function compareLiquidity(own: readonly LiquidityObservation[], theirs: readonly LiquidityObservation[], tolerance: Tolerance): Comparison {
  return compareSeries('liquidity', own, theirs, tolerance, (mine, yours, path) =>
    first([
      () => compareOptional(`${path}.spread`, mine.spread, yours.spread, tolerance.volume),
      () => compareOptional(`${path}.depthUsd`, mine.depthUsd, yours.depthUsd, tolerance.volume),
      () => compareOptional(`${path}.tenMinuteMoveQ95`, mine.tenMinuteMoveQ95, yours.tenMinuteMoveQ95, tolerance.vol),
      () => compareOptional(`${path}.liquidatedUsd`, mine.liquidatedUsd, yours.liquidatedUsd, tolerance.volume),
    ]),
  )
}

function compareImpliedVol(
  own: readonly ImpliedVolObservation[],
  theirs: readonly ImpliedVolObservation[],
  tolerance: Tolerance,
): Comparison {
  return compareSeries('impliedVol', own, theirs, tolerance, (mine, yours, path) =>
    first([
      () => within(`${path}.atm30d`, mine.atm30d, yours.atm30d, tolerance.vol),
      () => compareOptional(`${path}.atm7d`, mine.atm7d, yours.atm7d, tolerance.vol),
      () => compareOptional(`${path}.atmHalfSpread`, mine.atmHalfSpread, yours.atmHalfSpread, tolerance.volume),
      () => compareOptional(`${path}.vegaDepthUsd`, mine.vegaDepthUsd, yours.vegaDepthUsd, tolerance.volume),
    ]),
  )
}

function compareSeries<Item extends { readonly knownAt: number }>(
  name: string,
  own: readonly Item[],
  theirs: readonly Item[],
  tolerance: Tolerance,
  compare: (mine: Item, yours: Item, path: string) => Comparison,
): Comparison {
  const byTime = new Map(own.map((item) => [item.knownAt, item]))
  let common = 0
  for (const [i, item] of theirs.entries()) {
    const mine = byTime.get(item.knownAt)
    if (mine === undefined) continue
    common++
    const result = compare(mine, item, `${name}[${i}]`)
    if (result.kind === 'differ') return result
  }
  return first([
    () => atMost(`${name} observations that only the proposer has`, 0, theirs.length - common, tolerance.missingBars),
    () => atMost(`${name} observations that the proposer lacks`, own.length - common, 0, tolerance.missingBars),
  ])
}

/** Both absent, or both there and close: one side alone would decide on what the other cannot check. */
function compareOptional(what: string, own: number | undefined, theirs: number | undefined, limit: Fraction): Comparison {
  if (own === undefined && theirs === undefined) return agree
  return within(what, own ?? Number.NaN, theirs ?? Number.NaN, limit)
}

/** Relative difference, so written that anything not a number differs. */
function within(what: string, own: number, theirs: number, limit: Fraction): Comparison {
  const close = Math.abs(own - theirs) <= limit * Math.max(Math.abs(own), Math.abs(theirs))
  return close ? agree : { kind: 'differ', what, own, theirs, limit }
}

function equal(what: string, own: number, theirs: number): Comparison {
  return own === theirs ? agree : { kind: 'differ', what, own, theirs, limit: 0 }
}

function atMost(what: string, own: number, theirs: number, limit: number): Comparison {
  return Math.max(own, theirs) <= limit ? agree : { kind: 'differ', what, own, theirs, limit }
}

function first(comparisons: readonly (() => Comparison)[]): Comparison {
  for (const compare of comparisons) {
    const result = compare()
    if (result.kind === 'differ') return result
  }
  return agree
}
