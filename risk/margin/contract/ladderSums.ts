import { bitLength, WAD } from './integers.ts'
import { DRIFT_ONE } from './readChain.ts'
import type { ChainBook, StrikeBook } from './types.ts'

const QUANTITY_BITS = 45n
const UP_FLOOR = 4_000n * DRIFT_ONE
const LEAST_WEIGHT = -(1n << 64n)
const MOST_WEIGHT = 3n << 64n

/** Vols of a strike, in 1e-12 of a hundredth of a point: of the posted words, and live. */
export type StrikeVols = {
  readonly down: bigint
  readonly mark: bigint
  readonly up: bigint
  readonly liveDown: bigint
  readonly liveMark: bigint
  readonly liveUp: bigint
}

/** Net lanes of one account in one chain. */
export type Lanes = {
  readonly up: readonly bigint[]
  readonly down: readonly bigint[]
  readonly exponent: bigint
  /** Beyond the nodes: sums over one side alone, in units of the chain's exponent. */
  readonly longsAtFirst: bigint
  readonly shortsAtFirst: bigint
  readonly shortsAtLast: bigint
  readonly far: readonly bigint[]
  readonly longLots: bigint
  readonly longCost: bigint
  readonly shortLots: bigint
  readonly shortCost: bigint
}

export function volsOf({ upScale, downScale, drift, upFactor, downFactor }: ChainBook, { volBps }: Pick<StrikeBook, 'volBps'>): StrikeVols {
  const liveMark = volBps * drift
  return {
    mark: volBps * DRIFT_ONE,
    down: volBps * downScale,
    up: (volBps < 4_000n ? 4_000n : volBps) * upScale,
    liveMark,
    liveDown: (liveMark * downFactor) / WAD,
    liveUp: ((liveMark < UP_FLOOR ? UP_FLOOR : liveMark) * upFactor) / WAD,
  }
}

/** Adds up the lanes of a chain, and whether a live vol lies beyond those the words stand for. */
export function ladderSums(book: ChainBook): { readonly lanes: Lanes; readonly outside: boolean } {
  const bits = BigInt(bitLength(book.gross))
  const cut = 64n + bits - QUANTITY_BITS
  const held = book.strikes.filter(({ net }) => net !== 0n)
  let outside = false
  const up = new Array<bigint>(book.nodes).fill(0n)
  const down = new Array<bigint>(book.nodes).fill(0n)
  for (const strike of held) {
    const vols = volsOf(book, strike)
    if (vols.liveUp > vols.up || vols.liveDown < vols.down) outside = true
    const q = (strike.net << 64n) >> cut
    const a = (strike.net * weightOf(vols, vols.liveUp)) >> cut
    const b = (strike.net * weightOf(vols, vols.liveDown)) >> cut
    for (let node = 0; node < book.nodes; node++) {
      const [high, low] = [strike.up[node]!, strike.down[node]!]
      up[node]! += high * a + low * (q - a)
      down[node]! += high * b + low * (q - b)
    }
  }
  return { lanes: { up, down, exponent: book.unitExponent + bits - QUANTITY_BITS, ...edgesOf(book, held) }, outside }
}

/** Units of 2^exponent USD a lot with 32 binary digits, as USD wad; rounded down. */
export function toWad(units: bigint, exponent: bigint): bigint {
  const value = units * 100_000_000_000_000n
  return exponent > 32n ? value << (exponent - 32n) : value >> (32n - exponent)
}

function weightOf({ up, down }: StrikeVols, vol: bigint): bigint {
  if (up <= down) return 1n << 64n
  const weight = ((vol - down) << 64n) / (up - down)
  if (weight < LEAST_WEIGHT) return LEAST_WEIGHT
  return weight > MOST_WEIGHT ? MOST_WEIGHT : weight
}

function edgesOf({ nodes }: ChainBook, held: readonly StrikeBook[]): Omit<Lanes, 'up' | 'down' | 'exponent'> {
  const longs = held.filter(({ net }) => net > 0n)
  const shorts = held.filter(({ net }) => net < 0n)
  const sum = (side: readonly StrikeBook[], of: (strike: StrikeBook) => bigint): bigint =>
    side.reduce((total, strike) => total + of(strike), 0n)
  const lots = ({ net, shift }: StrikeBook): bigint => net >> shift
  return {
    longsAtFirst: sum(longs, ({ net, down }) => net * down[0]!),
    shortsAtFirst: sum(shorts, ({ net, up }) => net * up[0]!),
    shortsAtLast: sum(shorts, ({ net, up }) => net * up[nodes - 1]!),
    far: Array.from({ length: 8 }, (_, i) => sum(shorts, ({ net, far }) => net * far[i]!)),
    longLots: sum(longs, lots),
    longCost: sum(longs, (strike) => lots(strike) * strike.strike),
    shortLots: sum(shorts, lots),
    shortCost: sum(shorts, (strike) => lots(strike) * strike.strike),
  }
}
