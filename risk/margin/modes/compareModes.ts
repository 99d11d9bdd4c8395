import { compensatedSum } from '../../math/index.ts'
import { type PricingRegistry, pricingRegistry } from '../../pricing/index.ts'
import type { Instrument, Portfolio, Usd } from '../../types/index.ts'
import { assertPortfolio } from '../assertMarginInputs.ts'
import { assessPortfolio } from '../assessPortfolio.ts'
import type { RiskArray } from '../riskArray.ts'
import { stressPortfolio } from '../stressPortfolio.ts'
import type { MarginMarket, MarginParameters } from '../types.ts'
import { arrayFor } from '../whatIf/arrayFor.ts'

/** Two requirements, USD. */
export type Requirement = { readonly maintenance: Usd; readonly initial: Usd }

/** What one portfolio would have to post, in each way of margining it. */
export type ModeComparison = {
  /** Every position backs itself alone. */
  readonly isolated: Requirement
  /** Requirements position by position, value and collateral shared. */
  readonly cross: Requirement
  /** One scan of everything. */
  readonly portfolio: Requirement
  /** Loss of the net delta over the scan range, of a short gamma there, and of the net vega in the worse vol state: first- and second-order figures, each alone. */
  readonly sensitivities: { readonly delta: Usd; readonly gamma: Usd; readonly vega: Usd }
}

/**
 * Collateral that the positions of a portfolio need under isolated, cross and portfolio margin, and the figures of delta, gamma and vega margin beside them.
 *
 * With MM_i the requirement of position i by itself and V_i what it is worth as an asset (nothing for futures, whose gain is in cash): isolated = sum of max(0, MM_i - V_i),
 * cross = max(0, sum of (MM_i - V_i)), portfolio = max(0, MM - sum of V_i). So portfolio <= cross <= isolated wherever margin is subadditive, that is unless a cap at the
 * maximum loss or a charge for size binds. Cash and collateral of the portfolio stay out.
 *
 * @throws {InvalidInputError} An input of `assessBook` is outside its domain.
 */
export function compareModes(
  portfolio: Portfolio,
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): ModeComparison {
  assertPortfolio(portfolio, instruments.length, market)
  const { array, place } = arrayFor([portfolio], instruments, market, parameters, registry)
  const { account, positions } = place(portfolio)
  const needOf = (held: Portfolio['positions']) => {
    const { maintenance, initial } = assessPortfolio(array, { account, cash: 0, collateral: 0, positions: held })
    const worth = assetValueOf(array, held)
    return { maintenance: maintenance - worth, initial: initial - worth }
  }
  const alone = positions.map((position) => needOf([position]))
  const total = (part: (need: Requirement) => number): Usd => Math.max(0, compensatedSum(alone.map(part).sort((a, b) => a - b)))
  const both = (of: (pick: (need: Requirement) => number) => Usd): Requirement => ({
    maintenance: of((need) => need.maintenance),
    initial: of((need) => need.initial),
  })
  const together = needOf(positions)
  return {
    isolated: both((pick) => total((need) => Math.max(0, pick(need)))),
    cross: both((pick) => total(pick)),
    portfolio: both((pick) => Math.max(0, pick(together))),
    sensitivities: sensitivityMargins(array, { account, cash: 0, collateral: 0, positions }),
  }
}

/** Value of the positions that are assets: a future's gain stands in cash, so its price is not one. */
function assetValueOf({ rows }: RiskArray, positions: Portfolio['positions']): Usd {
  return compensatedSum(
    positions
      .map(({ instrument, quantity }) => (rows[instrument]!.exact ? 0 : quantity * rows[instrument]!.values[0]!))
      .sort((a, b) => a - b),
  )
}

function sensitivityMargins(array: RiskArray, portfolio: Portfolio): ModeComparison['sensitivities'] {
  const { market, passes, expiries, rank } = array
  const positions = [...portfolio.positions].sort((a, b) => rank[a.instrument]! - rank[b.instrument]!)
  const { sums } = stressPortfolio(array, portfolio, positions)
  const move = market.spot * passes.maintenance.range
  const vegaLoss = (state: 'up' | 'down'): Usd =>
    -compensatedSum(sums.expiries.map((at, i) => sums.vega[i]! * expiries[at]!.volMoves.maintenance[state]))
  return {
    delta: Math.abs(compensatedSum(sums.delta)) * move,
    gamma: Math.max(0, -0.5 * compensatedSum(sums.gamma) * move * move),
    vega: Math.max(0, vegaLoss('up'), vegaLoss('down')),
  }
}
