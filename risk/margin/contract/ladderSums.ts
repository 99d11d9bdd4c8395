import { bitLength, ceilDiv, larger, WAD } from './integers.ts'
import { DRIFT_ONE } from './readChain.ts'
import type { ChainBook, StrikeBook } from './types.ts'

const QUANTITY_BITS = 45n
const FLOOR = 4_000n
const UP_FLOOR = FLOOR * DRIFT_ONE
const LEAST_WEIGHT = -(1n << 64n)
const MOST_WEIGHT = 3n << 64n

/** Vols of a strike, in 1e-12 of a hundredth of a point: of the posted words, and live. */
type StrikeVols = {
  readonly down: bigint
  readonly mark: bigint
  readonly up: bigint
  readonly liveDown: bigint
  readonly liveMark: bigint
  readonly liveUp: bigint
}

/** Net lanes of one account in one chain. */
export type Lanes = {
  /** By node: of the up and of the down word. */
  readonly high: readonly bigint[]
  readonly low: readonly bigint[]
  /** What high less low counts for in each vol state, 64 binary digits. */
  readonly upWeight: bigint
  readonly downWeight: bigint
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
    up: larger(volBps, FLOOR) * upScale,
    liveMark,
    liveDown: (liveMark * downFactor) / WAD,
    liveUp: ((liveMark < UP_FLOOR ? UP_FLOOR : liveMark) * upFactor) / WAD,
  }
}

/** Least vol at the post, bps, of a strike whose vols stand in the chain's ratio to its words. */
export function plainFrom({ drift }: Pick<ChainBook, 'drift'>): bigint | null {
  return drift === 0n ? null : larger(FLOOR, ceilDiv(UP_FLOOR, drift))
}

/**
 * Adds up the lanes of a chain, and whether a live vol lies beyond those the words stand for. Strikes at or above 40 % vol, at the post and now, are plain sums,
 * weighted once a cell; where there are others, these are weighted one by one, and the plain sums once a node.
 */
export function ladderSums(book: ChainBook): { readonly lanes: Lanes; readonly outside: boolean } {
  const bits = BigInt(bitLength(book.gross))
  const cut = 64n + bits - QUANTITY_BITS
  const held = book.strikes.filter(({ net }) => net !== 0n)
  const least = plainFrom(book)
  const isPlain = ({ volBps }: StrikeBook): boolean => least !== null && volBps >= least
  const others = held.filter((strike) => !isPlain(strike))
  const plain = plainRows(book, held.filter(isPlain), cut)
  const rows = others.length === 0 ? plain : mixedRows(book, plain, others, cut)
  return { lanes: { ...rows, exponent: book.unitExponent + bits - QUANTITY_BITS, ...edgesOf(book, held) }, outside: rows.outside }
}

type Rows = Pick<Lanes, 'high' | 'low' | 'upWeight' | 'downWeight'> & { readonly outside: boolean }

function plainRows(book: ChainBook, strikes: readonly StrikeBook[], cut: bigint): Rows {
  const ratio = { down: book.downScale * WAD, up: book.upScale * WAD }
  const live = { up: book.drift * book.upFactor, down: book.drift * book.downFactor }
  const row = (side: 'up' | 'down'): bigint[] =>
    Array.from({ length: book.nodes }, (_, node) =>
      strikes.reduce((total, strike) => total + ((strike.net << 64n) >> cut) * strike[side][node]!, 0n),
    )
  return {
    high: row('up'),
    low: row('down'),
    upWeight: weightOf(ratio, live.up),
    downWeight: weightOf(ratio, live.down),
    outside: strikes.length > 0 && (live.up > ratio.up || live.down < ratio.down),
  }
}

function mixedRows(book: ChainBook, plain: Rows, others: readonly StrikeBook[], cut: bigint): Rows {
  const at = (weight: bigint): bigint[] => plain.high.map((high, i) => plain.low[i]! + (((high - plain.low[i]!) * weight) >> 64n))
  const [up, down] = [at(plain.upWeight), at(plain.downWeight)]
  let outside = plain.outside
  for (const strike of others) {
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
  return { high: up, low: down, upWeight: 1n << 64n, downWeight: 0n, outside }
}

/** Units of 2^exponent USD a lot with 32 binary digits, as USD wad; rounded down. */
export function toWad(units: bigint, exponent: bigint): bigint {
  const value = units * 100_000_000_000_000n
  return exponent > 32n ? value << (exponent - 32n) : value >> (32n - exponent)
}

function weightOf({ up, down }: Pick<StrikeVols, 'up' | 'down'>, vol: bigint): bigint {
  if (up <= down) return 1n << 64n
  const weight = ((vol - down) << 64n) / (up - down)
  if (weight < LEAST_WEIGHT) return LEAST_WEIGHT
  return weight > MOST_WEIGHT ? MOST_WEIGHT : weight
}

function edgesOf({ nodes }: ChainBook, held: readonly StrikeBook[]): Omit<Lanes, 'high' | 'low' | 'upWeight' | 'downWeight' | 'exponent'> {
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
