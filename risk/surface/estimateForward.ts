import type { Fraction, Usd } from '../types/index.ts'
import type { Forward, Numeraire, OptionQuote } from './types.ts'

/** What one witness, a pair of call and put at a strike or the venue, says of the forward. */
type Witness = { readonly mid: Usd; readonly halfWidth: Usd }

/** Pairs without which parity does not outvote the forward of the venue. */
const ENOUGH_PAIRS = 3
/** Half width with which the venue's own forward counts as one more pair: it decides where all pairs are wider, and is outvoted where they are not. */
const VENUE_HALF_WIDTH: Fraction = 0.002
/** Forward over spot, or spot over forward, beyond which a forward is not believed. */
const FARTHEST = 2
const ROUNDS = 20

/**
 * Forward of an expiry. From put-call parity where pairs of two-sided call and put allow it: in coin C - P = 1 - K / F, in USD C - P = F - K.
 * Each pair gives an interval of F from its bids and asks; its middle counts with the inverse of the interval's width. The estimate starts at the weighted
 * median, then takes Huber's weights of the distance in half widths, so a few wrong pairs do not move it. The venue's own forward is one more witness.
 *
 * The ladder: parity with three pairs or more; the venue's own forward; parity with fewer pairs; the spot. A forward further than a factor of two from
 * the spot is a bad quote, not carry, and is left out, whoever states it.
 * @param quotes - Lines that are neither stale nor crossed.
 */
export function estimateForward(quotes: readonly OptionQuote[], numeraire: Numeraire, venueForward: Usd | null, spot: Usd): Forward {
  const nearSpot = (forward: Usd): boolean => forward <= FARTHEST * spot && forward * FARTHEST >= spot
  const pairs = pairWitnesses(quotes, numeraire).filter(({ mid }) => nearSpot(mid))
  const stated = venueForward !== null && nearSpot(venueForward) ? venueForward : null
  if (pairs.length >= ENOUGH_PAIRS || (pairs.length > 0 && stated === null)) return parityForward(pairs, stated)
  const given = { pairs: 0, residual: 0, inside: 1 }
  return stated === null ? { forward: spot, source: 'spot', ...given } : { forward: stated, source: 'venue', ...given }
}

function pairWitnesses(quotes: readonly OptionQuote[], numeraire: Numeraire): Witness[] {
  const puts = new Map(quotes.filter(({ type }) => type === 'put').map((quote) => [quote.strike, quote]))
  return quotes
    .filter(({ type }) => type === 'call')
    .sort((left, right) => left.strike - right.strike)
    .flatMap((call): Witness[] => {
      const put = puts.get(call.strike)
      if (put === undefined || call.bid === null || call.ask === null || put.bid === null || put.ask === null) return []
      if (!(call.bid > 0 && put.bid > 0)) return []
      const low = forwardOf(call.bid - put.ask, call.strike, numeraire)
      const high = forwardOf(call.ask - put.bid, call.strike, numeraire)
      if (low === null || high === null || !(high >= low)) return []
      return [{ mid: (low + high) / 2, halfWidth: Math.max((high - low) / 2, 1e-9 * high) }]
    })
}

/** The forward at which call less put is worth `difference`; null where there is none. */
function forwardOf(difference: number, strike: Usd, numeraire: Numeraire): Usd | null {
  const forward = numeraire === 'coin' ? strike / (1 - difference) : strike + difference
  return forward > 0 && forward < 1e15 ? forward : null
}

function parityForward(pairs: readonly Witness[], stated: Usd | null): Forward {
  const venue: Witness[] = stated === null ? [] : [{ mid: stated, halfWidth: VENUE_HALF_WIDTH * stated }]
  const forward = robustMean([...pairs, ...venue])
  let distances = 0
  let weights = 0
  for (const { mid, halfWidth } of pairs) {
    distances += Math.abs(mid - forward) / forward / halfWidth
    weights += 1 / halfWidth
  }
  const inside = pairs.filter(({ mid, halfWidth }) => Math.abs(mid - forward) <= halfWidth).length / pairs.length
  return { forward, source: 'parity', pairs: pairs.length, residual: distances / weights, inside }
}

/** Mean with inverse squared half widths as weights, and Huber's weight on the distance in half widths, from the weighted median on. */
function robustMean(witnesses: readonly Witness[]): Usd {
  let forward = weightedMedian(witnesses)
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0
    let weights = 0
    for (const { mid, halfWidth } of witnesses) {
      const distance = Math.abs(mid - forward) / halfWidth
      const weight = (distance > 1 ? 1 / distance : 1) / (halfWidth * halfWidth)
      sum += weight * (mid - forward)
      weights += weight
    }
    forward += sum / weights
  }
  return forward
}

function weightedMedian(witnesses: readonly Witness[]): Usd {
  const sorted = [...witnesses].sort((left, right) => left.mid - right.mid)
  const half = sorted.reduce((sum, { halfWidth }) => sum + 1 / halfWidth, 0) / 2
  let sum = 0
  for (const { mid, halfWidth } of sorted) {
    sum += 1 / halfWidth
    if (sum >= half) return mid
  }
  return sorted[sorted.length - 1]!.mid
}
