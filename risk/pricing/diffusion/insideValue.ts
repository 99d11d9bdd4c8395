import type { Usd } from '../../types/index.ts'
import type { LognormalLaw } from './lognormalLaw.ts'
import { type PayoffSegment, segmentValue } from './segmentValue.ts'

/** From this many widths per deviation on, staying inside has a probability below e^(-pi^2 144 / 2), that is 1e-308. */
const NEVER_INSIDE = 12
/** Pairs of images per squared ratio: what is left out is below e^-40 of the payoff. */
const PAIRS_PER_RATIO = 4.5

/**
 * Value now of a payoff segment paid only if ln(S_t / S) stays inside (`lower`, `upper`) until expiry, split into what the payoff would be worth without the condition and what the
 * condition takes: the images of the start in both ends, at 2 n w (taken away) and 2 lower + 2 n w (added), with w = upper - lower.
 *
 * The images fall like e^(-2 n^2 w^2 / deviation^2); n runs to 4.5 deviation / w + 2, which leaves less than 1e-16 of the payoff's size.
 * @param lower - Below 0 (not checked).
 * @param upper - Above 0 (not checked).
 * @param segment - Inside [lower, upper] (not checked).
 * @see Kunitomo and Ikeda, Mathematical Finance 2 (1992), theorem 3.2 with constant barriers.
 */
export function insideValue(
  law: LognormalLaw,
  segment: PayoffSegment,
  lower: number,
  upper: number,
): { readonly free: Usd; readonly lost: Usd } {
  const free = segmentValue(law, segment, 0)
  const width = upper - lower
  const ratio = law.deviation / width
  if (ratio > NEVER_INSIDE) return { free, lost: free }
  let lost = segmentValue(law, segment, 2 * lower) + segmentValue(law, segment, 2 * upper)
  const pairs = Math.ceil(PAIRS_PER_RATIO * ratio) + 2
  for (let n = 1; n <= pairs; n++) {
    const turn = 2 * n * width
    lost += segmentValue(law, segment, 2 * lower - turn) + segmentValue(law, segment, 2 * upper + turn)
    lost -= segmentValue(law, segment, turn) + segmentValue(law, segment, -turn)
  }
  return { free, lost }
}
