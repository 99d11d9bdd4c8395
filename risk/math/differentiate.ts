import { InvalidInputError } from '../errors/index.ts'

/** First and second derivative with what the extrapolation says of their errors. */
export type Derivatives = {
  readonly first: number
  readonly second: number
  /** Change that the last accepted extrapolation made: an estimate, not a bound. */
  readonly firstError: number
  readonly secondError: number
}

const MOST_COLUMNS = 6
const SHRINK = 2

/**
 * First and second derivative of `f` at `x` from central differences at steps h, h/2, h/4, ..., extrapolated to step 0; of the table's entries the one with the
 * smallest error estimate is kept. For an analytic `f` with rounding noise e the errors are near e/h and e/h^2 times ten.
 *
 * @param f - Smooth within `step` of x; asked for 12 points there and x itself.
 * @param x - Finite.
 * @param step - The largest step h, above 0.
 * @throws {InvalidInputError} An argument is outside its domain, or `f` returns NaN or an infinity.
 * @see Richardson, Philosophical Transactions A 210 (1911); Ridders, Advances in Engineering Software 4 (1982) for the choice of the entry.
 */
export function differentiate(f: (x: number) => number, x: number, step: number): Derivatives {
  if (!Number.isFinite(x)) throw new InvalidInputError({ argument: 'x', got: x, limit: 'finite' })
  if (!(step > 0 && Number.isFinite(x + step))) throw new InvalidInputError({ argument: 'step', got: step, limit: 'finite and above 0' })
  const centre = f(x)
  const slopes: number[] = []
  const bends: number[] = []
  let h = step
  for (let row = 0; row < MOST_COLUMNS; row++, h /= SHRINK) {
    // Steps that the argument can really take: x + h - x is exact where h itself would be rounded.
    const right = x + h - x
    const left = x - (x - h)
    const above = f(x + right)
    const below = f(x - left)
    slopes.push((above - below) / (right + left))
    bends.push((2 * ((above - centre) / right - (centre - below) / left)) / (right + left))
  }
  const first = extrapolate(slopes)
  const second = extrapolate(bends)
  if (!Number.isFinite(first.value) || !Number.isFinite(second.value)) {
    throw new InvalidInputError({ argument: 'f', got: first.value, limit: `finite within ${step} of ${x}` })
  }
  return { first: first.value, second: second.value, firstError: first.error, secondError: second.error }
}

/** Neville's table in h^2: the entry that changed least from its two predecessors. */
function extrapolate(differences: readonly number[]): { value: number; error: number } {
  let previous: number[] = []
  let best = { value: differences[0]!, error: Number.POSITIVE_INFINITY }
  for (const difference of differences) {
    const row = [difference]
    let factor = 1
    for (let column = 0; column < previous.length; column++) {
      factor *= SHRINK * SHRINK
      const value = (factor * row[column]! - previous[column]!) / (factor - 1)
      const error = Math.max(Math.abs(value - row[column]!), Math.abs(value - previous[column]!))
      if (error <= best.error) best = { value, error }
      row.push(value)
    }
    previous = row
  }
  return best
}
