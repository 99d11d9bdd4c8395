import { normalPdf } from './normalPdf.ts'

const NEGLIGIBLE = 1.3877787807814457e-17 // 2^-56

/**
 * N(x) - 1/2 with relative accuracy around zero, for |x| of a few units at most: phi(x) (x + x^3/3 + x^5/15 + ...). All terms have the sign of x, so nothing
 * cancels. Relative error below 1e-15 for |x| <= 1.
 *
 * @throws {InvalidInputError} x is not finite.
 */
export function centralMass(x: number): number {
  const density = normalPdf(x)
  const square = x * x
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > NEGLIGIBLE * Math.abs(sum); odd += 2) {
    term *= square / odd
    sum += term
  }
  return density * sum
}
