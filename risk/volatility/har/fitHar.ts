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
 * Heterogeneous autoregression of realized variance: the mean variance over the next `horizon` days on a constant, the last day, the means of the last 5 and 22 days, and with `jumps` the
 * last day's jump part. Ordinary least squares, Newey and West's errors. In logarithms the regressors are logarithms of those means, jumps enter as ln(1 + jump / variance), and the
 * forecast carries half the residual variance, as for a lognormal.
 *
 * @param realized - Daily variances, in time order: above 0 for logarithms, at least 0 else.
 * @throws {InvalidInputError} A variance or jump is negative, zero in logarithms or not finite, lengths differ, or an option is out of range.
 * @see Corsi, Journal of Financial Econometrics 7 (2009), (8); Andersen, Bollerslev and Diebold, Review of Economics and Statistics 89 (2007), (11).
 */
export function fitHar(realized: ArrayLike<number>, { scale = 'level', horizon = 1, jumps, lags }: HarOptions = {}): HarFit {
  assertInputs(realized, scale, horizon, jumps)
  const observations = realized.length - MONTH - horizon + 1
  if (observations < NEEDED) return { status: 'tooFewObservations', observations: Math.max(0, observations), needed: NEEDED }

  const transform = scale === 'log' ? log : (x: number): number => x
  const rows = Array.from({ length: observations }, (_, i) => regressorsAt(realized, jumps, MONTH - 1 + i, scale))
  const response = Float64Array.from(rows, (_, i) => transform(trailingMean(realized, MONTH - 1 + i + horizon, horizon)))
  const columns = rows[0]!.map((_, k) => Float64Array.from(rows, (row) => row[k]!))
  const fit = leastSquares(columns, response)
  if (fit === null) return { status: 'collinear' }

  const usedLags = lags ?? Math.max(automaticLags(observations), 2 * (horizon - 1))
  const squares = compensatedSum(fit.residuals.map((e) => e * e))
  const mean = compensatedSum(response) / observations
  const spread = compensatedSum(response.map((y) => (y - mean) * (y - mean)))
  const residualVariance = squares / (observations - columns.length)
  const last = regressorsAt(realized, jumps, realized.length - 1, scale)
  const forecast = last.reduce((sum, x, k) => sum + x * fit.coefficients[k]!, 0)
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

function regressorsAt(realized: ArrayLike<number>, jumps: ArrayLike<number> | undefined, last: number, scale: 'level' | 'log'): number[] {
  const means = [realized[last]!, trailingMean(realized, last, WEEK), trailingMean(realized, last, MONTH)]
  if (jumps === undefined) return [1, ...(scale === 'log' ? means.map(log) : means)]
  const jump = jumps[last]!
  return scale === 'log' ? [1, ...means.map(log), log(1 + jump / means[0]!)] : [1, ...means, jump]
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
