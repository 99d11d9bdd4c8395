import { exp, expOfMinusHalfSquare } from '../../math/index.ts'
import { scaledErfc } from '../../math/scaledErfc.ts'

/** Which tail: 1 above the level, -1 below it. */
export type Side = 1 | -1

/**
 * Mass beyond `level` of an image of a drifted Brownian motion: e^(drift shift / deviation^2) P(side (X + shift) > side level) with X normal.
 *
 * An image start is `shift` away from the true one and lies outside the range where the motion lives; the weight is what makes drifted paths from
 * there cancel those from the true start on a boundary. The weight overflows long before the product does. In the tail the product is
 * N(-y) = e^(-y^2/2) erfcx(y / sqrt 2) / 2 with the weight inside the exponent, which then is -((level - drift)^2 + shift (shift - 2 level)) / (2 deviation^2), a sum of two terms of
 * one sign; elsewhere the weight is at most 1.
 * @param deviation - Above 0 (not checked).
 * @param shift - 0 for the motion itself; otherwise shift (shift - 2 level) >= 0, and side is that of the level seen from the image (not checked).
 * @param level - May be infinite where shift is 0.
 * @see Harrison, Brownian Motion and Stochastic Flow Systems (1985), section 1.8: the law of a drifted motion and its maximum.
 */
export function imageTail(drift: number, deviation: number, shift: number, level: number, side: Side): number {
  const inwards = (side * (drift + shift - level)) / deviation
  if (inwards === Number.POSITIVE_INFINITY) return 1
  if (inwards === Number.NEGATIVE_INFINITY) return 0
  if (inwards > 0) {
    const complement = 0.5 * expOfMinusHalfSquare(inwards) * scaledErfc(inwards * Math.SQRT1_2)
    return exp((drift / deviation) * (shift / deviation)) * (1 - complement)
  }
  const weight = shift === 0 ? 1 : exp(-0.5 * (shift / deviation) * ((shift - 2 * level) / deviation))
  return 0.5 * weight * expOfMinusHalfSquare((level - drift) / deviation) * scaledErfc(-inwards * Math.SQRT1_2)
}
