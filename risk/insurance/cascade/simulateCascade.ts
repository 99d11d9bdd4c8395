import { InvalidInputError } from '../../errors/index.ts'
import { fromWadUsd, type LiquidationTerms, quoteSlice, toWadUsd } from '../../liquidation/index.ts'
import { squareRootImpact } from '../../liquidity/index.ts'
import { assessBook, type MarginMarket, type MarginParameters } from '../../margin/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Book, Fraction, Portfolio, Usd } from '../../types/index.ts'
import { valueBook } from '../stress/index.ts'

/** What the market is like for those who take over and hedge. */
export type CascadeSettings = {
  /** First move of the index, in (-1, 10]. */
  readonly shock: Fraction
  /** USD that moves the price by 1 %, above 0. */
  readonly depthUsd: Usd
  /** Share of the delta taken over that bidders trade in the market, in [0, 1]. */
  readonly hedgedShare: Fraction
  readonly terms: LiquidationTerms
  /** Accounts whose remainder would have less maintenance are taken whole, USD. */
  readonly dustUsd: Usd
  /** Rounds after which it is given up, in [1, 1000]. */
  readonly maxRounds: number
}

/** One round: everyone liquidatable at one price is sold one slice. */
export type CascadeRound = {
  readonly spot: Usd
  readonly accounts: number
  /** Gross delta taken over. */
  readonly liquidatedUsd: Usd
  /** Net delta that hedgers have traded until now; negative is sold. */
  readonly flowUsd: Usd
}

export type CascadeResult = {
  /** `settled`: nobody is liquidatable at the last price. `unsettled`: rounds ran out. */
  readonly kind: 'settled' | 'unsettled'
  readonly rounds: readonly CascadeRound[]
  readonly finalSpot: Usd
  /** Move of the index with the cascade over the move without it; null without a shock. */
  readonly amplification: number | null
  readonly liquidatedUsd: Usd
  /** What accounts were charged, and what bankrupt ones left unpaid. */
  readonly chargedUsd: Usd
  readonly badDebtUsd: Usd
  /** Accounts as they end. */
  readonly portfolios: readonly Portfolio[]
}

/** The index keeps at least this share of itself: the impact law is no law for larger moves. */
const LEAST_SHARE = 0.05

/**
 * Liquidations that move the price that causes them. In rounds: every account below maintenance is sold the slice that the closed form allows at the full charge, a bankrupt one
 * whole; bidders trade the delta they took, and the index stands at its shocked level times 1 -/+ the square root impact of all that was traded since the start. Vols, time and forwards
 * against the index stay. It ends when a price liquidates nobody: a fixed point, since nothing then trades. All accounts of a round see the same price, so their order is irrelevant.
 *
 * @param market - The market before the shock.
 * @throws {InvalidInputError} An argument is outside its domain.
 * @see Cont and Schaanning, Fire sales, indirect contagion and systemic stress testing (2017), section 3, for the rounds; contract-rules B12 for the slice.
 */
export function simulateCascade(
  book: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  parameters: MarginParameters,
  settings: CascadeSettings,
): CascadeResult {
  assertSettings(settings)
  const { shock, depthUsd, hedgedShare, maxRounds } = settings
  const shocked = market.spot * (1 + shock)
  const rounds: CascadeRound[] = []
  const sum = { flow: 0, liquidated: 0, charged: 0, badDebt: 0 }
  let portfolios = book.portfolios
  let spot = shocked
  let kind: CascadeResult['kind'] = 'unsettled'
  while (rounds.length < maxRounds) {
    const round = sellRound({ instruments: book.instruments, portfolios }, { ...market, spot }, parameters, settings)
    if (round.accounts === 0) {
      kind = 'settled'
      break
    }
    portfolios = round.portfolios
    sum.flow -= hedgedShare * round.takenDelta
    sum.liquidated += round.liquidated
    sum.charged += round.charged
    sum.badDebt += round.badDebt
    rounds.push({ spot, accounts: round.accounts, liquidatedUsd: round.liquidated, flowUsd: sum.flow })
    spot = shocked * Math.max(LEAST_SHARE, 1 + Math.sign(sum.flow) * squareRootImpact(tradable(sum.flow), depthUsd))
  }
  return {
    kind,
    rounds,
    finalSpot: spot,
    amplification: shock === 0 ? null : (spot / market.spot - 1) / shock,
    liquidatedUsd: sum.liquidated,
    chargedUsd: sum.charged,
    badDebtUsd: sum.badDebt,
    portfolios,
  }
}

