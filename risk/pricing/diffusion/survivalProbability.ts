import { imageTail } from './imageTail.ts'

/**
 * Probability that a drifted Brownian motion from 0 does not touch `level` before the end of the term:
 * P(X on this side of level) - e^(2 level drift / deviation^2) P(X + 2 level on this side of level). Next to the level, where it is small, its absolute error is 2e-16.
 *
 * @param drift - Mean of the motion at the end.
 * @param deviation - Its standard deviation there, at least 0 (not checked).
 * @param level - Not 0: below or above the start (not checked).
 * @see Harrison (1985), equation 1.8.11.
 */
export function survivalProbability(drift: number, deviation: number, level: number): number {
  const inwards = level < 0 ? 1 : -1
  if (deviation === 0) return inwards * drift > inwards * level ? 1 : 0
  return Math.max(0, imageTail(drift, deviation, 0, level, inwards) - imageTail(drift, deviation, 2 * level, level, inwards))
}
