import { compensatedSum } from '../math/index.ts'
import type { Portfolio, Position, Usd } from '../types/index.ts'
import { assetFloor } from './collateral/index.ts'
import type { RiskArray, RiskRow } from './riskArray.ts'
import type { StressedPortfolio } from './stressPortfolio.ts'

/** A sum of quantities smaller than this share of their gross is rounding noise of decimal contract sizes. */
const ROUNDING = 2e-15
/** A payoff that jumps is looked at this far, relatively, on both sides of its strike. */
const BESIDE = 1 / 1_073_741_824

/**
 * Most the account can lose with all expiries at one price of the index: mark less the least value over all states without reductions or damping, payoffs at every
 * spot of the grid and at the strikes held, a spot of zero, and far above.
 *
 * @returns Null when the account falls without end far above.
 */
export function maximumLoss(
  { grid, rows, market }: RiskArray,
  portfolio: Portfolio,
  positions: readonly Position[],
  { mark, units, plain, expired }: StressedPortfolio,
): Usd | null {
  const floor = assetFloor(portfolio, market)
  const far = farAbove(rows, positions, units, floor)
  if (far === null) return null
  const least = Math.min(
    far,
    minimum(plain, grid.commonValueColumns),
    minimum(expired, grid.commonPayoffColumns),
    leastAtStrikes(rows, positions, units, floor),
  )
  return Math.max(0, mark - least)
}

/**
 * Most the account can lose whatever the index does between its expiries: the sum of what each expiry can lose by itself. With nothing discounted a value is
 * never below the least payoff, so this bound needs no grid. The underlying held as collateral can go to nothing.
 *
 * @returns Null when one expiry alone falls without end.
 */
export function maximumLossApart(
  { rows, market }: RiskArray,
  portfolio: Portfolio,
  positions: readonly Position[],
  { mark }: StressedPortfolio,
): Usd | null {
  let least = assetFloor(portfolio, market)
  for (let i = 0; i < positions.length; ) {
    const { expiry } = rows[positions[i]!.instrument]!
    const start = i
    while (i < positions.length && rows[positions[i]!.instrument]!.expiry === expiry) i++
    const own = leastOfExpiry(rows, positions.slice(start, i))
    if (own === null) return null
    least += own
  }
  return Math.max(0, mark - least)
}

function leastOfExpiry(rows: readonly RiskRow[], group: readonly Position[]): Usd | null {
  const far = farAbove(rows, group, 0, 0)
  if (far === null) return null
  const atZero = compensatedSum(group.map(({ instrument, quantity }) => quantity * rows[instrument]!.payoffAt(0)))
  return Math.min(far, atZero, leastAtStrikes(rows, group, 0, 0))
}

/** Value far above every strike: null when it falls without end, infinity when it rises. */
function farAbove(rows: readonly RiskRow[], positions: readonly Position[], units: number, floor: Usd): Usd | null {
  const lanes = positions.map(({ instrument, quantity }) => ({ quantity, ...rows[instrument]!.farAbove }))
  const slopes = [units, ...lanes.map(({ quantity, slope }) => quantity * slope)]
  const slope = compensatedSum(slopes)
  const noise = ROUNDING * compensatedSum(slopes.map(Math.abs))
  if (slope < -noise) return null
  return slope > noise ? Number.POSITIVE_INFINITY : floor + compensatedSum(lanes.map(({ quantity, level }) => quantity * level))
}

/** Least payoff of the whole at the strikes held and beside them: between strikes it is linear. */
function leastAtStrikes(rows: readonly RiskRow[], positions: readonly Position[], units: number, floor: Usd): Usd {
  let least = Number.POSITIVE_INFINITY
  const seen = new Set<Usd>()
  for (const { instrument } of positions) {
    const { strike } = rows[instrument]!
    if (strike === null || seen.has(strike)) continue
    seen.add(strike)
    for (const spot of [strike * (1 - BESIDE), strike, strike * (1 + BESIDE)]) {
      let value = floor + units * spot
      for (const { instrument: held, quantity } of positions) value += quantity * rows[held]!.payoffAt(spot)
      least = Math.min(least, value)
    }
  }
  return least
}

function minimum(values: Float64Array, count: number): number {
  let least = values[0]!
  for (let i = 1; i < count; i++) least = Math.min(least, values[i]!)
  return least
}
