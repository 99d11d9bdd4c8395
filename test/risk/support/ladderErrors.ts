import { type AddOns, assessMarkets, type HeldChain, type HeldLeg, type MarketQuery } from '../../../risk/margin/contract/index.ts'
import { assessBook, type ExpiryQuote, type MarginParameters, type Smile, type SurfaceMarket } from '../../../risk/margin/index.ts'
import type { Fraction, Instrument, Portfolio, UnixSeconds, Usd, Vol } from '../../../risk/types/index.ts'
import { heldChain, plainRule, queryOf, wad } from './contractBooks.ts'
import { type BookSample, drawBooks, REACH } from './ladderBooks.ts'
import type { RealSurface } from './realSurfaces.ts'

/** Books that need less than this share of their gross notional are left out: their percentage would be a choice of denominator (risk policy A9). */
const LEAST_REQUIREMENT = 0.01
const LOTS = 10_000
const FUTURE_LEG = 255

/** How far the market has moved since the chains were posted. */
export type Drift = { readonly spot: Fraction; readonly vol: Vol }

/** Books on one surface, in whole lots, with its chains as a contract would hold them. */
export type PostedSample = {
  readonly market: SurfaceMarket
  readonly instruments: readonly Instrument[]
  readonly portfolios: readonly Portfolio[]
  readonly chains: ReadonlyMap<UnixSeconds, PostedChain>
}
type PostedChain = { readonly held: HeldChain; readonly strikes: readonly Usd[] }

/** Errors of one book, as shares of what full revaluation asks, negative is asked too little: by the rule, with the vomma add-on alone, with nothing added. */
export type LadderError = { readonly account: string; readonly error: number; readonly beforeShares: number; readonly bare: number }

/** Draws the books of a surface and posts its chains. */
export function postSample(surface: RealSurface, seed: number, count: number): PostedSample {
  return postBooks(surface, drawBooks(surface, seed, count))
}

/** Posts the chains of a surface, with anchors one tighten step beyond the live scans, for books on it. */
export function postBooks({ market, strikes: listed }: RealSurface, { instruments, books }: BookSample): PostedSample {
  const portfolios = books.map(({ portfolio }) => ({
    ...portfolio,
    positions: portfolio.positions.map(({ instrument, quantity }) => ({ instrument, quantity: Math.round(quantity * LOTS) / LOTS })),
  }))
  const chains = market.expiries.map((quote, i) => {
    const strikes = listed[i]!.filter((strike) => Math.abs(Math.log(strike / market.spot)) < REACH)
    return [quote.expiry, { held: heldChain(market, { quote, kind: 'vanilla', strikes, legs: [] }, i + 1), strikes }] as const
  })
  return { market, instruments, portfolios, chains: new Map(chains) }
}

/** A market after a drift of spot and of all vols in parallel. */
export function driftedMarket(market: SurfaceMarket, { spot, vol }: Drift): SurfaceMarket {
  return { ...market, spot: market.spot * (1 + spot), expiries: market.expiries.map((quote) => moveVols(quote, vol)) }
}

/**
 * Compares the contract's rule with full revaluation of a later market. What is compared is equity less maintenance, since a flag hangs on it and an error of the mark
 * enters both.
 *
 * @param later - Its vols at the money are those that the index says; the smile the ladder must do without.
 */
export function ladderErrors(sample: PostedSample, range: Fraction, later: SurfaceMarket): LadderError[] {
  const { instruments, portfolios } = sample
  const parameters: MarginParameters = {
    priceScanRange: range,
    initialRange: range,
    volScanUp: 0.35,
    volScanDown: 0.17,
    initialMultiplier: 1.3,
    shortOptionMinimum: 0.011,
    tailWeight: 0.77,
    haircut: 0.25,
  }
  const queries = queriesOf(sample, later, range)
  return assessBook({ instruments, portfolios }, later, parameters).accounts.flatMap((exact, i): LadderError[] => {
    const { equity, maintenance, notional, account } = exact
    if (notional === 0 || maintenance < LEAST_REQUIREMENT * notional) return []
    const query = queries[i]!
    const errorWith = (addOns: AddOns): number => {
      const read = assessMarkets([query], addOns)
      return (equity - maintenance - Number((read.equity - read.requirement) / 1_000_000_000n) / 1e9) / maintenance
    }
    return [{ account, error: errorWith('all'), beforeShares: errorWith('vomma'), bare: errorWith('none') }]
  })
}

/** What a contract is asked about each portfolio of a sample in a later market. */
export function queriesOf(sample: PostedSample, later: SurfaceMarket, range: Fraction): MarketQuery[] {
  const rule = { ...plainRule, range: wad(range) }
  return sample.portfolios.map((portfolio) => queryOf(later, chainsOf(sample, portfolio, later), rule))
}

/** The chains that a portfolio holds, with the index of a later surface wherever it has moved. */
function chainsOf({ instruments, chains }: PostedSample, { positions }: Portfolio, later: SurfaceMarket): HeldChain[] {
  const legs = new Map<UnixSeconds, HeldLeg[]>()
  for (const { instrument, quantity } of positions) {
    const leg = instruments[instrument]!
    if (leg.kind !== 'option' && leg.kind !== 'future') throw new Error(`${leg.kind} is not in the sample`)
    const { strikes } = chains.get(leg.expiry)!
    const number = leg.kind === 'future' ? FUTURE_LEG : 2 * strikes.indexOf(leg.strike) + (leg.type === 'call' ? 1 : 0)
    legs.set(leg.expiry, [...(legs.get(leg.expiry) ?? []), { leg: number, lots: BigInt(Math.round(quantity * LOTS)) }])
  }
  return [...legs].map(([expiry, own]) => {
    const { held } = chains.get(expiry)!
    const atmVol = wad(later.expiries.find((quote) => quote.expiry === expiry)!.atmVol)
    const index = atmVol === held.index.atmVol ? held.index : { ...held.index, atmVol, version: 2n }
    return { ...held, legs: own, index }
  })
}

function moveVols(quote: ExpiryQuote, by: Vol): ExpiryQuote {
  const { smile } = quote
  if (smile.kind !== 'points') throw new Error('the sample has smiles given as points')
  const moved: Smile = { ...smile, vols: smile.vols.map((vol) => Math.max(0.05, vol + by)) }
  return { ...quote, atmVol: quote.atmVol + by, smile: moved }
}
