import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues } from '../math/index.ts'

/** What makes a window stressed: the lowest or the highest total, or the largest sum of squares. */
export type StressRule = 'fall' | 'rise' | 'turbulence'

/** Entries start to end - 1 of the series; `stress` is minus the total, the total, or the sum of squares: the larger the worse. */
export type StressedWindow = { readonly start: number; readonly end: number; readonly stress: number }

/**
 * The worst windows of a history that do not overlap, worst first: the worst of all, then the worst that shares no entry with it, and so
 * on. Of equal ones the earlier.
 *
 * @param values - Returns or profits in time order.
 * @param length - Entries per window, from 1 to the number of values.
 * @param count - Windows wanted, at least 1; fewer are returned when no more fit.
 * @throws {InvalidInputError} A value is not finite, or a number is out of range.
 */
export function stressedWindows(values: ArrayLike<number>, length: number, count: number, rule: StressRule): StressedWindow[] {
  assertFiniteValues('values', values)
  if (!(Number.isInteger(length) && length >= 1 && length <= values.length))
    throw new InvalidInputError({ argument: 'length', got: length, limit: `a whole number in [1, ${values.length}]` })
  if (!(Number.isInteger(count) && count >= 1))
    throw new InvalidInputError({ argument: 'count', got: count, limit: 'a whole number of at least 1' })
  const stresses = windowStresses(values, length, rule)
  const order = Array.from(stresses, (_, start) => start).sort((a, b) => stresses[b]! - stresses[a]! || a - b)
  const chosen: StressedWindow[] = []
  for (const start of order) {
    if (chosen.length === count) break
    if (chosen.every((window) => Math.abs(window.start - start) >= length))
      chosen.push({ start, end: start + length, stress: stresses[start]! })
  }
  return chosen
}

function windowStresses(values: ArrayLike<number>, length: number, rule: StressRule): Float64Array {
  const stressOf = { fall: (x: number) => -x, rise: (x: number) => x, turbulence: (x: number) => x * x }[rule]
  return Float64Array.from({ length: values.length - length + 1 }, (_, start) => {
    // Summed anew for each window: a running sum would carry the rounding of a crash into every window after it.
    let sum = 0
    for (let i = start; i < start + length; i++) sum += stressOf(values[i]!)
    return sum
  })
}
