import { compensatedSum } from '../math/index.ts'
import type { Portfolio, Position, Usd } from '../types/index.ts'
import type { RiskArray } from './riskArray.ts'

/** A sum of quantities smaller than this share of their gross is rounding noise of decimal contract sizes. */
const ROUNDING = 2e-15

/** Values of one account in every state of the grid, by column. Collateral, a linear lane at 1 - haircut, is in all of them; cash in none. */
export type StressedPortfolio = {
  /** At mark. */
  readonly mark: Usd
  /** Stressed with margin's reductions: positive expiry sums at their credit, the worse of value and payoff near expiry. */
  readonly stressed: Float64Array
  /** Least value over all states without reductions or damping, payoffs at every spot of the grid, a spot of zero, and far above; null: unbounded below. */
  readonly least: Usd | null
}

/**
 * Adds up the rows of an account's positions. Sums run expiry by expiry in rank order, so neither the order of positions nor that of
 * instruments in the book changes a bit.
 *
 * @param positions - The portfolio's positions in rank order.
 */
export function stressPortfolio(array: RiskArray, portfolio: Portfolio, positions: readonly Position[]): StressedPortfolio {
  const { grid, rows, expiries, market, parameters } = array
  const units = portfolio.collateral * (1 - parameters.haircut)
  const plain = new Float64Array(grid.valueColumns)
  const stressed = new Float64Array(grid.valueColumns)
  const expired = new Float64Array(grid.payoffColumns)
  plain[0] = units * market.spot
  for (const { spot, valueColumn } of grid.distinctCells) {
    plain[valueColumn] = units * spot
    stressed[valueColumn] = units * spot
  }
  grid.payoffSpots.forEach((spot, i) => {
    expired[i + 1] = units * spot
  })

  const chain = new Float64Array(grid.valueColumns)
  const chainExpired = new Float64Array(grid.payoffColumns)
  for (let i = 0; i < positions.length; ) {
    const { expiry } = rows[positions[i]!.instrument]!
    chain.fill(0)
    chainExpired.fill(0)
    for (; i < positions.length && rows[positions[i]!.instrument]!.expiry === expiry; i++) {
      const { instrument, quantity } = positions[i]!
      const { values, payoffs, exact } = rows[instrument]!
      if (exact) {
        addScaled(plain, values, quantity)
        addScaled(stressed, values, quantity)
        addScaled(expired, payoffs, quantity)
      } else {
        addScaled(chain, values, quantity)
        addScaled(chainExpired, payoffs, quantity)
      }
    }
    addScaled(plain, chain, 1)
    addScaled(expired, chainExpired, 1)
    const { credit, worseOfPayoff } = expiries[expiry]!
    for (const { valueColumn, payoffColumn } of grid.distinctCells) {
      const value = worseOfPayoff ? Math.min(chain[valueColumn]!, chainExpired[payoffColumn]!) : chain[valueColumn]!
      stressed[valueColumn]! += value > 0 ? credit * value : value
    }
  }
  return { mark: plain[0]!, stressed, least: leastValue(array, positions, units, plain, expired) }
}

function addScaled(sum: Float64Array, row: Float64Array, factor: number): void {
  for (let column = 0; column < sum.length; column++) sum[column]! += factor * row[column]!
}

function leastValue(
  { rows }: RiskArray,
  positions: readonly Position[],
  units: number,
  plain: Float64Array,
  expired: Float64Array,
): Usd | null {
  const lanes = positions.map(({ instrument, quantity }) => ({ quantity, ...rows[instrument]!.farAbove }))
  const slopes = [units, ...lanes.map(({ quantity, slope }) => quantity * slope)]
  const slope = compensatedSum(slopes)
  const noise = ROUNDING * compensatedSum(slopes.map(Math.abs))
  if (slope < -noise) return null
  const least = Math.min(minimum(plain), minimum(expired))
  return slope > noise ? least : Math.min(least, compensatedSum(lanes.map(({ quantity, level }) => quantity * level)))
}

function minimum(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value))
}
