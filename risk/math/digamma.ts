import { InvalidInputError } from '../errors/index.ts'
import { log } from './log.ts'

/** B_2k / (2k), k = 1 to 9. */
const coefficients = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 5 / 660, -691 / 32760, 7 / 84, -3617 / 8160, 43867 / 14364] as const
const SERIES_FROM = 10

/**
 * Derivative of ln Gamma. By the asymptotic series from 10 on, below by psi(x) = psi(x + 1) - 1 / x.
 *
 * @param x - Finite, at least 1e-300.
 * @throws {InvalidInputError} x is outside its range.
 * @see DLMF 5.5.2, 5.11.2.
 */
export function digamma(x: number): number {
  if (!(x >= 1e-300 && x < Number.POSITIVE_INFINITY))
    throw new InvalidInputError({ argument: 'x of digamma', got: x, limit: 'finite and at least 1e-300' })
  let stepped = 0
  let at = x
  for (; at < SERIES_FROM; at++) stepped += 1 / at
  const square = 1 / (at * at)
  let series = 0
  for (let k = coefficients.length - 1; k >= 0; k--) series = (series + coefficients[k]!) * square
  return log(at) - 0.5 / at - series - stepped
}
