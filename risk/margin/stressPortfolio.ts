import type { Portfolio, Position, Usd } from '../types/index.ts'
import { assetValue } from './collateral/index.ts'
import type { RiskArray } from './riskArray.ts'

/** Values of one account in every state of the grid, by column. Collateral is in all of them; cash in none. */
export type StressedPortfolio = {
  /** At mark. */
  readonly mark: Usd
  /** Units of the underlying held as collateral, after the haircut: an exact lane. */
  readonly units: number
  /** Without margin's reductions. */
  readonly plain: Float64Array
  /** Stressed with margin's reductions: positive expiry sums at their credit, the worse of value and payoff near expiry. */
  readonly stressed: Float64Array
  /** Everything taken as expired, by payoff column. */
  readonly expired: Float64Array
  readonly sums: ExpirySums
}

/** Net sensitivities of the account by expiry it holds, ascending; see {@link RowGreeks} for units. */
export type ExpirySums = {
  /** Index into the array's `expiries`. */
  readonly expiries: readonly number[]
  readonly mark: readonly Usd[]
  readonly delta: readonly number[]
  readonly gamma: readonly number[]
  readonly vega: readonly Usd[]
  readonly skew: readonly Usd[]
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
  const assets = assetValue(portfolio, market)
  plain[0] = units * market.spot + assets(0)
  expired[0] = assets(-1)
  for (const { spot, move, valueColumn, payoffColumn } of grid.distinctCells) {
    const value = units * spot + assets(move)
    plain[valueColumn] = value
    stressed[valueColumn] = value
    expired[payoffColumn] = value
  }

  const sums = {
    expiries: [] as number[],
    mark: [] as Usd[],
    delta: [] as number[],
    gamma: [] as number[],
    vega: [] as Usd[],
    skew: [] as Usd[],
  }
  const chain = new Float64Array(grid.valueColumns)
  const chainExpired = new Float64Array(grid.payoffColumns)
  for (let i = 0; i < positions.length; ) {
    const { expiry } = rows[positions[i]!.instrument]!
    const net = { mark: 0, delta: 0, gamma: 0, vega: 0, skew: 0 }
    chain.fill(0)
    chainExpired.fill(0)
    for (; i < positions.length && rows[positions[i]!.instrument]!.expiry === expiry; i++) {
      const { instrument, quantity } = positions[i]!
      const { values, payoffs, exact, greeks } = rows[instrument]!
      net.mark += quantity * values[0]!
      net.delta += quantity * greeks.delta
      net.gamma += quantity * greeks.gamma
      net.vega += quantity * greeks.vega
      net.skew += quantity * greeks.skew
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
    sums.expiries.push(expiry)
    sums.mark.push(net.mark)
    sums.delta.push(net.delta)
    sums.gamma.push(net.gamma)
    sums.vega.push(net.vega)
    sums.skew.push(net.skew)
    const { credit, worseOfPayoff } = expiries[expiry]!
    for (const { valueColumn, payoffColumn } of grid.distinctCells) {
      const value = worseOfPayoff ? Math.min(chain[valueColumn]!, chainExpired[payoffColumn]!) : chain[valueColumn]!
      stressed[valueColumn]! += value > 0 ? credit * value : value
    }
  }
  return { mark: plain[0]!, units, plain, stressed, expired, sums }
}

function addScaled(sum: Float64Array, row: Float64Array, factor: number): void {
  for (let column = 0; column < sum.length; column++) sum[column]! += factor * row[column]!
}
