import { InvalidInputError } from '../errors/index.ts'
import { log } from './log.ts'
import { log1p } from './log1p.ts'
import { stirlingCorrection } from './stirlingCorrection.ts'

const HALF_LOG_OF_TWO_PI = 0.9189385332046728
const ONE_LESS_EULER = 0.42278433509846713
const CEILING = 1e305

/** zeta(k) - 1, k = 2 to 27. */
const zetaLessOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914, 0.008349277381922827,
  0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6,
  9.539620338727962e-7, 4.769329867878064e-7, 2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8,
  1.4901554828365043e-8, 7.45071178983543e-9,
] as const

/**
 * ln of the gamma function. Around its zeros at 1 and 2 by the zeta series, from 9 on by Stirling's, between by the functional equation.
 *
 * @param x - Above 0, at most 1e305.
 * @throws {InvalidInputError} x is outside its range.
 * @see DLMF 5.7.3, 5.11.1.
 */
export function logGamma(x: number): number {
  if (!(x > 0 && x <= CEILING)) throw new InvalidInputError({ argument: 'x of logGamma', got: x, limit: `above 0, at most ${CEILING}` })
  if (x >= 9) return (x - 0.5) * log(x) - x + HALF_LOG_OF_TWO_PI + stirlingCorrection(x)
  // Gamma(x) = Gamma(2 + x) / (x (1 + x)).
  if (x < 0.5) return aroundTwo(x) - log1p(x) - log(x)
  if (x < 1.5) return aroundTwo(x - 1) - log1p(x - 1)
  let product = 1
  let at = x
  while (at > 2.5) {
    at -= 1
    product *= at
  }
  return product === 1 ? aroundTwo(at - 2) : log(product) + aroundTwo(at - 2)
}

/** ln Gamma(2 + y), |y| <= 1/2: (1 - Euler) y + sum of (zeta(k) - 1) (-y)^k / k. */
function aroundTwo(y: number): number {
  let sum = 0
  for (let k = zetaLessOne.length + 1; k >= 2; k--) sum = (sum + zetaLessOne[k - 2]! / k) * -y
  return ONE_LESS_EULER * y - sum * y
}
