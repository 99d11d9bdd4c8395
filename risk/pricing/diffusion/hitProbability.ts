import { imageTail } from './imageTail.ts'

/**
 * Probability that a drifted Brownian motion from 0 touches `level` before the end of the term.
 *
 * P(hit) = P(X beyond level) + e^(2 level drift / deviation^2) P(X + 2 level on this side of level).
 * @param drift - Mean of the motion at the end.
 * @param deviation - Its standard deviation there, at least 0 (not checked).
 * @param level - Not 0: below or above the start (not checked).
 * @see Harrison (1985), equation 1.8.11; Reiner and Rubinstein, Risk 4 (8), 1991.
 */
export function hitProbability(drift: number, deviation: number, level: number): number {
  if (deviation === 0) return level < 0 ? (drift <= level ? 1 : 0) : drift >= level ? 1 : 0
  const outwards = level < 0 ? -1 : 1
  const inwards = level < 0 ? 1 : -1
  return Math.min(1, imageTail(drift, deviation, 0, level, outwards) + imageTail(drift, deviation, 2 * level, level, inwards))
}
