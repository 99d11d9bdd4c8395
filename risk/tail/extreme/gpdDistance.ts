import { exp, log1p } from '../../math/index.ts'

/** Largest gap between the fitted distribution function and that of ascending exceedances (Kolmogorov). Unchecked; in [0, 1]. */
export function gpdDistance(ascending: Float64Array, scale: number, shape: number): number {
  const n = ascending.length
  let largest = 0
  for (let i = 0; i < n; i++) {
    const z = ascending[i]! / scale
    const argument = shape * z
    let survival = 0
    if (argument > -1) survival = Math.abs(argument) < 1e-8 ? exp(-z * (1 - 0.5 * argument)) : exp(-log1p(argument) / shape)
    const value = 1 - survival
    largest = Math.max(largest, value - i / n, (i + 1) / n - value)
  }
  return largest
}
