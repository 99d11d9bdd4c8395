import { log } from './log.ts'

/**
 * x ln(x / m) + m - x for x > 0, m > 0 (not checked): half the Poisson deviance, at least 0. Near x = m by a series in (x - m) / (x + m),
 * where the direct form would cancel.
 *
 * @see Loader, Fast and accurate computation of binomial probabilities (2000), section 2.
 */
export function deviance(x: number, m: number): number {
  const difference = x - m
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * log(x / m) - difference
  const v = difference / (x + m)
  const square = v * v
  let sum = difference * v
  let term = 2 * x * v
  for (let odd = 3; ; odd += 2) {
    term *= square
    const next = sum + term / odd
    if (next === sum) return sum
    sum = next
  }
}
