import {
  type AccountState,
  decodeInstrumentId,
  formatAccountId,
  type GroupState,
  type HeldChain,
  type ListedCollateral,
} from '../../chain/clearing/index.ts'
import type {
  Book,
  BookElsewhere,
  DatedFuture,
  DigitalOption,
  GroupReading,
  MarketReading,
  Portfolio,
  ScopeId,
  UnixSeconds,
  VanillaOption,
} from '../../risk/types/index.ts'
import { UnavailableError } from '../errors/SourceErrors.ts'

/** A margin group at one block, as its snapshot and book have it. */
export type GroupDocuments = { readonly book: Book; readonly group: GroupReading }

const LOTS_PER_CONTRACT = 10_000
type ListedInstrument = VanillaOption | DatedFuture | DigitalOption

/**
 * Turns what the contracts say into the documents of a tick: doubles, nearest to the integers, in one order, so that engines that read the same block have the same bytes.
 * Accounts that hold cash alone are left out: nothing can make them fall short.
 *
 * @param market - The engine's own, whose positions stand in the book itself.
 * @param scope - The engine's own, whose parameters the snapshot holds elsewhere.
 * @param time - Of the block.
 * @throws {UnavailableError} Somebody holds what has no price and never had one.
 */
export function groupDocuments(
  state: GroupState,
  { market, scope, group, time }: { readonly market: string; readonly scope: ScopeId; readonly group: ScopeId; readonly time: UnixSeconds },
): GroupDocuments {
  const own: ScopeId = `market:${market}`
  const accounts = [...state.accounts].filter(hasRisk).sort((a, b) => (a.account < b.account ? -1 : 1))
  const underlyings = underlyingsOf(state.collaterals)
  const markets = [...new Set([own, ...state.markets.map((each) => each.market)])]
  const books = new Map(markets.map((name) => [name, bookOf(name, accounts, state, underlyings)]))
  const home = books.get(own) as MarketBook
  const portfolios = accounts.map((account, i): Portfolio => {
    const assets = assetsOf(account, state.collaterals, underlyings)
    return {
      account: formatAccountId(account.account),
      cash: wad(account.cash - account.futuresCost),
      ...(home.holdings[i] as MarketBook['holdings'][number]),
      ...(assets.length === 0 ? {} : { assets }),
      principal: wad(account.contributed),
    }
  })
  const elsewhere = markets
    .filter((name) => name !== own)
    .sort()
    .map((name): BookElsewhere => {
      const { instruments, holdings } = books.get(name) as MarketBook
      const held = holdings.flatMap((holding, i) =>
        holding.collateral > 0 || holding.positions.length > 0 ? [{ account: (portfolios[i] as Portfolio).account, ...holding }] : [],
      )
      return { market: nameOf(name), instruments, holdings: held }
    })
  return {
    book: { schema: 'ballast.book', version: 2, market, instruments: home.instruments, portfolios, elsewhere },
    group: {
      group,
      fundUsd: wad(state.fund),
      shownCoverUsd: wad(state.shownCover),
      markets: [...state.markets].sort((a, b) => (a.market < b.market ? -1 : 1)).map((each) => readingOf(each, state, underlyings, time)),
      assets: assetQuotes(state, underlyings, time),
      values: state.values.filter((each) => each.scope !== scope),
      flagged: accounts.filter(({ flagged }) => flagged).map(({ account }) => formatAccountId(account)),
    },
  }
}

function hasRisk({ cash, positions, collateral }: AccountState): boolean {
  return positions.length > 0 || cash < 0n || collateral.some((amount) => amount > 0n)
}

// ------------------------------------------------------------------ accounts

type MarketBook = {
  readonly instruments: readonly ListedInstrument[]
  /** By account. */
  readonly holdings: readonly Pick<Portfolio, 'collateral' | 'positions'>[]
}

function bookOf(
  market: ScopeId,
  accounts: readonly AccountState[],
  state: GroupState,
  underlyings: ReadonlyMap<ScopeId, number>,
): MarketBook {
  const chains = new Map(state.chains.filter((chain) => chain.market === market).map((chain) => [chain.chain, chain]))
  const ids = accounts.flatMap(({ positions }) => positions.map(({ instrument }) => instrument))
  const held = [...new Set(ids)].filter((id) => chains.has(Number(id >> 32n))).sort((a, b) => (a < b ? -1 : 1))
  const places = new Map(held.map((id, place) => [id, place]))
  const backing = underlyings.get(market)
  return {
    instruments: held.map((id) => instrumentOf(id, chains.get(Number(id >> 32n)) as HeldChain)),
    holdings: accounts.map(({ positions, collateral }) => ({
      collateral: backing === undefined ? 0 : tokens(collateral[backing] ?? 0n, state.collaterals[backing] as ListedCollateral),
      positions: positions.flatMap(({ instrument, lots }) => {
        const place = places.get(instrument)
        return place === undefined ? [] : [{ instrument: place, quantity: Number(lots) / LOTS_PER_CONTRACT }]
      }),
    })),
  }
}

