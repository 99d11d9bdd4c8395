import type { DifferentiableFunction } from './minimise.ts'

/**
 * Second derivatives at a point by central differences of the analytic gradient, made symmetric; null where the function is not defined
 * around the point. With steps of 1e-5 of each scale the error is about 1e-10 of the entries.
 *
 * @param scales - Step lengths in units of 1e-5, above 0, one per coordinate: the order of magnitude over which the function changes.
 */
export function hessianOfGradient(evaluate: DifferentiableFunction, at: Float64Array, scales: ArrayLike<number>): Float64Array[] | null {
  const rows = Array.from(at, (_, i): Float64Array | null => {
    const above = at.slice()
    const below = at.slice()
    above[i]! += 1e-5 * scales[i]!
    below[i]! -= 1e-5 * scales[i]!
    const up = new Float64Array(at.length)
    const down = new Float64Array(at.length)
    if (!Number.isFinite(evaluate(above, up)) || !Number.isFinite(evaluate(below, down))) return null
    return up.map((g, j) => (g - down[j]!) / (above[i]! - below[i]!))
  })
  if (rows.some((row) => row === null)) return null
  return rows.map((row, i) => row!.map((entry, j) => 0.5 * (entry + rows[j]![i]!)))
}
