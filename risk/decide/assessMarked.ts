import { assessGroup } from '../margin/group/index.ts'
import { type AccountAssessment, assessBook, type MarginParameters } from '../margin/index.ts'
import type { Fraction, Portfolio, Usd } from '../types/index.ts'
import type { MarkedMarket } from './markBook.ts'

/** One account over all underlyings that it holds. */
export type MarkedAccount = Pick<AccountAssessment, 'account' | 'equity' | 'maintenance' | 'initial' | 'liquidatable' | 'notional'> & {
  /** Part of the notional that is in the book's own underlying. */
  readonly ownNotional: Usd
}

/** What margin needs of each underlying beside its mark. */
export type MarketTerms = {
  readonly parameters: MarginParameters
  /** `margin.betaResidual`: 0 is the common factor. */
  readonly residual: Fraction
}

/** Margin of every account of a marked book, in its order: one underlying by its own rule, several by the beta ladder. */
export function assessMarked(markets: readonly MarkedMarket[], termsOf: (market: string) => MarketTerms): readonly MarkedAccount[] {
  const [own] = markets
  if (own === undefined) return []
  const holdings = own.book.portfolios.map((_, account) =>
    markets.flatMap(({ book }, i) => (holdsSomething(book.portfolios[account]!) ? [i] : [])),
  )
  const assessed = new Map<number, MarkedAccount>()
  for (const [i, { market, book, mark }] of markets.entries()) {
    const accounts = holdings.flatMap((held, account) => (held.length <= 1 && (held[0] ?? 0) === i ? [account] : []))
    if (accounts.length === 0) continue
    const portfolios = accounts.map((account) => withCashOf(own, account, book.portfolios[account]!))
    const { accounts: results } = assessBook({ instruments: book.instruments, portfolios }, mark, termsOf(market).parameters)
    for (const [place, result] of results.entries())
      assessed.set(accounts[place]!, { ...result, ownNotional: i === 0 ? result.notional : 0 })
  }
  for (const [account, held] of holdings.entries())
    if (held.length > 1) assessed.set(account, assessAcross(markets, account, held, termsOf))
  return own.book.portfolios.map((_, account) => assessed.get(account)!)
}

function holdsSomething({ collateral, positions }: Portfolio): boolean {
  return collateral > 0 || positions.length > 0
}

/** Cash and assets are kept in the first market. */
function withCashOf({ book }: MarkedMarket, account: number, portfolio: Portfolio): Portfolio {
  const { collateral: _, positions: __, ...money } = book.portfolios[account]!
  return { ...money, collateral: portfolio.collateral, positions: portfolio.positions }
}

function assessAcross(
  markets: readonly MarkedMarket[],
  account: number,
  held: readonly number[],
  termsOf: (market: string) => MarketTerms,
): MarkedAccount {
  const members = held.map((place, i) => {
    const { market, book, mark } = markets[place]!
    const portfolio = book.portfolios[account]!
    // What was deposited is one figure of the account, not of each underlying: the cap on gains stays with single markets.
    const { principal: _, ...rest } = i === 0 ? withCashOf(markets[0]!, account, portfolio) : portfolio
    const carried = i === 0 ? rest : { account: rest.account, cash: 0, collateral: rest.collateral, positions: rest.positions }
    // Only what the account holds is priced.
    const instruments = carried.positions.map(({ instrument }) => book.instruments[instrument]!)
    const positions = carried.positions.map(({ quantity }, instrument) => ({ instrument, quantity }))
    return { market, instruments, portfolio: { ...carried, positions }, mark, ...termsOf(market) }
  })
  const factor = members.find(({ residual }) => residual === 0)?.market ?? ''
  const { equity, maintenance, initial, liquidatable, members: singles } = assessGroup(members, factor)
  return {
    account: markets[0]!.book.portfolios[account]!.account,
    equity,
    maintenance,
    initial,
    liquidatable,
    notional: singles.reduce((sum, { notional }) => sum + notional, 0),
    ownNotional: held[0] === 0 ? singles[0]!.notional : 0,
  }
}
