import { expOfSum } from './exp.ts'

const COARSE = 65536 // 2^16

/**
 * e^(-x^2 / 2) to the last place, also where x^2 / 2 is in the hundreds and its own rounding would cost 1e-13.
 * x = a + b with a a multiple of 2^-16, so that a^2 / 2 is exact and x^2 / 2 = a^2 / 2 + b (x + a) / 2. For finite x (not checked).
 */
export function expOfMinusHalfSquare(x: number): number {
  if (x > 39 || x < -39) return 0
  const a = Math.floor(x * COARSE + 0.5) / COARSE
  return expOfSum(-0.5 * a * a, -0.5 * (x - a) * (x + a))
}
