/** x with L L^T x = right, for the triangle of `cholesky`. */
export function solveCholesky(lower: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const size = lower.length
  const x = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    const row = lower[i]!
    for (let k = 0; k < i; k++) x[i]! -= row[k]! * x[k]!
    x[i]! /= row[i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= lower[k]![i]! * x[k]!
    x[i]! /= lower[i]![i]!
  }
  return x
}
