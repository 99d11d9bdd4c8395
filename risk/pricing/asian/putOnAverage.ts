import { expOfSum } from '../../math/exp.ts'
import { log } from '../../math/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'

/** A weighted sum of prices at rising times above 0, in units of today's spot. */
export type WeightedFixings = { readonly times: ArrayLike<number>; readonly weights: ArrayLike<number> }

/** Standard deviations covered on either side. */
const REACH = 8
/** The kernel is summed out to where e^(-z^2 / 2) is below 1e-15. */
const KERNEL_REACH = 8.5
const ROOT_OF_TWO_PI = 2.5066282746310002
/** Grid points per standard deviation of a return: 1 would leave errors of 1e-8 of the spot, 1.2 of 1e-12. */
const POINTS_PER_DEVIATION = 1.5

/**
 * Undiscounted value of a put on A = sum w_j S(t_j) / S(0) with strike `strike` (arguments are not checked), by backward integration.
 *
 * With A_k the part of the sum from fixing k on, in units of the price at fixing k - 1: ln A_k = R_k + ln(w_k + A_(k+1)), R_k the log
 * return between the two fixings. So one function of one variable is carried from fixing to fixing: the value given the prices so far
 * depends on ln A_k alone, and each step is one Gaussian smoothing, summed on an equally spaced grid, where the rule converges faster than
 * any power of the spacing.
 *
 * @see Carverhill and Clewlow, Risk 3 (1990); Cerny and Kyriakou, Quantitative Finance 11 (2011), for the backward form.
 */
export function putOnAverage({ times, weights }: WeightedFixings, strike: number, carry: number, vol: number): number {
  const count = times.length
  const variance = vol * vol
  const returns = Array.from({ length: count }, (_, k) => times[k]! - (k === 0 ? 0 : times[k - 1]!))
  const deviationOf = (k: number): number => vol * Math.sqrt(returns[k]!)
  // The first step is a Black-Scholes put in closed form; it removes the kink.
  let value = (x: number): number => undiscountedValue('put', expOfSum(x + carry * returns[0]!, 0), strike, deviationOf(0))
  for (let k = 1; k < count; k++) {
    const smoothed = value
    const life = times[count - 1]! - times[k - 1]!
    const spread = REACH * vol * Math.sqrt(life)
    let mean = 0
    for (let j = k; j < count; j++) mean += weights[j]! * expOfSum(carry * (times[j]! - times[k - 1]!), 0)
    const spacing = Math.min(deviationOf(k), deviationOf(k - 1)) / POINTS_PER_DEVIATION
    const lowest = log(mean) - spread - 0.5 * variance * life
    const size = Math.ceil((2 * spread + 0.5 * variance * life) / spacing) + 1
    const grid = new Float64Array(size)
    const weight = weights[k - 1]!
    for (let i = 0; i < size; i++) grid[i] = smoothed(log(weight + expOfSum(lowest + i * spacing, 0)))
    value = smoothing(grid, lowest, spacing, (carry - 0.5 * variance) * returns[k]!, deviationOf(k))
  }
  return Math.max(0, value(log(weights[count - 1]!)))
}

/**
 * x -> mean of the grid's function at x + drift + deviation Z, by the trapezoidal rule on the grid; the weights by recurrence, e^(-(a + j
 * q)^2 / 2) from neighbour to neighbour.
 */
function smoothing(grid: Float64Array, lowest: number, spacing: number, drift: number, deviation: number): (x: number) => number {
  const q = spacing / deviation
  const bend = expOfSum(-q * q, 0)
  const scale = q / ROOT_OF_TWO_PI
  const last = grid.length - 1
  return (x) => {
    const centre = (x + drift - lowest) / spacing
    const from = Math.max(0, Math.ceil(centre - KERNEL_REACH / q))
    const to = Math.min(last, Math.floor(centre + KERNEL_REACH / q))
    const a = (from - centre) * q
    let kernel = expOfSum(-0.5 * a * a, 0)
    let ratio = expOfSum(-a * q - 0.5 * q * q, 0)
    let sum = 0
    for (let i = from; i <= to; i++) {
      sum += kernel * grid[i]!
      kernel *= ratio
      ratio *= bend
    }
    return scale * sum
  }
}
