import type { RawSvi } from './types.ts'

/** Total variance of a slice at k = ln(strike / forward). Unguarded. */
export function totalVariance({ a, b, rho, m, sigma }: RawSvi, k: number): number {
  const x = k - m
  return a + b * (rho * x + Math.sqrt(x * x + sigma * sigma))
}
