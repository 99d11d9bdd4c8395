import { InvalidInputError } from '../errors/index.ts'
import { normalCdf } from './normalCdf.ts'
import { owenT } from './owenT.ts'

/** No mass lies beyond: N(-40) is 0. */
const FAR = 40

/**
 * P(X <= x, Y <= y) of two standard normals with correlation `rho`. Absolute error below 1e-15, also where |rho| is within 1e-15 of 1; clipped to what the two single
 * probabilities allow.
 *
 * Two values of Owen's T: N(x)/2 + N(y)/2 - T(x, a) - T(y, b) - d, with a x = (y - rho x) / sqrt(1 - rho^2), b y = (x - rho y) / sqrt(1 - rho^2), and d = 1/2 where x and y
 * have different signs, else 0. The numerators are formed from y - x and 1 - rho, both exact where they are small.
 * @throws {InvalidInputError} x or y is not finite, or rho is outside [-1, 1].
 * @see D. B. Owen, Annals of Mathematical Statistics 27 (1956), equations 2.1 to 2.5.
 */
export function bivariateNormalCdf(x: number, y: number, rho: number): number {
  if (!Number.isFinite(x)) throw new InvalidInputError({ argument: 'x of bivariateNormalCdf', got: x, limit: 'finite' })
  if (!Number.isFinite(y)) throw new InvalidInputError({ argument: 'y of bivariateNormalCdf', got: y, limit: 'finite' })
  if (!(rho >= -1 && rho <= 1)) throw new InvalidInputError({ argument: 'rho of bivariateNormalCdf', got: rho, limit: 'in [-1, 1]' })
  const h = Math.min(FAR, Math.max(-FAR, x))
  const k = Math.min(FAR, Math.max(-FAR, y))
  const belowX = normalCdf(h)
  const belowY = normalCdf(k)
  const most = Math.min(belowX, belowY)
  const least = h > -k ? Math.max(0, belowX - normalCdf(-k)) : 0
  if (rho === 1) return most
  if (rho === -1) return least
  if (rho === 0) return belowX * belowY
  const root = Math.sqrt((1 - rho) * (1 + rho))
  if (h === 0 && k === 0) return 0.25 + arcsineShare(rho, root)
  const acrossX = residual(k, h, rho) / root
  const acrossY = residual(h, k, rho) / root
  const opposite = h < 0 !== k < 0
  const value = 0.5 * (belowX + belowY) - wedge(h, acrossX) - wedge(k, acrossY) - (opposite ? 0.5 : 0)
  return Math.min(most, Math.max(least, value))
}

/** arcsin(rho) / (2 pi) from rho and root = sqrt(1 - rho^2), both not 0. */
function arcsineShare(rho: number, root: number): number {
  const size = Math.abs(rho)
  return Math.sign(rho) * (size <= root ? owenT(0, size / root) : 0.25 - owenT(0, root / size))
}

/** u - rho v without cancellation of what is already rounded. */
function residual(u: number, v: number, rho: number): number {
  return rho > 0 ? u - v + (1 - rho) * v : u + v - (1 + rho) * v
}

/**
 * T(h, a) with a given through q = a h, of any size and sign, so that h = 0 needs no division; not both 0.
 * Beyond |a| = 1: T(h, a) = N(h)/2 + N(q)/2 - N(h) N(q) - T(q, 1/a) for h, q >= 0.
 */
function wedge(h: number, q: number): number {
  const height = Math.abs(h)
  const across = Math.abs(q)
  const sign = q < 0 !== h < 0 ? -1 : 1
  if (across <= height) return sign * owenT(height, across / height)
  const tailH = normalCdf(-height)
  const tailQ = normalCdf(-across)
  // In tails: N(h)/2 + N(q)/2 - N(h) N(q) = (tailH + tailQ)/2 - tailH tailQ.
  return sign * (0.5 * (tailH + tailQ) - tailH * tailQ - owenT(across, height / across))
}
