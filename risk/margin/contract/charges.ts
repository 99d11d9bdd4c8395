import { absolute, ceilDiv, larger, smaller, sqrtDown, WAD } from './integers.ts'
import type { ChainBook, ChainGreeks, MarketRule } from './types.ts'
import { UP_FLOOR } from './volScale.ts'

const DAY = 86_400n
const YEAR = 365n * DAY
const bucketEnds = [7n * DAY, 30n * DAY, 90n * DAY] as const
const TERM_PERCENT = 30n
const LEAST_BASIS = WAD / 100n
const BASIS_PER_YEAR = (75n * WAD) / 1_000n

/** A chain as its charges see it. */
export type ChargedChain = { readonly book: ChainBook; readonly greeks: ChainGreeks }

/** Per chain: net value of a point of steeper skew x 6 points x (30 d / max(T, 2 d))^0.5, at most 20. */
export function skewCharge(chains: readonly ChargedChain[]): bigint {
  return chains.reduce((charge, { book, greeks }) => {
    const shock = smaller(20n * WAD, (6n * WAD * sqrtDown((30n * DAY * WAD * WAD) / larger(book.time, 2n * DAY))) / WAD)
    return charge + ceilDiv(absolute(greeks.skew) * shock, WAD)
  }, 0n)
}

/** 30 % of what the buckets of the term structure offset of one another's vega x up shock. */
export function termCharge(chains: readonly ChargedChain[]): bigint {
  const buckets = [0n, 0n, 0n, 0n]
  for (const { book, greeks } of chains) {
    const atm = (book.atmVol * book.drift) / 1_000_000_000_000n
    const shock = (larger(atm, UP_FLOOR) * book.upFactor) / WAD - atm
    const found = bucketEnds.findIndex((end) => book.time < end)
    buckets[found < 0 ? 3 : found]! += (greeks.vega * shock) / WAD
  }
  const sum = (sign: bigint): bigint => buckets.reduce((total, bucket) => total + larger(0n, sign * bucket), 0n)
  return ceilDiv(smaller(sum(1n), sum(-1n)) * TERM_PERCENT, 100n)
}

/** What long and short deltas of different dates offset x max(1 %, 7.5 % x years between them); the underlying, USD wad, is the first date. */
export function basisCharge(chains: readonly ChargedChain[], underlying: bigint): bigint {
  const dates = chains.map(({ book, greeks }) => ({ time: book.time, delta: greeks.delta }))
  const lanes = [{ time: 0n, delta: underlying }, ...dates.sort((a, b) => Number(a.time - b.time))]
  const longs = lanes.filter(({ delta }) => delta > 0n)
  const shorts = lanes.filter(({ delta }) => delta < 0n).map(({ time, delta }) => ({ time, delta: -delta }))
  let charge = 0n
  while (longs.length > 0 && shorts.length > 0) {
    const [long, short] = [longs[0]!, shorts[0]!]
    const paired = smaller(long.delta, short.delta)
    const apart = absolute(long.time - short.time)
    charge += ceilDiv(paired * larger(LEAST_BASIS, (BASIS_PER_YEAR * apart) / YEAR), WAD)
    long.delta -= paired
    short.delta -= paired
    if (long.delta === 0n) longs.shift()
    if (short.delta === 0n) shorts.shift()
  }
  return charge
}

/** Of delta, gamma over the range, and vega, each beyond what the market holds. */
export function liquidityCharges(
  { depth, vegaDepth, deltaAddOn, gammaAddOn, vegaAddOn, range }: MarketRule,
  { delta, gamma, vega }: Pick<ChainGreeks, 'delta' | 'gamma' | 'vega'>,
): bigint {
  return (
    beyondDepth(absolute(delta), depth * WAD, deltaAddOn, 10_000n) +
    beyondDepth(ceilDiv(absolute(gamma) * range, WAD), depth * WAD, gammaAddOn, 10_000n) +
    beyondDepth(ceilDiv(absolute(vega), 100n), vegaDepth * WAD, vegaAddOn, 100n)
  )
}

function beyondDepth(size: bigint, depth: bigint, coefficient: bigint, unit: bigint): bigint {
  if (size <= depth) return 0n
  const root = sqrtDown((size * WAD * WAD) / larger(depth, 1n)) + 1n
  return ceilDiv(size * coefficient * root, unit * WAD)
}
