import { totalVariance } from './totalVariance.ts'
import type { RawSvi } from './types.ts'

/**
 * Durrleman's function g(k): the density of the forward at k is g times a positive factor, so a slice is free of butterfly arbitrage where g >= 0
 * and its wings rise no faster than 2.
 *
 * g = (1 - k w' / (2 w))^2 - w'^2 / 4 (1 / w + 1 / 4) + w'' / 2. Unguarded.
 * @see Gatheral and Jacquier (2014), equation 2.1 and lemma 2.2.
 */
export function durrleman(svi: RawSvi, k: number): number {
  const { b, rho, m, sigma } = svi
  const x = k - m
  const square = x * x + sigma * sigma
  const root = Math.sqrt(square)
  const w = totalVariance(svi, k)
  const slope = b * (rho + x / root)
  const curvature = (b * sigma * sigma) / (square * root)
  const centre = 1 - (k * slope) / (2 * w)
  return centre * centre - 0.25 * slope * slope * (1 / w + 0.25) + 0.5 * curvature
}
