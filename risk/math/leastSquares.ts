import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues } from './assertFiniteValues.ts'

/** Outcome of a regression. `inverseGram` is (X^T X)^-1. */
export type LeastSquares = {
  readonly coefficients: Float64Array
  readonly residuals: Float64Array
  readonly inverseGram: readonly Float64Array[]
}

/** Column left over after the others, relative to its own length, below which it counts as a combination of them. */
const RANK_TOLERANCE = 1e-10

/**
 * Coefficients with the smallest sum of squared residuals, by Householder's orthogonal factors of the columns (scaled to length one), or
 * null when the columns are linearly dependent.
 *
 * @param columns - k regressors of n >= k values each.
 * @param response - n values.
 * @throws {InvalidInputError} Lengths differ, there are fewer rows than columns, or a value is not finite.
 * @see Golub and Van Loan, Matrix Computations, algorithm 5.3.2.
 */
export function leastSquares(columns: readonly ArrayLike<number>[], response: ArrayLike<number>): LeastSquares | null {
  const n = response.length
  assertFiniteValues('response', response)
  columns.forEach((column, k) => {
    assertFiniteValues(`columns[${k}]`, column)
    if (column.length !== n)
      throw new InvalidInputError({ argument: `columns[${k}]`, got: `${column.length} values`, limit: `${n}, as many as the response` })
  })
  if (columns.length === 0 || columns.length > n)
    throw new InvalidInputError({ argument: 'columns', got: `${columns.length} columns`, limit: `from 1 to ${n}, the rows` })

  const lengths = columns.map(lengthOf)
  if (lengths.some((length) => length === 0)) return null
  const work = columns.map((column, k) => Float64Array.from(column).map((value) => value / lengths[k]!))
  const rotated = Float64Array.from(response)
  const diagonal = new Float64Array(columns.length)
  for (let k = 0; k < work.length; k++) {
    const pivot = reflect(work[k]!, k)
    if (Math.abs(pivot) <= RANK_TOLERANCE) return null
    diagonal[k] = pivot
    for (let j = k + 1; j < work.length; j++) applyReflection(work[k]!, k, work[j]!)
    applyReflection(work[k]!, k, rotated)
  }
  const scaled = solveUpper(work, diagonal, rotated)
  const coefficients = scaled.map((value, k) => value / lengths[k]!)
  const residuals = Float64Array.from(response)
  for (let k = 0; k < columns.length; k++) for (let i = 0; i < n; i++) residuals[i]! -= coefficients[k]! * columns[k]![i]!
  return { coefficients, residuals, inverseGram: inverseGram(work, diagonal, lengths) }
}

function lengthOf(column: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < column.length; i++) largest = Math.max(largest, Math.abs(column[i]!))
  if (largest === 0) return 0
  let sum = 0
  for (let i = 0; i < column.length; i++) sum += (column[i]! / largest) * (column[i]! / largest)
  return largest * Math.sqrt(sum)
}

/** Turns entries k.. of the column into Householder's vector v with v^T v = 2 and returns the diagonal entry it leaves. */
function reflect(column: Float64Array, k: number): number {
  let square = 0
  for (let i = k; i < column.length; i++) square += column[i]! * column[i]!
  const length = Math.sqrt(square)
  if (length === 0) return 0
  const head = column[k]!
  const pivot = head > 0 ? -length : length
  column[k] = head - pivot
  // |v|^2 = 2 length (length + |head|).
  const scale = 1 / Math.sqrt(length * (length + Math.abs(head)))
  for (let i = k; i < column.length; i++) column[i]! *= scale
  return pivot
}

function applyReflection(v: Float64Array, k: number, target: Float64Array): void {
  let dot = 0
  for (let i = k; i < v.length; i++) dot += v[i]! * target[i]!
  for (let i = k; i < v.length; i++) target[i]! -= dot * v[i]!
}

/** Solves R x = right; R has the entries above its diagonal in the columns of `work`. */
function solveUpper(work: readonly Float64Array[], diagonal: Float64Array, right: Float64Array): Float64Array {
  const x = Float64Array.from(right.subarray(0, work.length))
  for (let k = work.length - 1; k >= 0; k--) {
    for (let j = k + 1; j < work.length; j++) x[k]! -= work[j]![k]! * x[j]!
    x[k]! /= diagonal[k]!
  }
  return x
}

/** R^-1 R^-T, unscaled. */
function inverseGram(work: readonly Float64Array[], diagonal: Float64Array, lengths: readonly number[]): Float64Array[] {
  const inverse = work.map((_, j) => {
    const unit = new Float64Array(work.length)
    unit[j] = 1
    return solveUpper(work, diagonal, unit)
  })
  return lengths.map((li, i) =>
    Float64Array.from(lengths, (lj, j) => {
      let sum = 0
      for (let k = Math.max(i, j); k < work.length; k++) sum += inverse[k]![i]! * inverse[k]![j]!
      return sum / (li * lj)
    }),
  )
}
