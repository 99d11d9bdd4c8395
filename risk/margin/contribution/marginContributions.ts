import { compensatedSum } from '../../math/index.ts'
import { type PricingRegistry, pricingRegistry } from '../../pricing/index.ts'
import type { Instrument, Portfolio, Position, Usd } from '../../types/index.ts'
import { assertPortfolio } from '../assertMarginInputs.ts'
import { assessPortfolio } from '../assessPortfolio.ts'
import type { GridCell } from '../marginGrid.ts'
import { netShort } from '../netShort.ts'
import type { RiskArray } from '../riskArray.ts'
import type { AccountAssessment, MarginMarket, MarginParameters } from '../types.ts'
import { arrayFor } from '../whatIf/arrayFor.ts'

/** Maintenance margin of an account by what causes it; the lines add up to it. */
export type MarginContributions = {
  readonly assessment: AccountAssessment
  /** Weighted loss of each position in the binding cell, in the order of the positions; negative for a hedge. */
  readonly positions: readonly { readonly instrument: number; readonly amount: Usd }[]
  /** Weighted loss of the collateral in that cell. */
  readonly collateral: Usd
  /** What the short-option minimum, or the floor at zero, asks for beyond the cell. */
  readonly minimum: Usd
  /** All charges. */
  readonly charges: Usd
  /** What the cap at the maximum loss takes off; at most 0. */
  readonly cap: Usd
}

/**
 * Contribution of each position to maintenance margin (Euler allocation: the scan is homogeneous of degree one, and its derivative along a position is that position's
 * loss in the binding cell). Where cells tie, the first is taken, as in the assessment.
 *
 * @throws {InvalidInputError} An input of `assessBook` is outside its domain.
 */
export function marginContributions(
  portfolio: Portfolio,
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): MarginContributions {
  assertPortfolio(portfolio, instruments.length, market)
  const { array, place } = arrayFor([portfolio], instruments, market, parameters, registry)
  const account = place(portfolio)
  const ranked = [...account.positions].sort((a, b) => array.rank[a.instrument]! - array.rank[b.instrument]!)
  const assessment = assessPortfolio(array, account)
  const { weight, loss } = assessment.bindingCell
  const cell = findCell(array, assessment)
  const valueIn = stressedValues(array, ranked, cell)
  const amounts = account.positions.map(
    ({ instrument, quantity }) => weight * quantity * (array.rows[instrument]!.values[0]! - valueIn(instrument)),
  )
  const scanned = weight * loss
  const floor = array.passes.maintenance.shortOptionMinimum * market.spot * netShort(array, ranked)
  const minimum = Math.max(0, scanned, floor) - scanned
  const { skew, term, basis, delta, gamma, vega } = assessment.charges.maintenance
  const charges = skew + term + basis + delta + gamma + vega
  return {
    assessment,
    positions: amounts.map((amount, i) => ({ instrument: portfolio.positions[i]!.instrument, amount })),
    collateral: scanned - compensatedSum([...amounts].sort((a, b) => a - b)),
    minimum,
    charges,
    cap: Math.min(0, assessment.maintenance - (scanned + minimum + charges)),
  }
}

/** The array's cell behind an assessment's binding cell. */
function findCell({ grid }: RiskArray, { bindingCell: { spot, volState } }: AccountAssessment): GridCell {
  const cells = [...grid.scans.maintenance, ...[...grid.atStrike.values()].flatMap(({ maintenance }) => maintenance)]
  return cells.find((cell) => cell.spot === spot && cell.volState === volState)!
}

/** Value of one contract in the cell as the account's margin counts it: with the credit of its expiry, or its payoff where that is the worse for the expiry as a whole. */
function stressedValues({ rows, expiries }: RiskArray, positions: readonly Position[], cell: GridCell): (instrument: number) => Usd {
  const sums = new Map<number, { value: Usd; payoff: Usd }>()
  for (const { instrument, quantity } of positions) {
    const { expiry, exact, values, payoffs } = rows[instrument]!
    if (exact) continue
    const known = sums.get(expiry) ?? { value: 0, payoff: 0 }
    sums.set(expiry, {
      value: known.value + quantity * values[cell.valueColumn]!,
      payoff: known.payoff + quantity * payoffs[cell.payoffColumn]!,
    })
  }
  return (instrument) => {
    const { expiry, exact, values, payoffs } = rows[instrument]!
    const value = values[cell.valueColumn]!
    if (exact) return value
    const { credit, worseOfPayoff } = expiries[expiry]!
    const total = sums.get(expiry)!
    const atPayoff = worseOfPayoff && total.payoff < total.value
    const counted = atPayoff ? payoffs[cell.payoffColumn]! : value
    return (atPayoff ? total.payoff : total.value) > 0 ? credit * counted : counted
  }
}
