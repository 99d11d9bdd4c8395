import type { CollateralQuote, ExpiryQuote, MarginMarket } from '../margin/index.ts'
import { log } from '../math/index.ts'
import { expiryOf, pricingModuleOf, pricingRegistry, yearsBetween } from '../pricing/index.ts'
import type {
  Book,
  GroupReading,
  Instrument,
  MarketReading,
  MarketSnapshot,
  Portfolio,
  PostedSlice,
  ScopeId,
  UnixSeconds,
  Usd,
  Vol,
} from '../types/index.ts'
import { fromBps } from '../units.ts'

/** The accounts of a book in one underlying, with the market that marks them. Every underlying has all accounts, in one order; cash and assets are in the first. */
export type MarkedMarket = {
  readonly market: string
  readonly book: Pick<Book, 'instruments' | 'portfolios'>
  readonly mark: MarginMarket
}

type Accounts = MarkedMarket['book']

/** Vols that a mark may have. */
const LEAST_VOL: Vol = 0.01
const GREATEST_VOL: Vol = 10

/**
 * The book of a snapshot, marked: what is generated on the source's price and flat vol, what is deployed on the contracts' own price and the posted surface, at the time of
 * their block. There, expired positions count as the cash that they paid or, until the price is final, would pay now; an expiry without a slice is marked at the source's flat vol.
 *
 * @returns The book's own underlying first.
 * @throws {InvalidInputError} A smile, a price or a position is outside the domain of the margin rule.
 */
export function markBook(snapshot: MarketSnapshot, book: Book): readonly MarkedMarket[] {
  const { group } = snapshot
  if (group === undefined)
    return [{ market: book.market, book, mark: { time: snapshot.observedAt, spot: snapshot.spot, markVol: snapshot.markVol } }]
  const own: readonly [string, Accounts] = [book.market, book]
  const all: readonly (readonly [string, Accounts])[] = [
    own,
    ...(book.elsewhere ?? []).map(({ market, instruments, holdings }): [string, Accounts] => {
      const held = new Map(holdings.map((each) => [each.account, each]))
      const portfolios = book.portfolios.map(({ account }): Portfolio => ({ cash: 0, ...(held.get(account) ?? nothing(account)) }))
      return [market, { instruments, portfolios }]
    }),
  ]
  const collaterals = quoteAssets(group)
  const settled = all.map(([market, accounts]) => {
    const reading = group.markets.find((each) => each.market === market)
    return { market, reading, ...settle(accounts, reading, snapshot) }
  })
  return settled.map(({ market, reading, instruments, portfolios }, i) => {
    // What expired anywhere was paid into the one cash of the account.
    const paid = i > 0 ? [] : settled.map((each) => each.paid)
    const withCash = portfolios.map((portfolio, account) => ({
      ...portfolio,
      cash: paid.reduce((cash, each) => cash + each[account]!, portfolio.cash),
    }))
    const mark = { ...markOf(reading, instruments, snapshot), collaterals }
    return { market, book: { instruments, portfolios: withCash }, mark }
  })
}

function nothing(account: string): Pick<Portfolio, 'account' | 'collateral' | 'positions'> {
  return { account, collateral: 0, positions: [] }
}

// ------------------------------------------------------------------ what expired

/** Takes expired instruments out of the accounts, and says what each account was paid for them. */
function settle(
  { instruments, portfolios }: Accounts,
  reading: MarketReading | undefined,
  { chain, spot }: MarketSnapshot,
): Accounts & { readonly paid: readonly Usd[] } {
  const price = reading?.price ?? spot
  const finalPrices = new Map(reading?.settlements.map((each) => [each.expiry, each.price]))
  const worth = instruments.map((instrument): Usd | null => {
    const expiry = expiryOf(instrument)
    if (expiry === null || expiry > chain.time) return null
    return pricingModuleOf(instrument, pricingRegistry).payoff(instrument, finalPrices.get(expiry) ?? price)
  })
  const places = new Map<number, number>()
  for (const [i, value] of worth.entries()) if (value === null) places.set(i, places.size)
  const paid = portfolios.map(({ positions }) =>
    positions.reduce((sum, { instrument, quantity }) => sum + quantity * (worth[instrument] ?? 0), 0),
  )
  return {
    instruments: instruments.filter((_, i) => places.has(i)),
    portfolios: portfolios.map((portfolio) => ({
      ...portfolio,
      positions: portfolio.positions.flatMap(({ instrument, quantity }) => {
        const place = places.get(instrument)
        return place === undefined ? [] : [{ instrument: place, quantity }]
      }),
    })),
    paid,
  }
}

// ------------------------------------------------------------------ the mark

function markOf(
  reading: MarketReading | undefined,
  instruments: readonly Instrument[],
  { chain, spot, markVol }: MarketSnapshot,
): MarginMarket {
  const { time } = chain
  const price = reading?.price ?? spot
  const expiries = [...new Set(instruments.map(expiryOf))].filter((expiry) => expiry !== null).sort((a, b) => a - b)
  const flat = Math.min(GREATEST_VOL, Math.max(LEAST_VOL, markVol))
  return {
    time,
    spot: price,
    expiries: expiries.map((expiry) => {
      const slice = reading?.slices.find((each) => each.expiry === expiry)
      const strikes = strikesAt(instruments, expiry)
      return slice === undefined ? flatQuote(expiry, price, flat) : quoteOf(slice, strikes)
    }),
  }
}

/** Strikes that accounts hold at an expiry, ascending. */
function strikesAt(instruments: readonly Instrument[], expiry: UnixSeconds): Usd[] {
  const strikes = instruments
    .filter((instrument) => expiryOf(instrument) === expiry)
    .map((instrument) => pricingModuleOf(instrument, pricingRegistry).strike(instrument))
  return [...new Set(strikes)].filter((strike) => strike !== null).sort((a, b) => a - b)
}

function flatQuote(expiry: UnixSeconds, spot: Usd, vol: Vol): ExpiryQuote {
  return { expiry, forwardRatio: 1, atmVol: vol, smile: { kind: 'points', strikes: [spot], vols: [vol] } }
}

/** A posted slice at the strikes that are held: read here, since near expiry wings may pass the vol that a mark takes. */
function quoteOf(slice: PostedSlice, strikes: readonly Usd[]): ExpiryQuote {
  const { expiry, spot, forwardRatio, atmVol } = slice
  const at = strikes.length === 0 ? [spot * forwardRatio] : strikes
  const vols = at.map((strike) => Math.min(GREATEST_VOL, Math.max(LEAST_VOL, postedVol(slice, strike))))
  return { expiry, forwardRatio, atmVol, smile: { kind: 'points', strikes: at, vols } }
}

/** The vol of a strike as it was posted, which is what it stays until the next post. */
function postedVol({ expiry, asOf, spot, forwardRatio, a, b, rho, m, sigma }: PostedSlice, strike: Usd): Vol {
  const k = log(strike / (spot * forwardRatio)) - m
  return Math.sqrt(Math.max(0, a + b * (rho * k + Math.sqrt(k * k + sigma * sigma))) / yearsBetween(asOf, expiry))
}

// ------------------------------------------------------------------ collateral

function quoteAssets({ assets, values }: GroupReading): readonly CollateralQuote[] {
  const haircutOf = (scope: ScopeId): number =>
    values.find((each) => each.scope === scope && each.id === 'collateral.haircut')?.effective ?? 10_000
  return assets.map(({ asset, price }) => ({ asset, price, kind: 'stable', haircut: fromBps(haircutOf(asset)), admitted: 1 }))
}
