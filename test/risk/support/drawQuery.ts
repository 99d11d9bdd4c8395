import type { HeldLeg, MarketQuery } from '../../../risk/margin/contract/index.ts'
import type { SurfaceMarket } from '../../../risk/margin/index.ts'
import { marketGrids, wideMarketGrids } from '../../../risk/margin/ladder/index.ts'
import { heldChain, plainRule, wad } from './contractBooks.ts'
import { uniforms } from './uniforms.ts'

const DAY = 86_400
/** When the chains of every draw are posted. */
export const START = 1_700_000_000

/** Uniform draws by name of their use. */
type Draw = { readonly next: () => number; readonly whole: (below: number) => number; readonly of: <T>(list: readonly T[]) => T }

function drawer(seed: number): Draw {
  const draws = uniforms(seed, 20_000)
  let at = 0
  const next = (): number => draws[at++ % draws.length]!
  const whole = (below: number): number => Math.floor(next() * below)
  return { next, whole, of: (list) => list[whole(list.length)]! }
}

/** A surface with six expiries, hours to a year away, with a smile that leans. */
function drawMarket({ next }: Draw): SurfaceMarket {
  const spot = Math.round(10 ** (1 + 4 * next()))
  const level = 0.25 + next()
  const times = [0.3 + 0.6 * next(), 1 + next(), 3 + 3 * next(), 8 + 10 * next(), 30 + 40 * next(), 100 + 265 * next()]
  const expiries = times.map((days) => {
    const expiry = START + Math.round(days * DAY)
    const atmVol = level * (0.8 + 0.4 * next())
    const strikes = Array.from({ length: 9 }, (_, i) => spot * (0.4 + 0.15 * i))
    const lean = 0.4 * (next() - 0.5)
    const vols = strikes.map((strike) => atmVol * (1 + lean * Math.log(strike / spot) + 0.3 * Math.log(strike / spot) ** 2))
    return { expiry, forwardRatio: 0.97 + 0.06 * next(), atmVol, smile: { kind: 'points', strikes, vols } as const }
  })
  return { time: START, spot, expiries }
}

/** One account in a market that has moved a little, or a lot, since the chains were posted. */
export function drawQuery(seed: number): MarketQuery {
  const draw = drawer(seed)
  const { next, whole, of } = draw
  const market = drawMarket(draw)
  const chains = market.expiries
    .filter(() => next() < 0.5)
    .map((quote, i) => {
      const count = 1 + whole(12)
      const strikes = [...new Set(Array.from({ length: count }, () => Math.round(market.spot * (0.6 + 0.9 * next()) * 100) / 100))].sort(
        (a, b) => a - b,
      )
      const size = 10 ** (1 + 6 * next())
      const legs: HeldLeg[] = strikes.flatMap((_, strike) =>
        [0, 1]
          .filter(() => next() < 0.6)
          .map((side) => ({ leg: 2 * strike + side, lots: BigInt(Math.round((next() - (whole(3) === 0 ? 1 : 0.5)) * size)) })),
      )
      if (next() < 0.4) legs.push({ leg: 255, lots: BigInt(Math.round((next() - 0.5) * size)) })
      const kind = next() < 0.15 ? 'digital' : 'vanilla'
      const grids = next() < 0.3 ? wideMarketGrids : marketGrids
      const held = heldChain(market, { quote, kind, strikes, legs: legs.filter(({ lots }) => lots !== 0n), grids }, i + 1)
      const drift = of([1, 1, 1.02, 0.97, 1.1])
      const index = drift === 1 ? held.index : { ...held.index, atmVol: wad(quote.atmVol * drift), version: 2n }
      const settled = next() < 0.04
      return {
        ...held,
        index,
        status: of(['proved', 'proved', 'posted'] as const),
        settlement: settled ? wad(market.spot * (0.8 + 0.4 * next())) : null,
      }
    })
  const move = of([0, 0, 0.01, -0.04, 0.08, -0.08, 0.3, -0.35, 0.7, -0.7])
  const later = of([0, 60, 1_000, 20_000, 40_000])
  return {
    time: BigInt(START + later),
    price: wad(market.spot * (1 + move)),
    units: next() < 0.3 ? wad(next() * 20) : 0n,
    rule: {
      ...plainRule,
      range: wad(of([0.1, 0.16, 0.21, 0.31, 0.5])),
      volScanUp: BigInt(of([2_500, 3_500, 4_300, 6_000])),
      multiplier: BigInt(of([10_000, 13_000])),
      depth: BigInt(of([1_000, 100_000, 1_000_000_000])),
      vegaDepth: BigInt(of([10, 100_000, 1_000_000_000])),
    },
    chains,
  }
}
