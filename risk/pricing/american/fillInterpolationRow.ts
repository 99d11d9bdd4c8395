import { cos } from '../../math/index.ts'

/**
 * Barycentric weights (Berrut and Trefethen, SIAM Review 46, 2004, equation 5.4) of the values at the Chebyshev points of the second kind,
 * for the point with sqrt(tau / T) = `rootTime`. The value at time 0 is 0 and needs no column.
 */
export function fillInterpolationRow(row: Float64Array, offset: number, size: number, rootTime: number): void {
  const z = 2 * rootTime - 1
  let total = 0
  for (let j = 0; j <= size; j++) {
    const distance = z - cos((j * Math.PI) / size)
    if (distance === 0) {
      for (let i = 0; i < size; i++) row[offset + i] = i === j ? 1 : 0
      return
    }
    const weight = ((j % 2 === 0 ? 1 : -1) * (j === 0 || j === size ? 0.5 : 1)) / distance
    total += weight
    if (j < size) row[offset + j] = weight
  }
  for (let j = 0; j < size; j++) row[offset + j] = row[offset + j]! / total
}
