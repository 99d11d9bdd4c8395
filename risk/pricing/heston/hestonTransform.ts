import { angleParts } from '../../math/angleParts.ts'
import { expOfSum } from '../../math/exp.ts'
import { atan2, log, log1p } from '../../math/index.ts'
import type { HestonInputs } from './hestonInputs.ts'

const parts = new Float64Array(2)

/**
 * Characteristic function of x = ln(S_T / F) at u - i/2, that is E[e^((1/2 + i u) x)], as logarithm: writes ln of its modulus to out[0] and
 * its angle to out[1].
 *
 * At this shift z^2 + i z = u^2 + 1/4 =: Q is real. With beta = kappa - rho sigma (1/2 + i u), d = sqrt(beta^2 + sigma^2 Q), e = e^(-d T):
 *
 * ln = kappa theta / sigma^2 [(beta - d) T - 2 ln(1 + w)] - v0 Q (1 - e) / (2 d (1 + w)), where
 *
 * 1 + w = ((beta + d) + (d - beta) e) / (2 d).
 *
 * This is the form whose logarithm never leaves its main branch; differences that would cancel, for small sigma and for beta < 0, are
 * replaced by their quotients.
 * @param u - At least 0 (not checked).
 * @see Heston, Review of Financial Studies 6 (1993); Albrecher, Mayer, Schoutens and Tistaert, Wilmott (2007); Lewis, Option Valuation
 * under Stochastic Volatility (2000).
 */
export function hestonTransform(
  { v0, kappa, theta, sigma, rho, timeToExpiry }: Omit<HestonInputs, 'type' | 'spot' | 'strike'>,
  u: number,
  out: Float64Array,
): void {
  const q = u * u + 0.25
  const variance = sigma * sigma
  const betaR = kappa - 0.5 * rho * sigma
  const betaI = -rho * sigma * u
  // Root of beta^2 + variance q: its real part is above 0, as is that of what it is taken of.
  const underR = betaR * betaR + variance * (u * u * (1 - rho * rho) + 0.25)
  const underI = 2 * betaR * betaI
  const dR = Math.sqrt(0.5 * (underR + modulus(underR, underI)))
  const dI = dR === 0 ? 0 : underI / (2 * dR)
  const size = dR * dR + dI * dI

  const decay = expOfSum(-dR * timeToExpiry, 0)
  angleParts(-dI * timeToExpiry, parts)
  const eR = decay * parts[1]!
  const eI = decay * parts[0]!
  // h = (1 - e) / d, with its limit T.
  const hR = size === 0 ? timeToExpiry : ((1 - eR) * dR - eI * dI) / size
  const hI = size === 0 ? 0 : (-eI * dR - (1 - eR) * dI) / size

  // G = (beta - d) / variance, and ln(1 + w) / variance.
  let gR: number
  let gI: number
  let wR: number
  let wI: number
  let logR: number
  let logI: number
  if (betaR >= 0) {
    const sumR = betaR + dR
    const sumI = betaI + dI
    const square = sumR * sumR + sumI * sumI
    gR = (-q * sumR) / square
    gI = (q * sumI) / square
    const perVarianceR = 0.5 * (gR * hR - gI * hI)
    const perVarianceI = 0.5 * (gR * hI + gI * hR)
    wR = 1 + variance * perVarianceR
    wI = variance * perVarianceI
    if (variance < 1e-30) {
      logR = perVarianceR
      logI = perVarianceI
    } else {
      const small = variance * perVarianceR
      logR = (0.5 * log1p(2 * small + small * small + wI * wI)) / variance
      logI = atan2(wI, wR) / variance
    }
  } else {
    const differenceR = dR - betaR
    const differenceI = dI - betaI
    gR = -differenceR / variance
    gI = -differenceI / variance
    const square = differenceR * differenceR + differenceI * differenceI
    const topR = (variance * q * differenceR) / square + differenceR * eR - differenceI * eI
    const topI = (-variance * q * differenceI) / square + differenceR * eI + differenceI * eR
    wR = (topR * dR + topI * dI) / (2 * size)
    wI = (topI * dR - topR * dI) / (2 * size)
    logR = (0.5 * log(wR * wR + wI * wI)) / variance
    logI = atan2(wI, wR) / variance
  }
  const norm = 2 * (wR * wR + wI * wI)
  out[0] = kappa * theta * (gR * timeToExpiry - 2 * logR) - (v0 * q * (hR * wR + hI * wI)) / norm
  out[1] = kappa * theta * (gI * timeToExpiry - 2 * logI) - (v0 * q * (hI * wR - hR * wI)) / norm
}

/** sqrt(a^2 + b^2) without overflow of the squares. */
function modulus(a: number, b: number): number {
  const [large, small] = Math.abs(a) > Math.abs(b) ? [Math.abs(a), Math.abs(b)] : [Math.abs(b), Math.abs(a)]
  if (large === 0) return 0
  const ratio = small / large
  return large * Math.sqrt(1 + ratio * ratio)
}
