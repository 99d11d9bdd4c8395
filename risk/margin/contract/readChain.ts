import { InvalidInputError } from '../../errors/index.ts'
import { absolute, larger, WAD } from './integers.ts'
import type { ChainBook, HeldChain, HeldLeg, MarketRule, StrikeBook } from './types.ts'
import { downFactor, scaleOf, upFactor } from './volScale.ts'

const FUTURE_LEG = 255
const BIAS = 128n
const LANES = 16
const YEAR = 31_536_000n
const TWENTIETH = 50_000_000_000_000_000n
/** Vol index and drift are counted in this. */
export const DRIFT_ONE = 1_000_000_000_000n

/** A blob's fields; see `contracts/margin/README.md`. */
type Header = Pick<
  ChainBook,
  | 'base'
  | 'forwardRatio'
  | 'atmVol'
  | 'version'
  | 'asOf'
  | 'upScale'
  | 'downScale'
  | 'nodes'
  | 'unitExponent'
  | 'first'
  | 'spacing'
  | 'nearSpacing'
  | 'lowest'
  | 'ratio'
  | 'kind'
> & { readonly strikes: number; readonly tick: bigint }

const noHeader: Header = {
  base: 0n,
  forwardRatio: 0n,
  atmVol: 0n,
  version: 0n,
  asOf: 0n,
  upScale: 0n,
  downScale: 0n,
  nodes: 0,
  unitExponent: 0n,
  first: 0n,
  spacing: 0n,
  nearSpacing: 0n,
  lowest: 0n,
  ratio: 0n,
  kind: 0,
  strikes: 0,
  tick: 0n,
}

/**
 * One chain of an account: positions beside what the ladder says of their strikes. Put and call of a strike become one quantity of the posted put and a forward.
 *
 * @throws {InvalidInputError} A leg names a strike that the chain has not.
 */
export function readChain(chain: HeldChain, time: bigint, rule: Pick<MarketRule, 'volScanUp' | 'volScanDown'>): ChainBook {
  const header = chain.ladder === null ? { ...noHeader, kind: chain.listing?.kind ?? 0 } : readHeader(chain.ladder)
  const strikes = strikesOf(chain, header)
  const sum = (of: (strike: StrikeBook) => bigint): bigint => strikes.reduce((total, strike) => total + of(strike), 0n)
  const futures = chain.legs.filter(({ leg }) => leg === FUTURE_LEG).reduce((total, { lots }) => total + lots, 0n)
  const vanilla = header.kind === 0
  const left = chain.expiry > time ? chain.expiry - time : 0n
  const scale = scaleOf(left)
  const { atmVol, validUntil, version } = chain.index
  const asPosted = chain.ladder === null || version === 0n || version === header.version
  return {
    ...header,
    hasLadder: chain.ladder !== null,
    strikes,
    futures,
    slope: vanilla ? sum(({ calls }) => calls) : 0n,
    cost: vanilla ? sum(({ calls, strike }) => calls * strike) : -sum(({ calls }) => calls * WAD),
    shortLots: larger(0n, -sum(({ puts }) => puts)) + larger(0n, -sum(({ calls }) => calls)),
    gross: sum(({ net }) => absolute(net)),
    stale: version === 0n || time > validUntil,
    expiry: chain.expiry,
    time: left,
    drift: asPosted ? DRIFT_ONE : (atmVol * DRIFT_ONE) / header.atmVol,
    credit: creditOf(left),
    upFactor: upFactor(rule.volScanUp, scale),
    downFactor: downFactor(rule.volScanDown, scale),
  }
}

/** 0.97 e^(-0.05 T), wad, rounded down: seven terms of the series. No chain is listed for more than three years. */
function creditOf(time: bigint): bigint {
  const x = (time * TWENTIETH) / YEAR
  let sum = WAD - x / 7n
  for (let n = 6n; n > 0n; n--) sum = WAD - (x * sum) / WAD / n
  return (sum * 97n) / 100n
}

