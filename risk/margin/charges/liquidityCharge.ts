import type { Usd } from '../../types/index.ts'

/**
 * Cost of closing a size that the market does not hold: coefficient x |size| x (|size| / depth)^0.5 above the depth, nothing below it (risk policy B8). Square-root
 * impact is the usual law.
 *
 * @param coefficient - Cost per unit of size at the depth: a fraction of dollars of delta or gamma, vol points for vega per point.
 * @param size - Net size, any sign.
 * @param depth - Size that moves the market by its unit, above 0.
 */
export function liquidityCharge(coefficient: number, size: Usd, depth: Usd): Usd {
  const amount = Math.abs(size)
  return amount > depth ? coefficient * amount * Math.sqrt(amount / depth) : 0
}
