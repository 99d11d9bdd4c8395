import type { Fraction, Usd, Years } from '../../types/index.ts'

/** Least relative move of one delivery date against another, and what a year between them adds. */
const LEAST = 0.01
const PER_YEAR = 0.075

/** Net delta at one delivery date. */
export type BasisLane = {
  /** 0 for the index itself and for perpetuals. */
  readonly timeToExpiry: Years
  /** Units of the underlying; negative is short. */
  readonly delta: number
}

/**
 * Charge for the basis between delivery dates: what long and short deltas of different dates offset of one another, times max(1 %, 7.5 % x years between them)
 * (risk policy B5). Longs and shorts are paired in the order of their dates, which pairs the nearest; the index and a perpetual are two lanes 0 years apart.
 *
 * @param lanes - Net deltas, dates ascending; the deltas of one date have been netted by the caller.
 */
export function basisCharge(lanes: readonly BasisLane[], spot: Usd): Usd {
  const longs = lanes.filter(({ delta }) => delta > 0)
  const shorts = lanes.filter(({ delta }) => delta < 0)
  let charge = 0
  let long = 0
  let short = 0
  let longLeft = longs[0]?.delta ?? 0
  let shortLeft = -(shorts[0]?.delta ?? 0)
  while (long < longs.length && short < shorts.length) {
    const paired = Math.min(longLeft, shortLeft)
    charge += paired * spot * basisMove(longs[long]!.timeToExpiry - shorts[short]!.timeToExpiry)
    longLeft -= paired
    shortLeft -= paired
    if (longLeft <= 0) longLeft = longs[++long]?.delta ?? 0
    if (shortLeft <= 0) shortLeft = -(shorts[++short]?.delta ?? 0)
  }
  return charge
}

function basisMove(yearsApart: Years): Fraction {
  return Math.max(LEAST, PER_YEAR * Math.abs(yearsApart))
}
