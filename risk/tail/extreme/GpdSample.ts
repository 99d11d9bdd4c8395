import { log } from '../../math/index.ts'

/** Ratios below which the series in the power sums has full accuracy. */
const SMALL = 1e-3
const POWERS = 6

/** Exceedances in units of the largest, with the sums of their powers. */
export type GpdSample = { readonly values: Float64Array; readonly unit: number; readonly powerSums: readonly number[] }

/** Prepares exceedances that are above 0 (not checked). */
export function gpdSample(exceedances: ArrayLike<number>): GpdSample {
  let unit = 0
  for (let i = 0; i < exceedances.length; i++) unit = Math.max(unit, exceedances[i]!)
  const values = Float64Array.from(exceedances, (value) => value / unit)
  const powerSums = new Array<number>(POWERS).fill(0)
  for (const value of values) {
    let power = 1
    for (let k = 0; k < POWERS; k++) {
      power *= value
      powerSums[k]! += power
    }
  }
  return { values, unit, powerSums }
}

/**
 * Sum of ln(1 + ratio y) / ratio over the sample, the sum of y at ratio 0; ratio above -1 (not checked). The logarithm is taken of running
 * products, and of the power series where the ratio is small.
 */
export function logSum({ values, powerSums }: GpdSample, ratio: number): number {
  if (Math.abs(ratio) < SMALL) {
    let sum = 0
    for (let k = POWERS; k >= 1; k--) sum = powerSums[k - 1]! / k - ratio * sum
    return sum
  }
  let sum = 0
  let product = 1
  for (let i = 0; i < values.length; i++) {
    product *= 1 + ratio * values[i]!
    if (product > 1e150 || product < 1e-150) {
      sum += log(product)
      product = 1
    }
  }
  return (sum + log(product)) / ratio
}
