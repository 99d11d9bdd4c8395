import type { HeldChain, HeldLeg, MarketQuery, MarketRule } from '../../../risk/margin/contract/index.ts'
import type { ExpiryQuote, SurfaceMarket } from '../../../risk/margin/index.ts'
import {
  type AnchorBps,
  type ContractGrid,
  type GridShape,
  gridFor,
  type ListedChain,
  ladderGrid,
  ladderWords,
  type MarketGrids,
  marketGrids,
  postChain,
  putsOf,
  strikeExponent,
} from '../../../risk/margin/ladder/index.ts'
import { exp } from '../../../risk/math/index.ts'

const MILLION = 1e6

export const wad = (value: number): bigint => (BigInt(Math.round(value * 1e9)) * 1_000_000_000_000_000_000n) / 1_000_000_000n

/** A grid as a contract keeps it. */
function contractGrid(shape: GridShape): ContractGrid {
  return { ...shape, lowest: wad(exp(shape.first / MILLION)), ratio: wad(exp(shape.spacing / MILLION)) }
}

export type ChainToHold = {
  readonly quote: ExpiryQuote
  readonly kind: ListedChain['kind']
  /** USD, whole multiples of a tick. */
  readonly strikes: readonly number[]
  readonly legs: readonly HeldLeg[]
  readonly grids?: MarketGrids
  /** USD. */
  readonly tick?: number
  readonly anchors?: AnchorBps
}

/** A quarter beyond scans of 35 and 17 %. */
const usualAnchors: AnchorBps = { volScanUp: 4_375, volScanDown: 2_125 }

/** A chain posted at the market's time, held. */
export function heldChain(
  market: SurfaceMarket,
  { quote, kind, strikes, legs, grids = marketGrids, tick = 1e-4, anchors = usualAnchors }: ChainToHold,
  number = 1,
): HeldChain {
  const { expiry } = quote
  const multiples = strikes.map((strike) => Math.round(strike / tick))
  const listed: ListedChain = { chain: number, expiry, kind, tick: wad(tick), multiples }
  const grid = contractGrid(gridFor(grids, expiry - market.time))
  const slice = {
    a: 0n,
    b: 0n,
    rho: 0n,
    m: 0n,
    sigma: 0n,
    forwardRatio: wad(quote.forwardRatio),
    atmVol: wad(quote.atmVol),
    spot: wad(market.spot),
    asOf: market.time,
    validUntil: market.time + 43_200,
    version: 1,
  }
  const puts = putsOf(listed)
  const chain = postChain(puts, market, {
    expiry,
    grid: ladderGrid(grid),
    anchors: { volScanUp: anchors.volScanUp / 1e4, volScanDown: anchors.volScanDown / 1e4 },
    surface: '1',
    listed: new Map(puts.map(({ id }, i) => [id, strikeExponent(kind, BigInt(multiples[i]!) * listed.tick)])),
  })
  return {
    expiry: BigInt(expiry),
    status: 'proved',
    settlement: null,
    ladder: ladderWords(chain, listed, slice, grid, anchors),
    index: { atmVol: slice.atmVol, validUntil: BigInt(slice.validUntil), version: 1n },
    legs,
  }
}

export const plainRule: MarketRule = {
  range: wad(0.16),
  volScanUp: 3_500n,
  volScanDown: 1_700n,
  tailWeight: 7_700n,
  shortOptionMinimum: 110n,
  multiplier: 10_000n,
  deltaAddOn: 50n,
  gammaAddOn: 50n,
  vegaAddOn: 100n,
  depth: 1_000_000_000_000n,
  vegaDepth: 1_000_000_000_000n,
  residual: 0n,
}

export function queryOf(
  market: Pick<SurfaceMarket, 'time' | 'spot'>,
  chains: readonly HeldChain[],
  rule: MarketRule = plainRule,
): MarketQuery {
  return { time: BigInt(market.time), price: wad(market.spot), units: 0n, rule, chains }
}
