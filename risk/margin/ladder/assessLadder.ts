import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import { expiryOf, type PricingRegistry, pricingModuleOf, pricingRegistry } from '../../pricing/index.ts'
import type { Book, Instrument, UnixSeconds, Usd, Vol } from '../../types/index.ts'
import { assertInstruments, assertMarginMarket, assertMarginParameters, assertPortfolio } from '../assertMarginInputs.ts'
import { type Allowance, assessPortfolio } from '../assessPortfolio.ts'
import { arrangeRiskArray } from '../riskArray.ts'
import type { AccountAssessment, CollateralQuote, ExpiryQuote, MarginParameters, SurfaceMarket } from '../types.ts'
import { ladderAllowance } from './ladderAllowance.ts'
import { ladderSource, type PostedEntry } from './ladderSource.ts'
import { isPutOf, parityOf } from './parity.ts'
import type { LadderChain } from './types.ts'

/** What is live beside the posted chains: time, index price, and one vol at the money per expiry. */
export type LadderMarket = {
  readonly time: UnixSeconds
  readonly spot: Usd
  readonly atmVols: ReadonlyMap<UnixSeconds, Vol>
  readonly collaterals?: readonly CollateralQuote[]
}

/** One account by the ladder. */
export type LadderAssessment = AccountAssessment & {
  /** What both requirements were raised by so that the ladder does not ask for less than full revaluation. */
  readonly allowance: Allowance
  /** Expiries held whose vol scans lie outside what their words were valued with: no new risk there before the next post. */
  readonly outsideAnchors: readonly UnixSeconds[]
}

/**
 * Margin of every account of a book from posted chains: the same rule, cells and charges as full revaluation, with values read off the ladder at the live price and vols.
 * Futures and perpetuals need no chain.
 *
 * @param chains - One per expiry; forwards are those frozen in their headers.
 * @throws {InvalidInputError} An option is in no chain, an expiry has no live vol, or an argument is outside its domain.
 */
export function assessLadder(
  book: Pick<Book, 'instruments' | 'portfolios'>,
  chains: readonly LadderChain[],
  live: LadderMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): readonly LadderAssessment[] {
  const { instruments, portfolios } = book
  const market = marketOf(instruments, chains, live)
  assertMarginMarket(market)
  assertMarginParameters(parameters)
  assertInstruments(instruments, market, registry)
  const posted = findPosted(instruments, chains, registry)
  const array = arrangeRiskArray(instruments, market, parameters, registry, ladderSource(posted, live.spot))
  return portfolios.map((portfolio) => {
    assertPortfolio(portfolio, instruments.length, market)
    const { amount, share, outsideAnchors } = ladderAllowance(portfolio, instruments, posted, array)
    return { ...assessPortfolio(array, portfolio, { amount, share }), allowance: { amount, share }, outsideAnchors }
  })
}

/** The live market as margin knows it. The smile stays in the words; only the vol at the money is live. */
function marketOf(instruments: readonly Instrument[], chains: readonly LadderChain[], live: LadderMarket): SurfaceMarket {
  const { time, spot, atmVols, collaterals } = live
  assertInRange('spot', spot, 1e-9, 1e15)
  const expiries = [...new Set(instruments.map(expiryOf))].filter((expiry) => expiry !== null).sort((a, b) => a - b)
  const quotes = expiries.map((expiry): ExpiryQuote => {
    const header = chains.find((chain) => chain.header.expiry === expiry)?.header
    const atmVol = atmVols.get(expiry)
    if (atmVol === undefined)
      throw new InvalidInputError({ argument: 'atmVols', got: `none for ${expiry}`, limit: 'one for each expiry of the book' })
    return { expiry, forwardRatio: header?.forwardRatio ?? 1, atmVol, smile: { kind: 'points', strikes: [spot], vols: [atmVol] } }
  })
  return { time, spot, expiries: quotes, ...(collaterals === undefined ? {} : { collaterals }) }
}

function findPosted(
  instruments: readonly Instrument[],
  chains: readonly LadderChain[],
  registry: PricingRegistry,
): ReadonlyMap<string, PostedEntry> {
  const entries = new Map<string, PostedEntry>()
  for (const chain of chains) {
    for (const [entry, { id }] of chain.entries.entries()) entries.set(id, { chain, entry, parity: null })
  }
  for (const instrument of instruments) {
    if (pricingModuleOf(instrument, registry).stressedValue === 'exact' || entries.has(instrument.id)) continue
    const byParity = findPut(instrument, chains)
    if (byParity !== null) {
      entries.set(instrument.id, byParity)
      continue
    }
    throw new InvalidInputError({
      argument: 'chains',
      got: `no entry for ${instrument.id}`,
      limit: 'an entry for every option of the book, or for the put of its strike',
    })
  }
  return entries
}

/** The entry of a call's put. */
function findPut(call: Instrument, chains: readonly LadderChain[]): PostedEntry | null {
  const parity = parityOf(call)
  if (parity === null) return null
  for (const chain of chains) {
    const entry = chain.entries.findIndex(({ instrument }) => isPutOf(instrument, call))
    if (entry !== -1) return { chain, entry, parity }
  }
  return null
}
