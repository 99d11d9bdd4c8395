/**
 * Shape and scale from probability-weighted moments: with a0 the mean and a1 the mean of y weighted by the share of larger ones, shape = 2
 * - a0 / (a0 - 2 a1) and scale = 2 a0 a1 / (a0 - 2 a1). Plotting position (i - 0.35) / n. Unchecked; one or more exceedances above 0.
 *
 * @see Hosking and Wallis, Technometrics 29 (1987), section 4.
 */
export function gpdMoments(exceedances: ArrayLike<number>): { readonly shape: number; readonly scale: number } {
  const sorted = Float64Array.from(exceedances).sort()
  const n = sorted.length
  let mean = 0
  let weighted = 0
  for (let i = 0; i < n; i++) {
    mean += sorted[i]! / n
    weighted += ((1 - (i + 1 - 0.35) / n) * sorted[i]!) / n
  }
  // Above 0: larger values have smaller weights, and the plotting position adds 0.3 mean / n.
  const rest = mean - 2 * weighted
  return { shape: 2 - mean / rest, scale: (2 * mean * weighted) / rest }
}
