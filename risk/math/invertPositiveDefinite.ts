import { cholesky } from './cholesky.ts'
import { solveCholesky } from './solveCholesky.ts'

/**
 * Inverse of a symmetric positive definite matrix, exactly symmetric, or null when {@link cholesky} finds that it is not positive definite.
 * The matrix is scaled to a unit diagonal first, so that parameters of different size do no harm.
 */
export function invertPositiveDefinite(matrix: readonly ArrayLike<number>[]): Float64Array[] | null {
  const size = matrix.length
  const scale = matrix.map((row, i) => (row[i]! > 0 ? 1 / Math.sqrt(row[i]!) : 0))
  const lower = cholesky(matrix.map((row, i) => Float64Array.from({ length: size }, (_, j) => row[j]! * scale[i]! * scale[j]!)))
  if (lower === null) return null
  const columns = scale.map((_, j) =>
    solveCholesky(
      lower,
      scale.map((__, i) => (i === j ? 1 : 0)),
    ),
  )
  return scale.map((si, i) => Float64Array.from({ length: size }, (_, j) => 0.5 * (columns[i]![j]! + columns[j]![i]!) * (si * scale[j]!)))
}
