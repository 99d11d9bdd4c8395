import { incompleteBeta } from '../math/index.ts'

/**
 * P(X <= count) and P(X > count) for X binomial; 0 <= count <= trials, probability inside (0, 1) (not checked). Each has relative accuracy
 * where it is the smaller.
 */
export function binomialCdf(count: number, trials: number, probability: number): { readonly lower: number; readonly upper: number } {
  if (count >= trials) return { lower: 1, upper: 0 }
  const { lower, upper } = incompleteBeta(count + 1, trials - count, probability)
  return { lower: upper, upper: lower }
}
