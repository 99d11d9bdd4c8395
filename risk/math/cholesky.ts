/**
 * Lower triangle L with L L^T = matrix, or null when the matrix is not positive definite to working accuracy: a pivot below 2^-44 of its
 * diagonal entry.
 *
 * @param matrix - Symmetric, finite, rows of equal length (not checked); only the lower triangle is read.
 */
export function cholesky(matrix: readonly ArrayLike<number>[]): Float64Array[] | null {
  const size = matrix.length
  const lower = matrix.map(() => new Float64Array(size))
  for (let i = 0; i < size; i++) {
    const row = lower[i]!
    for (let j = 0; j <= i; j++) {
      const other = lower[j]!
      let rest = matrix[i]![j]!
      for (let k = 0; k < j; k++) rest -= row[k]! * other[k]!
      if (j < i) row[j] = rest / other[j]!
      else if (rest > 5.7e-14 * Math.abs(matrix[i]![i]!)) row[i] = Math.sqrt(rest)
      else return null
    }
  }
  return lower
}
