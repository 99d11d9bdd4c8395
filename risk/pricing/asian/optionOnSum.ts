import { compensatedSum, exp } from '../../math/index.ts'
import type { OptionType } from '../../types/index.ts'
import { putOnAverage, type WeightedFixings } from './putOnAverage.ts'

/** A deviation below this is none. */
const LEAST_DEVIATION = 1e-12

/**
 * Undiscounted option on a weighted sum of prices in units of today's spot, for any strike and with a fixing at time 0 allowed (other
 * arguments are not checked). The call is the put plus the mean less the strike.
 */
export function optionOnSum(type: OptionType, { times, weights }: WeightedFixings, strike: number, carry: number, vol: number): number {
  const means = Float64Array.from(times, (time, i) => weights[i]! * exp(carry * time))
  const today = times[0] === 0 ? weights[0]! : 0
  const mean = compensatedSum(means)
  const left = strike - today
  if (left <= 0) return type === 'call' ? mean - strike : 0
  const skipped = today === 0 ? 0 : 1
  if (times.length === skipped || vol * Math.sqrt(times[times.length - 1]!) < LEAST_DEVIATION) {
    return Math.max(0, type === 'call' ? mean - strike : strike - mean)
  }
  const later: WeightedFixings = { times: Array.from(times).slice(skipped), weights: Array.from(weights).slice(skipped) }
  const put = putOnAverage(later, left, carry, vol)
  return type === 'put' ? put : Math.max(0, put + mean - strike)
}
