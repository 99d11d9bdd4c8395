import { InvalidInputError } from '../errors/index.ts'
import type { LeastSquares } from './leastSquares.ts'

/**
 * Standard errors of least-squares coefficients that stay right when residuals differ in size and depend on each other up to `lags` rows
 * apart (Bartlett weights). With 0 lags these are White's. No correction for degrees of freedom.
 *
 * @param columns - The regressors of the fit, rows in time order.
 * @param lags - Whole number, at least 0, below the number of rows.
 * @throws {InvalidInputError} `lags` is outside its range.
 * @see Newey and West, Econometrica 55 (1987), (5).
 */
export function neweyWest(columns: readonly ArrayLike<number>[], { residuals, inverseGram }: LeastSquares, lags: number): Float64Array {
  const n = residuals.length
  if (!(Number.isInteger(lags) && lags >= 0 && lags < n))
    throw new InvalidInputError({ argument: 'lags', got: lags, limit: `a whole number in [0, ${n - 1}]` })
  const scores = columns.map((column) => residuals.map((residual, t) => residual * column[t]!))
  const middle = scores.map(() => new Float64Array(scores.length))
  for (let i = 0; i < scores.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0.5 * laggedProducts(scores[i]!, scores[j]!, 0)
      for (let lag = 1; lag <= lags; lag++) sum += (1 - lag / (lags + 1)) * laggedProducts(scores[i]!, scores[j]!, lag)
      middle[i]![j] = sum
      middle[j]![i] = sum
    }
  }
  return Float64Array.from(inverseGram, (row) => {
    let sum = 0
    for (let i = 0; i < middle.length; i++) for (let j = 0; j < middle.length; j++) sum += row[i]! * middle[i]![j]! * row[j]!
    return Math.sqrt(Math.max(0, sum))
  })
}

/** Sum over t of a[t] b[t - lag] + b[t] a[t - lag]. */
function laggedProducts(a: Float64Array, b: Float64Array, lag: number): number {
  let ahead = 0
  let behind = 0
  for (let t = lag; t < a.length; t++) {
    ahead += a[t]! * b[t - lag]!
    behind += b[t]! * a[t - lag]!
  }
  return ahead + behind
}
