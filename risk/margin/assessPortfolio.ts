import { compensatedSum } from '../math/index.ts'
import type { Portfolio, Usd } from '../types/index.ts'
import type { GridCell } from './marginGrid.ts'
import { netShort } from './netShort.ts'
import type { RiskArray } from './riskArray.ts'
import { stressPortfolio } from './stressPortfolio.ts'
import type { AccountAssessment, BindingCell } from './types.ts'

/**
 * Equity and requirement of one account (risk policy B6).
 *
 * maintenance = max(0, worst weighted loss of the scan, short-option minimum); initial = the same over the larger range x multiplier, never below
 * maintenance; both capped at the most the account can lose. The portfolio has been checked by the caller.
 */
export function assessPortfolio(array: RiskArray, portfolio: Portfolio): AccountAssessment {
  const { market, parameters, grid, rank } = array
  const positions = [...portfolio.positions].sort((a, b) => rank[a.instrument]! - rank[b.instrument]!)
  const { mark, stressed, least } = stressPortfolio(array, portfolio, positions)
  const maximumLoss = least === null ? null : Math.max(0, mark - least)
  const floor = parameters.shortOptionMinimum * market.spot * netShort(array, positions)
  const worst = worstCell(grid.maintenance, mark, stressed)
  const required = Math.max(0, weightedLoss(worst), floor)
  const requiredInitially = parameters.initialMultiplier * Math.max(0, weightedLoss(worstCell(grid.initial, mark, stressed)), floor)
  const maintenance = capped(required, maximumLoss)
  const equity = portfolio.cash + mark
  return {
    account: portfolio.account,
    equity,
    maintenance,
    initial: Math.max(maintenance, capped(requiredInitially, maximumLoss)),
    liquidatable: equity < maintenance,
    notional: compensatedSum(positions.map(({ quantity }) => Math.abs(quantity))) * market.spot,
    maximumLoss,
    bindingCell: { rule: bindingRule(required, maintenance, floor), ...worst },
  }
}

type WorstCell = Omit<BindingCell, 'rule'>

/** The cell with the largest weighted loss; the first of equals. */
function worstCell(cells: readonly GridCell[], mark: Usd, stressed: Float64Array): WorstCell {
  let worst = cells[0]!
  let most = Number.NEGATIVE_INFINITY
  for (const cell of cells) {
    const loss = cell.weight * (mark - stressed[cell.valueColumn]!)
    if (loss > most) {
      most = loss
      worst = cell
    }
  }
  const { move, spot, volState, weight, valueColumn } = worst
  return { move, spot, volState, weight, loss: mark - stressed[valueColumn]! }
}

function weightedLoss({ weight, loss }: WorstCell): Usd {
  return weight * loss
}

function capped(requirement: Usd, maximumLoss: Usd | null): Usd {
  return maximumLoss === null ? requirement : Math.min(requirement, maximumLoss)
}

function bindingRule(required: Usd, maintenance: Usd, floor: Usd): BindingCell['rule'] {
  if (maintenance < required) return 'maximumLoss'
  if (required === 0) return 'none'
  return required === floor ? 'shortOptionMinimum' : 'scan'
}
