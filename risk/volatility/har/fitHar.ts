import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, assertPositive, compensatedSum, exp, leastSquares, log, neweyWest } from '../../math/index.ts'
import type { HarCoefficients, HarFit } from './HarFit.ts'
import { MONTH, trailingMean, WEEK } from './harRegressors.ts'

const NEEDED = 60

/** What a fit may be told. */
export type HarOptions = {
  /** Regress variances, or their logarithms, which weighs bursts less and cannot forecast a negative variance. Default `level`. */
  readonly scale?: 'level' | 'log'
  /** Days that the response averages over, 1 to 22. Default 1. */
  readonly horizon?: number
  /** Jump part of each day's variance, for the model with jumps; at least 0. */
  readonly jumps?: ArrayLike<number>
  /** Lags of the Newey-West errors. Default: the larger of 4 (n / 100)^(2/9), rounded down, and twice the horizon less one. */
  readonly lags?: number
}

/**
 * Heterogeneous autoregression of realized variance: the mean variance over the next `horizon` days on a constant, the last day, the means
 * of the last 5 and 22 days, and with `jumps` the last day's jump part. Ordinary least squares, Newey and West's errors. In logarithms the
 * regressors are logarithms of those means, jumps enter as ln(1 + jump / variance), and the forecast carries half the residual variance, as
 * for a lognormal.
 *
 * @param realized - Daily variances, in time order: above 0 for logarithms, at least 0 else.
 * @throws {InvalidInputError} A variance or jump is negative, zero in logarithms or not finite, lengths differ, or an option is out of range.
 * @see Corsi, Journal of Financial Econometrics 7 (2009), (8); Andersen, Bollerslev and Diebold, Review of Economics and Statistics 89 (2007), (11).
 */
export function fitHar(realized: ArrayLike<number>, { scale = 'level', horizon = 1, jumps, lags }: HarOptions = {}): HarFit {
  assertInputs(realized, scale, horizon, jumps)
  const observations = realized.length - MONTH - horizon + 1
  if (observations < NEEDED) return { status: 'tooFewObservations', observations: Math.max(0, observations), needed: NEEDED }

  const regressors = regressorsOf(realized, jumps, scale)
  const columns = regressors.map((regressor) => fill(observations, (i) => regressor(MONTH - 1 + i)))
  const response = fill(observations, (i) => {
    const mean = trailingMean(realized, MONTH - 1 + i + horizon, horizon)
    return scale === 'log' ? log(mean) : mean
  })
  const fit = leastSquares(columns, response)
  if (fit === null) return { status: 'collinear' }

  const usedLags = lags ?? Math.max(automaticLags(observations), 2 * (horizon - 1))
  const squares = compensatedSum(fit.residuals.map((e) => e * e))
  const mean = compensatedSum(response) / observations
  const spread = compensatedSum(response.map((y) => (y - mean) * (y - mean)))
  const residualVariance = squares / (observations - columns.length)
  const forecast = regressors.reduce((sum, regressor, k) => sum + regressor(realized.length - 1) * fit.coefficients[k]!, 0)
  return {
    status: 'fitted',
    coefficients: named(fit.coefficients),
    standardErrors: named(neweyWest(columns, fit, usedLags)),
    lags: usedLags,
    rSquared: spread > 0 ? 1 - squares / spread : 0,
    residualVariance,
    observations,
    next: scale === 'log' ? exp(forecast + 0.5 * residualVariance) : Math.max(0, forecast),
  }
}

/** What the response is regressed on, each as a function of the last day it may know. */
function regressorsOf(
  realized: ArrayLike<number>,
  jumps: ArrayLike<number> | undefined,
  scale: 'level' | 'log',
): readonly ((last: number) => number)[] {
  const means = [1, WEEK, MONTH].map((span) => (last: number) => {
    const mean = trailingMean(realized, last, span)
    return scale === 'log' ? log(mean) : mean
  })
  const constant = (): number => 1
  if (jumps === undefined) return [constant, ...means]
  return [constant, ...means, (last) => (scale === 'log' ? log(1 + jumps[last]! / realized[last]!) : jumps[last]!)]
}

function fill(length: number, valueAt: (i: number) => number): Float64Array {
  const values = new Float64Array(length)
  for (let i = 0; i < length; i++) values[i] = valueAt(i)
  return values
}

function named([constant, day, week, month, jump]: Float64Array): HarCoefficients {
  const common = { constant: constant!, day: day!, week: week!, month: month! }
  return jump === undefined ? common : { ...common, jump }
}

/** @see Newey and West, Review of Economic Studies 61 (1994): the rate for Bartlett weights. */
function automaticLags(n: number): number {
  return Math.floor(4 * exp((2 / 9) * log(n / 100)))
}

function assertInputs(realized: ArrayLike<number>, scale: 'level' | 'log', horizon: number, jumps: ArrayLike<number> | undefined): void {
  assertFiniteValues('realized', realized)
  for (let i = 0; i < realized.length; i++) {
    if (scale === 'log') assertPositive(`realized[${i}]`, realized[i]!)
    else if (realized[i]! < 0) throw new InvalidInputError({ argument: `realized[${i}]`, got: realized[i], limit: 'at least 0' })
  }
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= MONTH))
    throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: `a whole number from 1 to ${MONTH}` })
  if (jumps === undefined) return
  assertFiniteValues('jumps', jumps)
  if (jumps.length !== realized.length)
    throw new InvalidInputError({ argument: 'jumps', got: `${jumps.length} values`, limit: `${realized.length}, as many as realized` })
  for (let i = 0; i < jumps.length; i++)
    if (jumps[i]! < 0) throw new InvalidInputError({ argument: `jumps[${i}]`, got: jumps[i], limit: 'at least 0' })
}