function readHeader(words: readonly bigint[]): Header {
  const [w0, w1, w2, w3] = words as [bigint, bigint, bigint, bigint]
  return {
    base: bits(w0, 0n, 128n),
    forwardRatio: bits(w0, 128n, 64n),
    atmVol: w0 >> 192n,
    version: bits(w1, 0n, 32n),
    asOf: bits(w1, 32n, 40n),
    upScale: bits(w1, 136n, 48n),
    downScale: bits(w1, 184n, 48n),
    strikes: Number(bits(w1, 232n, 8n)),
    nodes: Number(bits(w1, 240n, 8n)),
    unitExponent: (w1 >> 248n) - BIAS,
    first: BigInt.asIntN(32, w2),
    spacing: bits(w2, 32n, 32n),
    nearSpacing: bits(w2, 64n, 32n),
    kind: Number(bits(w2, 96n, 8n)),
    lowest: bits(w2, 104n, 64n),
    ratio: bits(w2, 168n, 64n),
    tick: bits(w3, 0n, 128n),
  }
}

function strikesOf({ legs, ladder, listing }: HeldChain, header: Header): StrikeBook[] {
  const indices = [...new Set(legs.filter(({ leg }) => leg !== FUTURE_LEG).map(({ leg }) => leg >> 1))].sort((a, b) => a - b)
  return indices.map((index) => {
    const held = (parity: number): bigint => lotsOf(legs, 2 * index + parity)
    const [puts, calls] = [held(0), held(1)]
    const net = header.kind === 0 ? puts + calls : puts - calls
    const empty = { up: [], down: [], far: [], mark: [], skew: [] }
    if (ladder === null) {
      const strike = listing?.strikes[index] ?? unknownLeg(index, listing?.strikes.length ?? 0)
      return { strike, puts, calls, net, volBps: 0n, shift: 0n, ...empty }
    }
    if (index >= header.strikes) return unknownLeg(index, header.strikes)
    const fields = ladder[4 + (index >> 2)]! >> BigInt(64 * (index & 3))
    const shift = bits(fields, 56n, 8n) - BIAS - header.unitExponent
    return {
      strike: bits(fields, 0n, 32n) * header.tick,
      puts,
      calls,
      net: net << shift,
      volBps: bits(fields, 32n, 24n),
      shift,
      ...entryOf(ladder, header, index),
    }
  })
}

function lotsOf(legs: readonly HeldLeg[], wanted: number): bigint {
  return legs.filter(({ leg }) => leg === wanted).reduce((total, { lots }) => total + lots, 0n)
}

function entryOf(
  ladder: readonly bigint[],
  { strikes, nodes }: Header,
  index: number,
): Pick<StrikeBook, 'up' | 'down' | 'far' | 'mark' | 'skew'> {
  const row = nodes / LANES
  const start = 4 + Math.ceil(strikes / 4) + index * (2 * row + 3)
  const lanes = (from: number, count: number): bigint[] => ladder.slice(from, from + count).flatMap((word) => unpack(word, LANES))
  return {
    up: lanes(start, row),
    down: lanes(start + row, row),
    far: unpack(ladder[start + 2 * row]!, 8),
    mark: lanes(start + 2 * row + 1, 1),
    skew: lanes(start + 2 * row + 2, 1).map((lane) => BigInt.asIntN(16, lane)),
  }
}

function unpack(word: bigint, lanes: number): bigint[] {
  const width = BigInt(256 / lanes)
  return Array.from({ length: lanes }, (_, lane) => bits(word, BigInt(lane) * width, width))
}

function bits(word: bigint, from: bigint, width: bigint): bigint {
  return (word >> from) & ((1n << width) - 1n)
}

function unknownLeg(index: number, strikes: number): never {
  throw new InvalidInputError({ argument: 'leg', got: `strike ${index}`, limit: `one of ${strikes} strikes` })
}
