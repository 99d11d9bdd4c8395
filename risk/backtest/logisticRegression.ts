import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, compensatedSum, invertPositiveDefinite, log, logistic } from '../math/index.ts'
import { assertLabels } from './assertLabels.ts'

const ITERATIONS = 60
const SETTLED = 1e-11
/** Log odds at which a case counts as certain. */
const CERTAIN = 30

/**
 * Outcome of a fit. Entry 0 of coefficients and errors is the constant, entry k the k-th feature. `deviance` is minus twice the log-likelihood.
 * `separated`: some combination of the features divides the classes, and the likelihood grows without end.
 */
export type LogisticFit =
  | {
      readonly status: 'fitted'
      readonly coefficients: Float64Array
      readonly standardErrors: Float64Array
      readonly deviance: number
      readonly iterations: number
    }
  | { readonly status: 'separated' }
  | { readonly status: 'collinear' }
  | { readonly status: 'oneClass'; readonly label: number }

/**
 * Maximum likelihood fit of the log odds of class 1 as a constant and a combination of features: Newton's method (iteratively reweighted
 * least squares) on centred and scaled features, halving steps that lower the likelihood.
 *
 * @param features - k columns of n values each, n above k + 1.
 * @param labels - n values, 0 or 1.
 * @throws {InvalidInputError} Lengths differ, a value is not finite, a label is neither 0 nor 1, or there are too few rows.
 * @see McCullagh and Nelder, Generalized Linear Models (1989), section 4.4.
 */
export function logisticRegression(features: readonly ArrayLike<number>[], labels: ArrayLike<number>): LogisticFit {
  assertInputs(features, labels)
  const n = labels.length
  const positives = compensatedSum(labels)
  if (positives === 0 || positives === n) return { status: 'oneClass', label: positives === 0 ? 0 : 1 }

  const moments = features.map(momentsOf)
  if (moments.some(({ scale }) => scale === 0)) return { status: 'collinear' }
  const columns = [
    new Float64Array(n).fill(1),
    ...features.map((column, k) => Float64Array.from(column, (x) => (x - moments[k]!.mean) / moments[k]!.scale)),
  ]

  let coefficients = new Float64Array(columns.length)
  let state = evaluate(columns, labels, coefficients)
  for (let iterations = 1; iterations <= ITERATIONS; iterations++) {
    const covariance = invertPositiveDefinite(state.information)
    if (covariance === null) return { status: state.widest > CERTAIN ? 'separated' : 'collinear' }
    const step = covariance.map((row) => row.reduce((sum, entry, j) => sum + entry * state.score[j]!, 0))
    let share = 1
    let next = moved(coefficients, step, share)
    let reached = evaluate(columns, labels, next)
    // Rounding alone may raise the deviance by a few parts in 1e14.
    for (; reached.deviance > state.deviance * (1 + 1e-13) && share > 1e-3; reached = evaluate(columns, labels, next)) {
      share *= 0.5
      next = moved(coefficients, step, share)
    }
    coefficients = next
    state = reached
    const largest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    if (largest <= SETTLED * (1 + coefficients.reduce((most, value) => Math.max(most, Math.abs(value)), 0)))
      return describe(coefficients, covariance, moments, state.deviance, iterations)
  }
  return { status: 'separated' }
}

type Moments = { readonly mean: number; readonly scale: number }
type State = {
  readonly deviance: number
  readonly score: Float64Array
  readonly information: readonly Float64Array[]
  readonly widest: number
}

function momentsOf(column: ArrayLike<number>): Moments {
  const mean = compensatedSum(column) / column.length
  let scale = 0
  for (let i = 0; i < column.length; i++) scale = Math.max(scale, Math.abs(column[i]! - mean))
  return { mean, scale: scale > 1e-13 * Math.abs(mean) ? scale : 0 }
}

/** Deviance, gradient of the log-likelihood, information matrix, and the largest log odds. */
function evaluate(columns: readonly Float64Array[], labels: ArrayLike<number>, coefficients: Float64Array): State {
  const score = new Float64Array(columns.length)
  const information = columns.map(() => new Float64Array(columns.length))
  let deviance = 0
  let widest = 0
  for (let i = 0; i < labels.length; i++) {
    let odds = 0
    for (let k = 0; k < columns.length; k++) odds += coefficients[k]! * columns[k]![i]!
    widest = Math.max(widest, Math.abs(odds))
    const p = logistic(odds)
    const other = logistic(-odds)
    const given = labels[i] === 1 ? odds : -odds
    // -2 ln(1 / (1 + e^-given)); beyond -700 the logarithm is the log odds themselves.
    deviance += given < -700 ? -2 * given : -2 * log(logistic(given))
    const residual = labels[i] === 1 ? other : -p
    const weight = p * other
    for (let k = 0; k < columns.length; k++) {
      const x = columns[k]![i]!
      score[k]! += residual * x
      for (let j = 0; j <= k; j++) information[k]![j]! += weight * x * columns[j]![i]!
    }
  }
  for (let k = 0; k < columns.length; k++) for (let j = 0; j < k; j++) information[j]![k] = information[k]![j]!
  return { deviance, score, information, widest }
}

function moved(coefficients: Float64Array, step: readonly number[], share: number): Float64Array<ArrayBuffer> {
  return coefficients.slice().map((value, k) => value + share * step[k]!)
}

/** Back to the features as they were given: the constant loses the sum of mean x coefficient, and its error follows from the whole covariance. */
function describe(
  scaled: Float64Array,
  covariance: readonly Float64Array[],
  moments: readonly Moments[],
  deviance: number,
  iterations: number,
): LogisticFit {
  const coefficients = scaled.map((value, k) => (k === 0 ? value : value / moments[k - 1]!.scale))
  const shift = [1, ...moments.map(({ mean, scale }) => -mean / scale)]
  for (let k = 1; k < scaled.length; k++) coefficients[0]! += shift[k]! * scaled[k]!
  let variance = 0
  for (let i = 0; i < shift.length; i++) for (let j = 0; j < shift.length; j++) variance += shift[i]! * shift[j]! * covariance[i]![j]!
  const standardErrors = coefficients.map((_, k) =>
    k === 0 ? Math.sqrt(Math.max(0, variance)) : Math.sqrt(covariance[k]![k]!) / moments[k - 1]!.scale,
  )
  return { status: 'fitted', coefficients, standardErrors, deviance, iterations }
}

function assertInputs(features: readonly ArrayLike<number>[], labels: ArrayLike<number>): void {
  assertLabels(labels, labels)
  features.forEach((column, k) => {
    assertFiniteValues(`features[${k}]`, column)
    if (column.length !== labels.length)
      throw new InvalidInputError({
        argument: `features[${k}]`,
        got: `${column.length} values`,
        limit: `${labels.length}, as many as labels`,
      })
  })
  if (labels.length <= features.length + 1)
    throw new InvalidInputError({ argument: 'labels', got: `${labels.length} rows`, limit: `more than ${features.length + 1}` })
}
