import { assessPortfolio } from '../../../risk/margin/assessPortfolio.ts'
import { assessBook, type ExpiryQuote, type MarginParameters, type Smile, type SurfaceMarket } from '../../../risk/margin/index.ts'
import {
  assessLadder,
  everySecondNode,
  type LadderChain,
  type LadderGrid,
  postChain,
  shortGrid,
  standardGrid,
} from '../../../risk/margin/ladder/index.ts'
import { ladderSource } from '../../../risk/margin/ladder/ladderSource.ts'
import { arrangeRiskArray } from '../../../risk/margin/riskArray.ts'
import { pricingRegistry } from '../../../risk/pricing/index.ts'
import type { Fraction, Vol } from '../../../risk/types/index.ts'
import type { BookSample } from './ladderBooks.ts'

const DAY = 86_400
/** Books that need less than this share of their gross notional are left out: their percentage would be a choice of denominator (risk policy A9). */
const LEAST_REQUIREMENT = 0.01

/** How far the market has moved since the chains were posted. */
export type Drift = { readonly spot: Fraction; readonly vol: Vol }

/** Error of one book, as a share of what full revaluation asks: negative is asked too little. */
export type LadderError = { readonly account: string; readonly bare: number; readonly withAllowance: number }

/** Density by expiry: nodes 2.5 % apart below a week; the thin choice takes every second node above 14 days. */
function gridOf(secondsLeft: number, thin: boolean): LadderGrid {
  if (secondsLeft < 7 * DAY) return shortGrid
  return thin && secondsLeft > 14 * DAY ? everySecondNode(standardGrid) : standardGrid
}

const anchors = { volScanUp: 1.25 * 0.35, volScanDown: 1.25 * 0.17 }

/** A sample with its chains posted. */
export type PostedSample = BookSample & { readonly market: SurfaceMarket; readonly chains: readonly LadderChain[] }

/** Posts the chains of all instruments that a book of the sample holds, with anchors one tighten step beyond the live scans. */
export function postSample({ instruments, books }: BookSample, market: SurfaceMarket, thin: boolean): PostedSample {
  const held = [...new Set(books.flatMap(({ portfolio }) => portfolio.positions.map(({ instrument }) => instrument)))].sort((a, b) => a - b)
  const place = new Map(held.map((instrument, i) => [instrument, i]))
  const own = held.map((instrument) => instruments[instrument]!)
  const moved = books.map(({ shape, portfolio }) => ({
    shape,
    portfolio: {
      ...portfolio,
      positions: portfolio.positions.map(({ instrument, quantity }) => ({ instrument: place.get(instrument)!, quantity })),
    },
  }))
  const chains = market.expiries.map(({ expiry }) =>
    postChain(own, market, { expiry, grid: gridOf(expiry - market.time, thin), anchors, surface: 'sample' }),
  )
  return { instruments: own, books: moved, market, chains }
}

/** The sample's market after a drift of spot and of all vols in parallel. */
export function driftedMarket({ market }: PostedSample, { spot, vol }: Drift): SurfaceMarket {
  return { ...market, spot: market.spot * (1 + spot), expiries: market.expiries.map((quote) => moveVols(quote, vol)) }
}

/**
 * Compares the ladder with full revaluation of a later market. What is compared is equity less maintenance, since a flag hangs on it and an error of the mark enters both.
 *
 * @param later - Its vols at the money are those that the ladder is told; the smile it must do without.
 */
export function ladderErrors({ instruments, books, chains }: PostedSample, range: Fraction, later: SurfaceMarket): LadderError[] {
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
  const portfolios = books.map(({ portfolio }) => portfolio)
  const exact = assessBook({ instruments, portfolios }, later, parameters).accounts
  const atmVols = new Map(later.expiries.map(({ expiry, atmVol }) => [expiry, atmVol]))
  const read = assessLadder({ instruments, portfolios }, chains, { time: later.time, spot: later.spot, atmVols }, parameters)
  const posted = new Map(chains.flatMap((chain) => chain.entries.map(({ id }, entry) => [id, { chain, entry, parity: null }] as const)))
  const bareArray = arrangeRiskArray(instruments, later, parameters, pricingRegistry, ladderSource(posted, later.spot))
  return portfolios.flatMap((portfolio, i): LadderError[] => {
    const { equity, maintenance, notional, account } = exact[i]!
    if (notional === 0 || maintenance < LEAST_REQUIREMENT * notional) return []
    const bare = assessPortfolio(bareArray, portfolio)
    const error = (got: { readonly equity: number; readonly maintenance: number }): number =>
      (equity - maintenance - (got.equity - got.maintenance)) / maintenance
    return [{ account, bare: error(bare), withAllowance: error(read[i]!) }]
  })
}

function moveVols(quote: ExpiryQuote, by: Vol): ExpiryQuote {
  const { smile } = quote
  if (smile.kind !== 'points') throw new Error('the sample has smiles given as points')
  const moved: Smile = { ...smile, vols: smile.vols.map((vol) => Math.max(0.05, vol + by)) }
  return { ...quote, atmVol: quote.atmVol + by, smile: moved }
}
