import { deviance } from '../../math/deviance.ts'
import { digamma, log, log1p } from '../../math/index.ts'
import { stirlingCorrection } from '../../math/stirlingCorrection.ts'

/** Positions of the parameters in the arrays below; `degrees` is there for Student innovations only. */
export const [MEAN, OMEGA, ALPHA, BETA, GAMMA, DEGREES] = [0, 1, 2, 3, 4, 5] as const

const LOG_OF_TWO_PI = 1.8378770664093453

/** The returns with the two sums that the presample variance needs. */
export type GarchSample = { readonly returns: Float64Array; readonly sum: number; readonly squares: number }

/** Log-likelihood of the sample, its gradient, and on request the gradient of each observation, row by row. */
export type GarchLikelihood = { logLikelihood: number; readonly gradient: Float64Array; readonly scores?: Float64Array }

/**
 * Log-likelihood of GARCH with the asymmetric term, with its analytic gradient: normal innovations for five parameters, Student's t of unit
 * variance for six. The recursion of the variance carries its derivatives along. Hot and unchecked: omega above 0, degrees above 2, the
 * rest as `GarchParameters` states.
 *
 * The logarithms are taken of running products, folded before they leave the range of a double.
 * @see Fiorentini, Calzolari and Panattoni, Journal of Applied Econometrics 11 (1996), section 2 (analytic derivatives, presample);
 * Bollerslev, Review of Economics and Statistics 69 (1987), (2) (Student's t).
 */
export function garchLikelihood({ returns, sum, squares }: GarchSample, at: Float64Array, out: GarchLikelihood): void {
  const n = returns.length
  const size = at.length
  const [mean, omega, alpha, beta, gamma] = [at[MEAN]!, at[OMEGA]!, at[ALPHA]!, at[BETA]!, at[GAMMA]!]
  const isStudent = size > DEGREES
  const degrees = isStudent ? at[DEGREES]! : 0
  const spare = degrees - 2

  const before = (squares - 2 * mean * sum) / n + mean * mean
  const persistence = alpha + 0.5 * gamma + beta
  let h = omega + persistence * before
  let hMean = 2 * persistence * (mean - sum / n)
  let hOmega = 1
  let hAlpha = before
  let hBeta = before
  let hGamma = 0.5 * before

  let gMean = 0
  let gOmega = 0
  let gAlpha = 0
  let gBeta = 0
  let gGamma = 0
  let weighted = 0
  let product = 1
  let logs = 0
  let tailProduct = 1
  let tailLogs = 0
  let tailShare = 0
  const { scores } = out

  for (let t = 0; t < n; t++) {
    const e = returns[t]! - mean
    const inverse = 1 / h
    const square = e * e
    const z2 = square * inverse
    // Minus the slope of the log density in z^2 / 2: 1 for the normal.
    const k = isStudent ? (degrees + 1) / (spare + z2) : 1
    product *= h
    if (product > 1e150 || product < 1e-150) {
      logs += log(product)
      product = 1
    }
    if (isStudent) {
      tailProduct *= 1 + z2 / spare
      tailShare += z2 / (spare + z2)
      if (tailProduct > 1e150) {
        tailLogs += log(tailProduct)
        tailProduct = 1
      }
    } else weighted += z2

    const dH = 0.5 * inverse * (k * z2 - 1)
    const sMean = dH * hMean + k * e * inverse
    gMean += sMean
    gOmega += dH * hOmega
    gAlpha += dH * hAlpha
    gBeta += dH * hBeta
    gGamma += dH * hGamma
    if (scores !== undefined) {
      const row = t * size
      scores[row] = sMean
      scores[row + OMEGA] = dH * hOmega
      scores[row + ALPHA] = dH * hAlpha
      scores[row + BETA] = dH * hBeta
      scores[row + GAMMA] = dH * hGamma
      if (isStudent) scores[row + DEGREES] = 0.5 * ((k * z2 - 1) / spare - log(1 + z2 / spare))
    }

    const isFall = e < 0
    const slope = isFall ? alpha + gamma : alpha
    hMean = beta * hMean - 2 * slope * e
    hOmega = 1 + beta * hOmega
    hAlpha = square + beta * hAlpha
    hBeta = h + beta * hBeta
    hGamma = (isFall ? square : 0) + beta * hGamma
    h = omega + slope * square + beta * h
  }
  logs += log(product)
  out.gradient[MEAN] = gMean
  out.gradient[OMEGA] = gOmega
  out.gradient[ALPHA] = gAlpha
  out.gradient[BETA] = gBeta
  out.gradient[GAMMA] = gGamma
  if (!isStudent) {
    out.logLikelihood = -0.5 * (n * LOG_OF_TWO_PI + logs + weighted)
    return
  }
  tailLogs += log(tailProduct)
  const half = 0.5 * (degrees + 1)
  // ln Gamma((v + 1) / 2) - ln Gamma(v / 2) - ln(pi (v - 2)) / 2 in Loader's form, which does not cancel for large v.
  const shift = stirlingCorrection(half) - stirlingCorrection(0.5 * degrees) - deviance(0.5 * degrees, half)
  const constant = shift - 0.5 * (LOG_OF_TWO_PI + log1p(-2 / degrees))
  out.logLikelihood = n * constant - 0.5 * logs - half * tailLogs
  const slope = 0.5 * (digamma(half) - digamma(0.5 * degrees))
  out.gradient[DEGREES] = n * slope + 0.5 * (((degrees + 1) * tailShare - n) / spare - tailLogs)
  if (scores !== undefined) for (let t = 0; t < n; t++) scores[t * size + DEGREES]! += slope
}
