import type { Usd, Years } from '../../types/index.ts'

const DAY = 1 / 365
/** Ends of the buckets of the term structure; the last one is open. */
const bucketEnds = [7 * DAY, 30 * DAY, 90 * DAY] as const
/** Share of what one bucket's vol shock offsets of another's that is not believed. */
const SHARE = 0.3

/**
 * Charge for vol shocks of opposite sign along the term structure: 30 % of what the buckets (below 7 days, to 30, to 90, above) offset of one another
 * (risk policy B5). The scan moves all expiries up or all down; this charge is for when they do not.
 *
 * @param expiries - Gain of the account in each expiry under its own up shock of vol (vega x shock), USD, and its time to expiry.
 */
export function termCharge(expiries: readonly { readonly timeToExpiry: Years; readonly shockedVega: Usd }[]): Usd {
  const buckets = new Float64Array(bucketEnds.length + 1)
  for (const { timeToExpiry, shockedVega } of expiries) {
    const bucket = bucketEnds.findIndex((end) => timeToExpiry < end)
    buckets[bucket < 0 ? bucketEnds.length : bucket]! += shockedVega
  }
  let long = 0
  let short = 0
  for (const sum of buckets) {
    long += Math.max(0, sum)
    short += Math.max(0, -sum)
  }
  return SHARE * Math.min(long, short)
}
