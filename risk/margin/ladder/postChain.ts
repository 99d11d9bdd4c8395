import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, log } from '../../math/index.ts'
import { expiryOf, type PricingModule, type PricingRegistry, pricingModuleOf, pricingRegistry } from '../../pricing/index.ts'
import type { Fraction, Instrument, UnixSeconds, Usd, Vol } from '../../types/index.ts'
import { assertInstruments, assertMarginMarket } from '../assertMarginInputs.ts'
import { type ExpiryMark, expiryMark } from '../expiryMark.ts'
import { rowGreeks } from '../rowGreeks.ts'
import type { MarginMarket } from '../types.ts'
import { listingExponent, unitOf } from './exponents.ts'
import { farMultiples, nearRow, nodePrices } from './nodePrices.ts'
import type { LadderChain, LadderEntry, LadderGrid } from './types.ts'
import { toVolBps, wordVols } from './volScale.ts'
import { FAR_CEILING, NODE_CEILING, packFar, packNodes, packSigned } from './words.ts'

/** Parts of a unit in which the skew is posted. */
const SKEW_PARTS = 64

/** What a post of one expiry is made of. */
export type ChainPost = {
  readonly expiry: UnixSeconds
  readonly grid: LadderGrid
  readonly anchors: { readonly volScanUp: Fraction; readonly volScanDown: Fraction }
  /** Version of the surface behind the market. */
  readonly surface: string
  /** Exponents fixed when instruments were listed, by id; one that is not named is listed with this post. */
  readonly listed?: ReadonlyMap<string, number>
}

/**
 * Values one expiry on the price ladder: every option of `instruments` with that expiry, at the nodes in two vol states, at the near nodes at the mark's vol, and at the
 * far multiples, as packed words. Linear claims need no words: they are exact at any price.
 *
 * @throws {InvalidInputError} The market, an instrument, an anchor or the grid is outside its domain, or an instrument has outgrown its exponent and has to be listed
 * anew.
 */
export function postChain(
  instruments: readonly Instrument[],
  market: MarginMarket,
  post: ChainPost,
  registry: PricingRegistry = pricingRegistry,
): LadderChain {
  const { expiry, grid, anchors, surface, listed } = post
  assertMarginMarket(market)
  assertInstruments(instruments, market, registry)
  assertInRange('anchors.volScanUp', anchors.volScanUp, 0, 5)
  assertInRange('anchors.volScanDown', anchors.volScanDown, 0, 1 - 1e-9)
  assertInRange('grid.first', grid.first, -3, -1e-3)
  assertInRange('grid.spacing', grid.spacing, 1e-3, 0.2)
  assertInRange('grid.nearSpacing', grid.nearSpacing, 1e-3, 0.1)
  const mark = expiryMark(market, expiry)
  const { forwardRatio, atmVol } = mark
  const base = market.spot
  const entries = instruments
    .filter((instrument) => expiryOf(instrument) === expiry && pricingModuleOf(instrument, registry).stressedValue !== 'exact')
    .map((instrument) =>
      postEntry(instrument, pricingModuleOf(instrument, registry), mark, base, grid, anchors, listed?.get(instrument.id)),
    )
  const unitExponent = entries.length === 0 ? 0 : Math.min(...entries.map(({ exponent }) => exponent))
  return { header: { expiry, asOf: market.time, base, grid, forwardRatio, atmVol, anchors, unitExponent, surface }, entries }
}

function postEntry(
  instrument: Instrument,
  module: PricingModule<Instrument>,
  mark: ExpiryMark,
  base: Usd,
  grid: LadderGrid,
  anchors: ChainPost['anchors'],
  listed: number | undefined,
): LadderEntry {
  const { id } = instrument
  const { timeToExpiry, forwardRatio } = mark
  const strike = module.strike(instrument)
  const vol = mark.volAt(strike)
  const volBps = toVolBps(vol)
  // The words are valued at the vols that a reader takes them to be.
  const words = wordVols({ anchors }, { volBps }, timeToExpiry)
  const value = (spot: Usd, with_: Vol): Usd => module.value(instrument, { spot, forward: spot * forwardRatio, vol: with_, timeToExpiry })
  const prices = nodePrices(base, grid)
  const nearPrices = nodePrices(base, nearRow(grid))
  const up = prices.map((spot) => value(spot, words.up))
  const down = prices.map((spot) => value(spot, words.down))
  const far = farMultiples.map((multiple) => value(base * multiple, words.up))
  const skew = nearPrices.map((spot) => {
    const logMoneyness = strike === null ? 0 : log(strike / (spot * forwardRatio))
    return rowGreeks(module, instrument, mark, spot, words.mark, logMoneyness).skew
  })
  const exponent = listed ?? listingExponent(Math.max(...up, ...down), Math.max(...far))
  const unit = unitOf(exponent)
  const units = (values: readonly Usd[], ceiling: number): number[] => values.map((x) => quantise(id, x / unit, ceiling))
  return {
    id,
    instrument,
    exponent,
    volBps,
    up: packNodes(units(up, NODE_CEILING)),
    down: packNodes(units(down, NODE_CEILING)),
    far: packFar(units(far, FAR_CEILING)),
    mark: packNodes(
      units(
        nearPrices.map((spot) => value(spot, words.mark)),
        NODE_CEILING,
      ),
    )[0]!,
    // The skew of a digital with next to no vol has no bound: its lane stays full.
    skew: packSigned(skew.map((x) => Math.max(-NODE_CEILING, Math.min(NODE_CEILING, Math.round((SKEW_PARTS * x) / unit))))),
  }
}

function quantise(id: string, units: number, ceiling: number): number {
  const rounded = Math.round(units)
  if (!(Math.abs(rounded) <= ceiling))
    throw new InvalidInputError({ argument: `value of ${id}`, got: rounded, limit: `at most ${ceiling} units; list it anew` })
  return rounded
}