/** Flows below a millionth of a dollar are none. */
function tradable(flow: Usd): Usd {
  const size = Math.abs(flow)
  return size < 1e-6 ? 0 : size
}

function sellRound(
  book: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  parameters: MarginParameters,
  { terms, dustUsd }: CascadeSettings,
) {
  const assessed = assessBook(book, market, parameters).accounts
  const due = assessed.flatMap(({ liquidatable }, account) => (liquidatable ? [account] : []))
  const portfolios = [...book.portfolios]
  const round = { portfolios, accounts: due.length, takenDelta: 0, liquidated: 0, charged: 0, badDebt: 0 }
  if (due.length === 0) return round
  const sold = { instruments: book.instruments, portfolios: due.map((account) => book.portfolios[account]!) }
  const valued = valueBook(sold, market)({ spotMove: 0, volMultiple: 1, basis: 0 })
  due.forEach((account, i) => {
    const portfolio = book.portfolios[account]!
    const { equity, maintenance } = assessed[account]!
    const state = { equity: toWadUsd('equity', equity, 'down'), maintenance: toWadUsd('maintenance', maintenance, 'up') }
    const gross = valued.grossDelta[i]!
    const elapsed = Math.max(terms.solventSeconds, terms.insolventSeconds)
    const quote = quoteSlice(state, toWadUsd('gross delta', gross, 'down'), terms, elapsed, toWadUsd('dustUsd', dustUsd, 'up'))
    if (quote.phase === 'restored') return
    const share = quote.phase === 'insolvent' ? 1 : fromWadUsd(quote.fraction)
    const charge = quote.phase === 'insolvent' ? 0 : fromWadUsd(quote.charge)
    // Positions and collateral change hands at mark, for cash.
    const worth = valued.equity[i]! - portfolio.cash - assetsWorth(portfolio, market)
    const cash = portfolio.cash + share * worth - charge
    const bankrupt = share === 1 && cash < 0
    portfolios[account] = {
      ...portfolio,
      cash: bankrupt ? 0 : cash,
      collateral: share === 1 ? 0 : portfolio.collateral * (1 - share),
      positions: share === 1 ? [] : portfolio.positions.map((position) => ({ ...position, quantity: position.quantity * (1 - share) })),
    }
    if (bankrupt) round.badDebt -= cash
    round.takenDelta += share * valued.netDelta[i]!
    round.liquidated += share * gross
    round.charged += charge
  })
  return round
}

/** Other collateral assets stay with the account. */
function assetsWorth({ assets }: Portfolio, market: MarginMarket): Usd {
  return (assets ?? []).reduce(
    (sum, { asset, amount }) => sum + amount * market.collaterals!.find((quote) => quote.asset === asset)!.price,
    0,
  )
}

function assertSettings({ shock, depthUsd, hedgedShare, dustUsd, maxRounds }: CascadeSettings): void {
  assertInRange('shock', shock, -1 + 1e-9, 10)
  assertInRange('depthUsd', depthUsd, 1e-9, 1e18)
  assertInRange('hedgedShare', hedgedShare, 0, 1)
  assertInRange('dustUsd', dustUsd, 0, 1e12)
  if (!(Number.isInteger(maxRounds) && maxRounds >= 1 && maxRounds <= 1000))
    throw new InvalidInputError({ argument: 'maxRounds', got: maxRounds, limit: 'a whole number in [1, 1000]' })
}
