import { InvalidInputError } from '../errors/index.ts'
import { expOfSum } from './exp.ts'
import { scaledErfc } from './scaledErfc.ts'

const COARSE = 65536 // 2^16

/**
 * Complementary error function, 2 / sqrt(pi) times the integral of e^(-t^2) from x to infinity. In [0, 2].
 * Relative error below 1e-14 wherever the result is a normal number; 0 beyond 27.3.
 *
 * @throws {InvalidInputError} x is not finite.
 */
export function erfc(x: number): number {
  if (!Number.isFinite(x)) throw new InvalidInputError({ argument: 'x of erfc', got: x, limit: 'finite' })
  const z = Math.abs(x)
  if (z > 28) return x > 0 ? 0 : 2
  const a = Math.floor(z * COARSE + 0.5) / COARSE
  const tail = expOfSum(-a * a, -(z - a) * (z + a)) * scaledErfc(z)
  return x >= 0 ? tail : 2 - tail
}
