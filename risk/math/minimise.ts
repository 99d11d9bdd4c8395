/** Value at a point; writes the gradient. Infinity where the function is not defined, and then the gradient is not read. */
export type DifferentiableFunction = (at: Float64Array, gradient: Float64Array) => number

/** A point, and why the search ended there: the gradient vanished, no step lowered the value any more, or the iterations were used up. */
export type Minimum = {
  readonly status: 'converged' | 'stalled' | 'exhausted'
  readonly at: Float64Array
  readonly value: number
  readonly gradient: Float64Array
  readonly iterations: number
}

const SUFFICIENT_DECREASE = 1e-4
const ENOUGH_CURVATURE = 0.9
const LINE_STEPS = 40
/** Share of the value below which two values count as equal, and the slope alone decides. */
const ROUNDING = 1e-13

/**
 * Minimum of a smooth function by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno, with a line search to the
 * weak Wolfe conditions. Deterministic.
 *
 * @param start - A point where the function is defined.
 * @param tolerance - Largest entry of the gradient at which the search has converged; scale the function so that this means something.
 * @see Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 6.1.
 */
export function minimise(
  evaluate: DifferentiableFunction,
  start: ArrayLike<number>,
  { tolerance, maxIterations }: { readonly tolerance: number; readonly maxIterations: number },
): Minimum {
  const size = start.length
  let at: Float64Array = Float64Array.from(start)
  let gradient: Float64Array = new Float64Array(size)
  let value = evaluate(at, gradient)
  let inverse: Float64Array[] | null = null
  for (let iterations = 0; iterations < maxIterations; iterations++) {
    if (largest(gradient) <= tolerance) return { status: 'converged', at, value, gradient, iterations }
    const direction = inverse === null ? steepest(gradient) : newtonDirection(inverse, gradient)
    const next: LinePoint | null = searchLine(evaluate, at, value, gradient, direction)
    if (next === null) {
      if (inverse === null) return { status: 'stalled', at, value, gradient, iterations }
      // The curvature may be out of date: forget it and try straight down once.
      inverse = null
      continue
    }
    inverse = updated(inverse, at, gradient, next)
    at = next.at
    gradient = next.gradient
    value = next.value
  }
  return { status: largest(gradient) <= tolerance ? 'converged' : 'exhausted', at, value, gradient, iterations: maxIterations }
}

type LinePoint = { readonly at: Float64Array; readonly gradient: Float64Array; readonly value: number }

/** A step that lowers the value enough and has left the steep part; null when rounding leaves no such step. */
function searchLine(
  evaluate: DifferentiableFunction,
  at: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): LinePoint | null {
  const slope = dot(gradient, direction)
  if (!(slope < 0)) return null
  let best: LinePoint | null = null
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let step = 1
  for (let k = 0; k < LINE_STEPS; k++) {
    const point = at.map((x, i) => x + step * direction[i]!)
    const slopes = new Float64Array(at.length)
    const reached = evaluate(point, slopes)
    if (!isDecrease(reached, value, step, slope, slopes, direction)) {
      high = step
    } else {
      if (best === null || reached < best.value) best = { at: point, gradient: slopes, value: reached }
      if (dot(slopes, direction) >= ENOUGH_CURVATURE * slope) return { at: point, gradient: slopes, value: reached }
      low = step
    }
    if (high === Number.POSITIVE_INFINITY) step *= 2
    else if (low > 0) step = 0.5 * (low + high)
    else step = shorter(step, value, slope, reached)
    if (step * largest(direction) < 1e-16 * (1 + largest(at))) break
  }
  return best
}

/** Armijo's rule; where the change is lost in rounding, its form in slopes. @see Hager and Zhang, SIAM Journal on Optimization 16 (2005), (4.1). */
function isDecrease(reached: number, value: number, step: number, slope: number, slopes: Float64Array, direction: Float64Array): boolean {
  if (reached <= value + SUFFICIENT_DECREASE * step * slope) return true
  return reached <= value + ROUNDING * Math.abs(value) && dot(slopes, direction) <= (2 * SUFFICIENT_DECREASE - 1) * slope
}

/** Minimum of the parabola through the start and the failed step, kept within a tenth and a half of that step. */
function shorter(step: number, value: number, slope: number, reached: number): number {
  const curvature = reached - value - slope * step
  const minimum = curvature > 0 && curvature < Number.POSITIVE_INFINITY ? (-0.5 * slope * step * step) / curvature : 0.1 * step
  return Math.max(0.1 * step, Math.min(0.5 * step, minimum))
}

/** The inverse Hessian that explains the last step, positive definite; unchanged when the step saw no curvature. */
function updated(inverse: Float64Array[] | null, at: Float64Array, gradient: Float64Array, next: LinePoint): Float64Array[] | null {
  const s = next.at.map((x, i) => x - at[i]!)
  const y = next.gradient.map((g, i) => g - gradient[i]!)
  const sy = dot(s, y)
  const yy = dot(y, y)
  if (!(sy > 1e-12 * Math.sqrt(dot(s, s) * yy))) return inverse
  const base = inverse ?? Array.from(s, (_, i) => Float64Array.from(s, (__, j) => (i === j ? sy / yy : 0)))
  const hy = base.map((row) => dot(row, y))
  const factor = (1 + dot(Float64Array.from(hy), y) / sy) / sy
  return base.map((row, i) => row.map((entry, j) => entry + factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy))
}

/** Down the gradient, at most one unit far. */
function steepest(gradient: Float64Array): Float64Array {
  const scale = 1 / Math.max(1, largest(gradient))
  return gradient.map((g) => -g * scale)
}

function newtonDirection(inverse: readonly Float64Array[], gradient: Float64Array): Float64Array {
  return Float64Array.from(inverse, (row) => -dot(row, gradient))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function largest(values: Float64Array): number {
  let size = 0
  for (let i = 0; i < values.length; i++) size = Math.max(size, Math.abs(values[i]!))
  return size
}
