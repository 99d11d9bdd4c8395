import { log } from '../../math/index.ts'
import { yearsBetween } from '../../pricing/index.ts'
import type { Fraction, Instrument, Portfolio, UnixSeconds, Years } from '../../types/index.ts'
import type { Allowance } from '../assessPortfolio.ts'
import type { RiskArray } from '../riskArray.ts'
import { unitOf } from './exponents.ts'
import type { PostedEntry } from './ladderSource.ts'
import { liveVols, wordVols } from './volScale.ts'

const DAY = 1 / 365
/** Sum of the sizes of a cubic's weights in its middle interval, halved: what rounding to a unit can make of a value read between nodes. */
const ROUNDING_UNITS = 0.625
/** Shares of the requirement that cover reading between nodes and words, by the time to the nearest expiry held. Measured: see risk/margin/README.md. */
const READING = 0.025
const READING_TWO_DAYS = 0.045
const READING_LAST_DAY = 0.095
/** Share for each unit of relative drift of the vol at the money and of the price since the post: the smile does not move by one factor. */
const DRIFT = 0.2
/** Rounding of a vol that is meant to be a word's. */
const NOISE = 1e-12

/** What the ladder adds to an account's requirements, and where it no longer covers the live scans. */
export function ladderAllowance(
  { positions }: Portfolio,
  instruments: readonly Instrument[],
  posted: ReadonlyMap<string, PostedEntry>,
  { market, expiries, rows, passes }: RiskArray,
): Allowance & { readonly outsideAnchors: readonly UnixSeconds[] } {
  let amount = 0
  let reading = 0
  let drift = 0
  const outside = new Set<UnixSeconds>()
  for (const { instrument, quantity } of positions) {
    const found = posted.get(instruments[instrument]!.id)
    if (found === undefined) continue
    const { header, entries } = found.chain
    const entry = entries[found.entry]!
    const { atmVol, timeToExpiry } = expiries[rows[instrument]!.expiry]!
    const volDrift = atmVol / header.atmVol
    amount += Math.abs(quantity) * ROUNDING_UNITS * unitOf(entry.exponent)
    reading = Math.max(reading, readingShare(timeToExpiry))
    drift = Math.max(drift, Math.abs(volDrift - 1) + Math.abs(log(market.spot / header.base)))
    const words = wordVols(header, entry, yearsBetween(header.asOf, header.expiry))
    for (const scans of [passes.maintenance, passes.initial]) {
      const live = liveVols(entry, volDrift, timeToExpiry, scans)
      if (live.up > words.up * (1 + NOISE) || live.down < words.down * (1 - NOISE)) outside.add(header.expiry)
    }
  }
  return { amount, share: reading + DRIFT * drift, outsideAnchors: [...outside].sort((a, b) => a - b) }
}

function readingShare(timeToExpiry: Years): Fraction {
  if (timeToExpiry < DAY) return READING_LAST_DAY
  return timeToExpiry < 2 * DAY ? READING_TWO_DAYS : READING
}