function instrumentOf(id: bigint, { chain, market, expiry, kind, strikes }: HeldChain): ListedInstrument {
  const { leg } = decodeInstrumentId(id)
  const name = `${nameOf(market)}-${chain}`
  if (leg.kind === 'future') return { kind: 'future', id: `${name}-F`, expiry }
  const strike = wad(strikes[leg.strike] as bigint)
  const option = { id: `${name}-${strike}-${leg.type === 'call' ? 'C' : 'P'}`, type: leg.type, strike, expiry }
  return kind === 'vanilla' ? { kind: 'option', ...option } : { kind: 'digital', ...option, pays: 'cash' }
}

// ------------------------------------------------------------------ collateral

/** Place of the collateral that counts as the underlying of a market: the first that is listed. Another token of the same underlying is an asset of its own. */
function underlyingsOf(collaterals: readonly ListedCollateral[]): ReadonlyMap<ScopeId, number> {
  const places = new Map<ScopeId, number>()
  for (const [place, { market }] of collaterals.entries()) if (market !== null && !places.has(market)) places.set(market, place)
  return places
}

function isAsset(place: number, { market }: ListedCollateral, underlyings: ReadonlyMap<ScopeId, number>): boolean {
  return market === null || underlyings.get(market) !== place
}

function assetsOf(
  { collateral }: AccountState,
  collaterals: readonly ListedCollateral[],
  underlyings: ReadonlyMap<ScopeId, number>,
): NonNullable<Portfolio['assets']> {
  const amounts = new Map<ScopeId, number>()
  for (const [place, listed] of collaterals.entries()) {
    const amount = collateral[place] ?? 0n
    if (amount > 0n && isAsset(place, listed, underlyings))
      amounts.set(listed.asset, (amounts.get(listed.asset) ?? 0) + tokens(amount, listed))
  }
  return [...amounts].map(([asset, amount]) => ({ asset, amount })).sort((a, b) => (a.asset < b.asset ? -1 : 1))
}

function assetQuotes(state: GroupState, underlyings: ReadonlyMap<ScopeId, number>, time: UnixSeconds): GroupReading['assets'] {
  const { collaterals, accounts, markets, prices } = state
  const quotes = new Map<ScopeId, number>()
  for (const [place, listed] of collaterals.entries()) {
    if (!isAsset(place, listed, underlyings) || !accounts.some(({ collateral }) => (collateral[place] ?? 0n) > 0n)) continue
    const found = listed.market === null ? prices.get(listed.feed) : markets.find(({ market }) => market === listed.market)
    quotes.set(listed.asset, priceOf(listed.feed, found?.price ?? 0n, time))
  }
  return [...quotes].map(([asset, price]) => ({ asset, price })).sort((a, b) => (a.asset < b.asset ? -1 : 1))
}

// ------------------------------------------------------------------ markets

function readingOf(
  { market, price, time: priceTime, openInterestLots }: GroupState['markets'][number],
  { chains, collaterals }: GroupState,
  underlyings: ReadonlyMap<ScopeId, number>,
  time: UnixSeconds,
): MarketReading {
  const held = chains.filter((chain) => chain.market === market)
  const byExpiry = [...new Map(held.map((chain) => [chain.expiry, chain])).values()].sort((a, b) => a.expiry - b.expiry)
  const place = underlyings.get(market)
  return {
    market: nameOf(market),
    price: priceOf(market, price, time),
    priceTime,
    openInterest: Number(openInterestLots) / LOTS_PER_CONTRACT,
    underlying: place === undefined ? null : (collaterals[place] as ListedCollateral).asset,
    slices: byExpiry.flatMap(({ expiry, slice }) => {
      if (slice === null) return []
      const { asOf, spot, forwardRatio, atmVol, a, b, rho, m, sigma } = slice
      return [
        {
          expiry,
          asOf,
          spot: wad(spot),
          forwardRatio: wad(forwardRatio),
          atmVol: wad(atmVol),
          a: wad(a),
          b: wad(b),
          rho: wad(rho),
          m: wad(m),
          sigma: wad(sigma),
        },
      ]
    }),
    settlements: byExpiry.flatMap(({ expiry, settlement }) => (settlement === null ? [] : [{ expiry, price: wad(settlement) }])),
  }
}

function priceOf(what: ScopeId, price: bigint, time: UnixSeconds): number {
  if (price === 0n) throw new UnavailableError({ source: 'the price feed on chain', what: `price of ${what}`, time })
  return wad(price)
}

function tokens(amount: bigint, { decimals }: ListedCollateral): number {
  return Number(amount) / 10 ** decimals
}

const wad = (amount: bigint): number => Number(amount) / 1e18
const nameOf = (scope: ScopeId): string => scope.slice(scope.indexOf(':') + 1)
