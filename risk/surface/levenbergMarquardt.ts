/** A bounded least-squares problem. */
export type LeastSquaresProblem = {
  readonly start: readonly number[]
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  /** Writes the residuals at `x` into `out`. */
  readonly residuals: (x: readonly number[], out: Float64Array) => void
  /** How many residuals there are. */
  readonly count: number
  /** Whether a residual is a quote, whose weight falls once it passes 1 (Huber), or a penalty, whose weight never falls. */
  readonly robust: number
  readonly iterations: number
}

export type LeastSquaresSolution = { readonly x: readonly number[]; readonly cost: number }

const DIFFERENCE = 1e-7
const SMALLEST_GAIN = 1e-10

/**
 * Levenberg-Marquardt inside a box, with Huber's loss on the first `robust` residuals and squares on the rest.
 *
 * Each step solves the damped normal equations of the variables that are not held by their bound, clips the result to the box, and is taken only when the
 * cost falls. Deterministic, and ends after `iterations` attempts at the latest. Unguarded; residuals must be finite inside the box.
 * @see Marquardt, J. SIAM 11 (1963); Huber, Annals of Mathematical Statistics 35 (1964).
 */
export function levenbergMarquardt(problem: LeastSquaresProblem): LeastSquaresSolution {
  const { start, lower, upper, residuals, count, robust } = problem
  const size = start.length
  let x = clip(start, lower, upper)
  let at = new Float64Array(count)
  let moved = new Float64Array(count)
  const jacobian = Array.from({ length: size }, () => new Float64Array(count))
  residuals(x, at)
  let cost = costOf(at, robust)
  let damping = 1e-3
  let fresh = false
  let normal: { matrix: number[][]; gradient: number[] } = { matrix: [], gradient: [] }
  for (let attempt = 0; attempt < problem.iterations; attempt++) {
    if (!fresh) {
      differentiate(problem, x, at, moved, jacobian)
      normal = normalEquations(jacobian, at, robust)
      fresh = true
    }
    const free = x.map((value, i) => !(value <= lower[i]! && normal.gradient[i]! > 0) && !(value >= upper[i]! && normal.gradient[i]! < 0))
    const step = solveDamped(normal.matrix, normal.gradient, free, damping)
    const next = clip(
      x.map((value, i) => value + step[i]!),
      lower,
      upper,
    )
    residuals(next, moved)
    const nextCost = costOf(moved, robust)
    if (nextCost < cost) {
      const gain = cost - nextCost
      x = next
      ;[at, moved] = [moved, at]
      fresh = false
      damping = Math.max(1e-12, damping * 0.2)
      const settled = gain <= SMALLEST_GAIN * cost
      cost = nextCost
      if (settled) break
    } else {
      damping *= 6
      if (damping > 1e9) break
    }
  }
  return { x, cost }
}

function clip(x: readonly number[], lower: readonly number[], upper: readonly number[]): number[] {
  return x.map((value, i) => Math.min(upper[i]!, Math.max(lower[i]!, value)))
}

/** Sum of r^2 / 2 below 1 and |r| - 1/2 above for quotes; of r^2 / 2 for penalties. */
function costOf(residuals: Float64Array, robust: number): number {
  let sum = 0
  for (let i = 0; i < residuals.length; i++) {
    const size = Math.abs(residuals[i]!)
    sum += size > 1 && i < robust ? size - 0.5 : 0.5 * size * size
  }
  return sum
}

/** Forward differences; backward where the step would leave the box. */
function differentiate(
  { upper, residuals, count }: LeastSquaresProblem,
  x: readonly number[],
  at: Float64Array,
  moved: Float64Array,
  jacobian: readonly Float64Array[],
): void {
  for (let j = 0; j < x.length; j++) {
    const size = DIFFERENCE * Math.max(1, Math.abs(x[j]!))
    const step = x[j]! + size > upper[j]! ? -size : size
    const nudged = x.slice()
    nudged[j] = x[j]! + step
    residuals(nudged, moved)
    const column = jacobian[j]!
    for (let i = 0; i < count; i++) column[i] = (moved[i]! - at[i]!) / step
  }
}

function normalEquations(jacobian: readonly Float64Array[], at: Float64Array, robust: number): { matrix: number[][]; gradient: number[] } {
  const size = jacobian.length
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  const gradient = new Array<number>(size).fill(0)
  for (let i = 0; i < at.length; i++) {
    const residual = at[i]!
    const weight = i < robust && Math.abs(residual) > 1 ? 1 / Math.abs(residual) : 1
    for (let row = 0; row < size; row++) {
      const slope = weight * jacobian[row]![i]!
      if (slope === 0) continue
      gradient[row]! += slope * residual
      for (let column = 0; column <= row; column++) matrix[row]![column]! += slope * jacobian[column]![i]!
    }
  }
  return { matrix, gradient }
}

/** Solves (M + damping diag M) s = -g over the free variables by Cholesky factors; held variables stay. M is given by its lower half. */
function solveDamped(matrix: readonly number[][], gradient: readonly number[], free: readonly boolean[], damping: number): number[] {
  const size = gradient.length
  const factor: number[][] = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  const forward = new Array<number>(size).fill(0)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const held = !free[i] || !free[j]
      let sum = held ? (i === j ? 1 : 0) : matrix[i]![j]!
      if (i === j && !held) sum += damping * sum + 1e-14
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!
      factor[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / factor[j]![j]!
    }
    let right = free[i] ? -gradient[i]! : 0
    for (let k = 0; k < i; k++) right -= factor[i]![k]! * forward[k]!
    forward[i] = right / factor[i]![i]!
  }
  const step = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    let right = forward[i]!
    for (let k = i + 1; k < size; k++) right -= factor[k]![i]! * step[k]!
    step[i] = right / factor[i]![i]!
  }
  return step
}
