import { assertBook, type MarginMarket, smileVol } from '../../margin/index.ts'
import { expiryOf, type PricingRegistry, pricingModuleOf, pricingRegistry, yearsBetween } from '../../pricing/index.ts'
import { volShockScale } from '../../scenarios/index.ts'
import type { Book, Instrument, Usd, Vol, Years } from '../../types/index.ts'
import type { StressScenario } from './StressScenario.ts'

/** Accounts in one state, in the book's order. */
export type ValuedBook = {
  /** Cash, collateral at its stressed price without any haircut, and positions. */
  readonly equity: Float64Array
  /** Net delta of positions and collateral, USD. */
  readonly netDelta: Float64Array
  /** Sum over positions and collateral of |delta|, USD. */
  readonly grossDelta: Float64Array
}

/** Revalues a book in any state; what does not depend on the state was computed once. */
export type BookValuer = (scenario: Pick<StressScenario, 'spotMove' | 'volMultiple' | 'basis'>) => ValuedBook

/** Half width of the difference that gives delta. */
const BUMP = 1e-3
const MONTH: Years = 30 / 365
/**
 * Prepares full revaluation of a book in stressed states. Time stands still; the vol of a strike is scaled, not moved along the smile; a dated claim is worth
 * what its forward says, index x forward ratio x (1 + basis), a perpetual index x (1 + basis). Other collateral assets move with their beta, stable ones not at all.
 *
 * @param market - As for margin: flat or a surface.
 * @throws {InvalidInputError} The book or the market is outside the domain of the margin rule.
 */
export function valueBook(
  book: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  registry: PricingRegistry = pricingRegistry,
): BookValuer {
  assertBook(book, market, registry)
  const lanes = book.instruments.map((instrument) => laneOf(instrument, market, registry))
  return ({ spotMove, volMultiple, basis }) => {
    const spot = market.spot * (1 + spotMove)
    const values = Float64Array.from(lanes, (lane) => lane(spot, volMultiple, basis))
    const deltas = Float64Array.from(
      lanes,
      (lane) => (lane(spot * (1 + BUMP), volMultiple, basis) - lane(spot * (1 - BUMP), volMultiple, basis)) / (2 * BUMP),
    )
    const count = book.portfolios.length
    const valued = { equity: new Float64Array(count), netDelta: new Float64Array(count), grossDelta: new Float64Array(count) }
    book.portfolios.forEach(({ cash, collateral, assets, positions }, account) => {
      let equity = cash + collateral * spot
      let net = collateral * spot
      let gross = net
      for (const { asset, amount } of assets ?? []) equity += amount * stressedPrice(asset, market, spotMove)
      for (const { instrument, quantity } of positions) {
        equity += quantity * values[instrument]!
        net += quantity * deltas[instrument]!
        gross += Math.abs(quantity * deltas[instrument]!)
      }
      valued.equity[account] = equity
      valued.netDelta[account] = net
      valued.grossDelta[account] = gross
    })
    return valued
  }
}

type Lane = (spot: Usd, volMultiple: number, basis: number) => Usd

function laneOf(instrument: Instrument, market: MarginMarket, registry: PricingRegistry): Lane {
  const module = pricingModuleOf(instrument, registry)
  const expiry = expiryOf(instrument)
  if (expiry === null) {
    return (spot, _, basis) => {
      const price = spot * (1 + basis)
      return module.value(instrument, { spot: price, forward: price, vol: 0, timeToExpiry: 0 })
    }
  }
  const timeToExpiry = yearsBetween(market.time, expiry)
  const quote = 'markVol' in market ? null : market.expiries.find((each) => each.expiry === expiry)!
  const forwardRatio = quote === null ? 1 : quote.forwardRatio
  const strike = module.strike(instrument)
  const vol: Vol =
    'markVol' in market
      ? market.markVol
      : strike === null
        ? quote!.atmVol
        : smileVol(quote!, strike, market.spot * forwardRatio, timeToExpiry)
  const share = timeToExpiry <= MONTH ? 1 : volShockScale(timeToExpiry)
  return (spot, volMultiple, basis) =>
    module.value(instrument, { spot, forward: spot * forwardRatio * (1 + basis), vol: vol * (1 + (volMultiple - 1) * share), timeToExpiry })
}

function stressedPrice(asset: string, market: MarginMarket, spotMove: number): Usd {
  const quote = market.collaterals!.find((each) => each.asset === asset)!
  return quote.kind === 'stable' ? quote.price : quote.price * Math.max(0, 1 + quote.beta * spotMove)
}
