import type { PricingModule } from '../pricing/index.ts'
import type { Instrument, Usd, Vol } from '../types/index.ts'
import type { ExpiryMark } from './expiryMark.ts'

/** Steps of the differences below: powers of two, so that nothing is lost in forming them. */
const SPOT_STEP = 1 / 1024
const VOL_STEP = 1 / 4096
const VOL_POINT = 0.01
/** Standard deviations from the money beyond which the wings move no further with the skew. */
const WING = 2

/** How one long contract reacts to small moves at the mark. */
export type RowGreeks = {
  /** dV/dS, the forward moving with the index. */
  readonly delta: number
  /** d2V/dS2. */
  readonly gamma: number
  /** dV/dvol, per 1.00 of vol. */
  readonly vega: Usd
  /** Value of one more vol point, times ln(K/F) / (vol sqrt T) held within +/-2: what one point of steeper skew is worth (risk policy B5). */
  readonly skew: Usd
}

/**
 * Sensitivities at the mark by central differences, so that every instrument with a value has them: relative steps of 2^-10 in spot, absolute ones of 2^-12 in vol.
 *
 * @param logMoneyness - ln(K/F) of the instrument, 0 for one without a strike.
 */
export function rowGreeks(
  module: PricingModule<Instrument>,
  instrument: Instrument,
  { timeToExpiry, forwardRatio }: ExpiryMark,
  spot: Usd,
  vol: Vol,
  logMoneyness: number,
): RowGreeks {
  const value = (at: Usd, with_: Vol): Usd => module.value(instrument, { spot: at, forward: at * forwardRatio, vol: with_, timeToExpiry })
  const step = spot * SPOT_STEP
  const mark = value(spot, vol)
  const up = value(spot + step, vol)
  const down = value(spot - step, vol)
  const lower = Math.max(0, vol - VOL_STEP)
  const vega = (value(spot, vol + VOL_STEP) - value(spot, lower)) / (vol + VOL_STEP - lower)
  return {
    delta: (up - down) / (2 * step),
    gamma: (up - mark - (mark - down)) / (step * step),
    vega,
    skew: vega * VOL_POINT * wing(logMoneyness, vol * Math.sqrt(timeToExpiry)),
  }
}

function wing(logMoneyness: number, deviation: number): number {
  return deviation > 0 ? Math.min(WING, Math.max(-WING, logMoneyness / deviation)) : 0
}
