import { compensatedSum } from '../math/index.ts'
import type { Fraction, Portfolio, Position, Usd } from '../types/index.ts'
import { cellsOf } from './cellsOf.ts'
import { accountCharges } from './charges/index.ts'
import type { GridCell } from './marginGrid.ts'
import { maximumLoss, maximumLossApart } from './maximumLoss.ts'
import { netShort } from './netShort.ts'
import type { RiskArray } from './riskArray.ts'
import type { Pass } from './scanPasses.ts'
import { type StressedPortfolio, stressPortfolio } from './stressPortfolio.ts'
import type { AccountAssessment, BindingCell, Charges, LossParts } from './types.ts'

/** Share of the initial margin up to which gains that were never withdrawn back new risk. */
const GAINS_CEILING = 0.5

/**
 * Equity and requirement of one account (risk policy B6).
 *
 * Each scan asks for max(0, worst weighted loss, short-option minimum) + charges; initial margin, over the larger range and with target values, x multiplier and
 * never below maintenance; both capped at the most the account can lose. The portfolio has been checked by the caller.
 */
export function assessPortfolio(array: RiskArray, portfolio: Portfolio): AccountAssessment {
  const { market, parameters } = array
  const positions = inRankOrder(array, portfolio)
  const account = stressPortfolio(array, portfolio, positions)
  const { mark } = account
  const losses: Losses = {
    together: maximumLoss(array, portfolio, positions, account),
    apart: () => maximumLossApart(array, portfolio, positions, account),
  }
  const contracts = netShort(array, positions)
  const maintenance = runPass('maintenance', array, account, positions, contracts, losses, 1)
  const initial = runPass('initial', array, account, positions, contracts, losses, parameters.initialMultiplier)
  const equity = portfolio.cash + mark
  const initialMargin = Math.max(maintenance.margin, initial.margin)
  return {
    account: portfolio.account,
    equity,
    maintenance: maintenance.margin,
    initial: initialMargin,
    liquidatable: equity < maintenance.margin,
    freeMargin: countedEquity(array, portfolio, equity, initialMargin) - initialMargin,
    notional: compensatedSum(positions.map(({ quantity }) => Math.abs(quantity))) * market.spot,
    maximumLoss: losses.together,
    bindingCell: maintenance.cell,
    charges: { maintenance: maintenance.charges, initial: initial.charges },
  }
}

/** The positions of a portfolio in the one order in which they are added. */
export function inRankOrder({ rank }: RiskArray, { positions }: Portfolio): readonly Position[] {
  return [...positions].sort((a, b) => rank[a.instrument]! - rank[b.instrument]!)
}

type Losses = { readonly together: Usd | null; readonly apart: () => Usd | null }
type PassResult = { readonly margin: Usd; readonly cell: BindingCell; readonly charges: Charges }

/** One scan with its charges and caps. */
function runPass(
  pass: Pass,
  array: RiskArray,
  account: StressedPortfolio,
  positions: readonly Position[],
  contracts: number,
  losses: Losses,
  multiplier: number,
): PassResult {
  const { market, parameters, passes, expiries } = array
  const scan = passes[pass]
  const charges = accountCharges(
    { spot: market.spot, units: account.units, sums: account.sums, expiries },
    pass,
    scan,
    parameters.liquidity ?? null,
  )
  const floor = scan.shortOptionMinimum * market.spot * contracts
  const worst = worstCell(cellsOf(array, pass, positions), account)
  const scanned = Math.max(0, worst.weight * worst.loss, floor)
  const within = scanned + charges.skew + charges.delta + charges.gamma + charges.vega
  const between = multiplier * (charges.term + charges.basis)
  const margin = cap(multiplier * within, between, losses)
  const rule = margin < multiplier * scanned ? 'maximumLoss' : scanned === 0 ? 'none' : scanned === floor ? 'shortOptionMinimum' : 'scan'
  return { margin, cell: { rule, ...worst, parts: lossParts(array, account, pass, worst) }, charges }
}

/**
 * The most the account can lose caps what it is asked for. Term and basis charges stand for expiries that part from one another, which the loss at one price cannot
 * see: they come on top, until the sum of what each expiry can lose by itself, which payoffs give exactly.
 */
function cap(within: Usd, between: Usd, { together, apart }: Losses): Usd {
  const capped = Math.min(within, together ?? Number.POSITIVE_INFINITY)
  if (between === 0) return capped
  const most = apart()
  const asked = capped + between
  return most === null ? asked : Math.min(asked, Math.max(most, together ?? 0))
}

type WorstCell = Omit<BindingCell, 'rule' | 'parts'>

/** The cell with the largest weighted loss; the first of equals. */
function worstCell(cells: readonly GridCell[], { mark, stressed }: StressedPortfolio): WorstCell {
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

/** What first- and second-order moves in price and first-order moves in vol explain of a cell's loss. */
function lossParts({ market, expiries }: RiskArray, { units, sums }: StressedPortfolio, pass: Pass, cell: WorstCell): LossParts {
  const step = cell.spot - market.spot
  const delta = -(units + total(sums.delta)) * step
  const gamma = -0.5 * total(sums.gamma) * step * step
  const vega = -total(sums.expiries.map((at, i) => sums.vega[i]! * expiries[at]!.volMoves[pass][cell.volState]))
  return { delta, gamma, vega, other: cell.loss - delta - gamma - vega }
}

/**
 * Equity that backs new risk and withdrawals: collateral at its target haircut, and gains since deposit up to half of the initial margin. The cap is on
 * the account's gain as a whole, so that a hedge is not broken and a premium paid is never cut.
 */
function countedEquity({ market, parameters }: RiskArray, { collateral, principal }: Portfolio, equity: Usd, initial: Usd): Usd {
  const targetHaircut: Fraction = parameters.newRisk?.haircut ?? parameters.haircut
  const atTarget = equity - collateral * market.spot * Math.max(0, targetHaircut - parameters.haircut)
  if (principal === undefined) return atTarget
  const gains = Math.max(0, equity - principal)
  return atTarget - Math.max(0, gains - GAINS_CEILING * initial)
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
