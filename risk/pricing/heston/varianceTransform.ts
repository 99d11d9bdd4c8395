import { angleParts } from '../../math/angleParts.ts'
import { expOfSum } from '../../math/exp.ts'
import { atan2, log1p } from '../../math/index.ts'
import type { HestonVariance } from './hestonInputs.ts'

const parts = new Float64Array(2)

/**
 * Laplace transform of the variance collected until T, E[e^(-l I)] with I the integral of v and l = a + i b, as logarithm: writes ln of its
 * modulus to out[0], its angle to out[1].
 *
 * With g = sqrt(kappa^2 + 2 sigma^2 l), e = e^(-g T), m = g + kappa + (g - kappa) e: ln = 2 kappa theta / sigma^2 ln(2 g e^((kappa - g) T /
 * 2) / m) - 2 l v0 (1 - e) / m. The first logarithm is taken as -(g - kappa) T / 2 - ln(m / (2 g)), whose modulus never turns.
 * @param a - Such that kappa^2 + 2 sigma^2 a is above 0 (not checked); sigma above 0.
 * @see Cox, Ingersoll and Ross, Econometrica 53 (1985), equation 23, with l in place of the price of a unit bond's rate.
 */
export function varianceTransform(
  { v0, kappa, theta, sigma }: HestonVariance,
  time: number,
  a: number,
  b: number,
  out: Float64Array,
): void {
  const variance = sigma * sigma
  const underR = kappa * kappa + 2 * variance * a
  const underI = 2 * variance * b
  const gR = Math.sqrt(0.5 * (underR + Math.sqrt(underR * underR + underI * underI)))
  const gI = underI / (2 * gR)
  const decay = expOfSum(-gR * time, 0)
  angleParts(-gI * time, parts)
  const eR = decay * parts[1]!
  const eI = decay * parts[0]!
  // (g - kappa) / sigma^2 = 2 l / (g + kappa), which does not cancel for small sigma.
  const sumR = gR + kappa
  const sumSquare = sumR * sumR + gI * gI
  const dR = (2 * (a * sumR + b * gI)) / sumSquare
  const dI = (2 * (b * sumR - a * gI)) / sumSquare
  // m / (2 g) = 1 - (1 - e) (g - kappa) / (2 g).
  const size = 2 * (gR * gR + gI * gI)
  const hR = ((1 - eR) * gR - eI * gI) / size
  const hI = (-eI * gR - (1 - eR) * gI) / size
  const lessR = variance * (hR * dR - hI * dI)
  const mR = 1 - lessR
  const mI = -variance * (hR * dI + hI * dR)
  const modulus = mR * mR + mI * mI
  // (1 - e) / m = h / (m / (2 g)).
  const shareR = (hR * mR + hI * mI) / modulus
  const shareI = (hI * mR - hR * mI) / modulus
  out[0] = -kappa * theta * (dR * time + log1p(lessR * (lessR - 2) + mI * mI) / variance) - 2 * v0 * (a * shareR - b * shareI)
  out[1] = -kappa * theta * (dI * time + (2 * atan2(mI, mR)) / variance) - 2 * v0 * (a * shareI + b * shareR)
}
