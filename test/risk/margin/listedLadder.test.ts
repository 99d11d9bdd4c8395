import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ContractGrid,
  chainFaults,
  type ListedChain,
  ladderWords,
  postListedChain,
  putsOf,
  readWords,
  type SurfaceSlice,
  strikeExponent,
} from '../../../risk/margin/ladder/index.ts'
import { bookTime } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const DAY = 86_400
const wad = (value: number): bigint => BigInt(Math.round(value * 1e9)) * 10n ** 9n
const expiry = bookTime + 10 * DAY
const listed: ListedChain = { chain: 3, expiry, kind: 'vanilla', tick: wad(10), multiples: [140, 180, 200, 220, 300] }
const variance = (0.36 * 10) / 365
const slice: SurfaceSlice = {
  a: wad(variance / 2),
  b: wad(variance / 0.6),
  rho: wad(-0.3),
  m: 0n,
  sigma: wad(0.3),
  forwardRatio: wad(1.01),
  atmVol: wad(0.6),
  spot: wad(2000),
  asOf: bookTime,
  validUntil: bookTime + 43_200,
  version: 7,
}
const grid: ContractGrid = {
  first: -700_000,
  spacing: 40_000,
  nearSpacing: 25_000,
  nodes: 32,
  lowest: wad(Math.exp(-0.7)),
  ratio: wad(Math.exp(0.04)),
}
const anchors = { volScanUp: 4_375, volScanDown: 2_125 }
const chain = postListedChain(listed, slice, grid, anchors)
describe('strikeExponent', () => {
  it('is the smallest whose unit holds the strike in 15 bits', () => {
    fc.assert(
      fc.property(fc.bigInt(10n ** 5n, 10n ** 33n), (strike) => {
        const exponent = strikeExponent('vanilla', strike)
        const holds = (at: number): boolean => (32_767n * 10n ** 18n) << BigInt(at + 60) >= strike << 60n
        expect(holds(exponent)).toBe(true)
        expect(exponent === -60 || !holds(exponent - 1)).toBe(true)
      }),
      propertyRuns,
    )
    expect(strikeExponent('vanilla', 32_767n * 10n ** 18n)).toBe(0)
    expect(strikeExponent('vanilla', 32_767n * 10n ** 18n + 1n)).toBe(1)
    expect(strikeExponent('digital', wad(2000))).toBe(-13)
    expectInvalid('strike', () => strikeExponent('vanilla', 0n))
    expectInvalid('strike', () => strikeExponent('digital', 1n << 128n))
  })
})

describe('a listed chain', () => {
  it('holds the put of every strike, free of faults, and leaves no lane to outgrow at any price', () => {
    expect(chain.entries.map(({ id }) => id)).toEqual(putsOf(listed).map(({ id }) => id))
    expect(chainFaults(chain, putsOf(listed))).toEqual([])
    for (const factor of [0.01, 100]) {
      const moved = postListedChain(listed, { ...slice, spot: wad(2000 * factor) }, grid, anchors)
      expect(moved.entries.map(({ exponent }) => exponent)).toEqual(chain.entries.map(({ exponent }) => exponent))
    }
  })
  it('is read back from its words', () => {
    const words = ladderWords(chain, listed, slice, grid, anchors)
    expect(words).toHaveLength(4 + 2 + 5 * 7)
    const { a, b, rho, m, sigma, ...kept } = slice
    expect(readWords(words)).toEqual({ chain, listed, grid, anchors, slice: kept })
    expectInvalid('words', () => readWords(words.slice(0, -1)))
    expectInvalid('words', () => readWords(words.slice(0, 3)))
    expectInvalid('nodes', () => readWords([words[0]!, words[1]! ^ (1n << 240n), ...words.slice(2)]))
  })
  it('says which field is too large, and which entries are missing', () => {
    expectInvalid('field at bit 0', () => ladderWords(chain, listed, { ...slice, spot: 1n << 128n }, grid, anchors))
    expectInvalid('entries', () => ladderWords({ ...chain, entries: chain.entries.slice(1) }, listed, slice, grid, anchors))
  })
})
