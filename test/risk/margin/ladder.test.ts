import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExpiryQuote, SurfaceMarket } from '../../../risk/margin/index.ts'
import {
  chainFaults,
  farMultiples,
  gridFor,
  type LadderGrid,
  ladderGrid,
  marketGrids,
  nearRow,
  nodePrices,
  packFar,
  packNodes,
  packSigned,
  postChain,
  refreshReason,
  unpackFar,
  unpackNodes,
  wideMarketGrids,
} from '../../../risk/margin/ladder/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import type { Instrument, VanillaOption } from '../../../risk/types/index.ts'
import { bookTime } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const [shortGrid, standardGrid, thinGrid] = marketGrids.map(ladderGrid) as [LadderGrid, LadderGrid, LadderGrid]
const wideGrid = ladderGrid(wideMarketGrids[1])
const spot = 2000
const days = 20
const expiry = bookTime + 86_400 * days
const years = days / 365
const quote: ExpiryQuote = {
  expiry,
  forwardRatio: 1.01,
  atmVol: 0.6,
  smile: { kind: 'points', strikes: [1200, 2000, 3000], vols: [0.75, 0.6, 0.7] },
}
const market: SurfaceMarket = { time: bookTime, spot, expiries: [quote] }
const options: VanillaOption[] = [1500, 1800, 2000, 2200, 2600].flatMap((strike) =>
  (['call', 'put'] as const).map((type) => ({ kind: 'option' as const, id: `${type}-${strike}`, type, strike, expiry })),
)
const future: Instrument = { kind: 'future', id: 'F', expiry }
const instruments: readonly Instrument[] = [...options, future]
const anchors = { volScanUp: 0.4375, volScanDown: 0.2125 }
const post = { expiry, grid: standardGrid, anchors, surface: 'v1' }
const chain = postChain(instruments, market, post)
const model = ({ type, strike }: VanillaOption, at: number, vol: number): number =>
  black76Price({ type, forward: at * 1.01, strike, timeToExpiry: years, vol, rate: 0 })

describe('words', () => {
  it('hold 16 lanes of 16 bits, the first value in the lowest bits, 8 lanes of 32, and signed lanes', () => {
    expect(packNodes([1, 2, ...new Array<number>(14).fill(0)])).toEqual([0x20001n])
    expect(packNodes(new Array<number>(32).fill(32_767))).toHaveLength(2)
    expect(packFar([5, 0, 0, 0, 0, 0, 0, 7])).toBe((7n << 224n) | 5n)
    expect(packSigned([-1, ...new Array<number>(15).fill(0)])).toBe(0xffffn)
  })
  it('give back what was packed', () => {
    const list = (least: number, most: number, length: number) =>
      fc.array(fc.integer({ min: least, max: most }), { minLength: length, maxLength: length })
    fc.assert(
      fc.property(list(0, 32_767, 48), list(0, 2_147_483_647, 8), (nodes, far) => {
        expect(unpackNodes(packNodes(nodes))).toEqual(nodes)
        expect(unpackFar(packFar(far))).toEqual(far)
      }),
      propertyRuns,
    )
  })
})

describe('grids', () => {
  it('span the range, the drift and the tails that the policy asks for', () => {
    const ends = (prices: readonly number[]): number[] => [Math.log(prices[0]! / 100), Math.log(prices.at(-1)! / 100)]
    const near = (got: readonly number[], expected: readonly number[]): void =>
      got.forEach((x, i) => {
        expectNear(expected, x, expected[i]!, { abs: 1e-12 })
      })
    near(ends(nodePrices(100, shortGrid)), [-0.4, 0.352])
    near(ends(nodePrices(100, standardGrid)), [-0.7, 0.54])
    near(ends(nodePrices(100, thinGrid)), [-0.7, 0.5])
    near(ends(nodePrices(100, wideGrid)), [-0.95, 0.662])
    near(ends(nodePrices(100, nearRow(standardGrid))), [-0.1875, 0.1875])
    expect(nodePrices(100, shortGrid)).toHaveLength(48)
  })
  it('are taken by what is left to expiry, as on chain', () => {
    const [week, day] = [604_800, 86_400]
    const taken = [0, week - 1, week, 45 * day - 1, 45 * day, 365 * day].map((left) => gridFor(marketGrids, left).spacing)
    expect(taken).toEqual([16_000, 16_000, 40_000, 40_000, 80_000, 80_000])
  })
})

describe('a posted chain', () => {
  it('has an entry for each option and none for a future', () => {
    expect(chain.entries.map(({ id }) => id)).toEqual(options.map(({ id }) => id))
    expect(chain.header).toMatchObject({ expiry, asOf: bookTime, base: spot, forwardRatio: 1.01, atmVol: 0.6, anchors, surface: 'v1' })
    expect(chain.header.unitExponent).toBe(Math.min(...chain.entries.map(({ exponent }) => exponent)))
  })
  it('holds the model at its nodes to half a unit, in both words, at the mark and far out', () => {
    for (const [i, entry] of chain.entries.entries()) {
      const option = options[i]!
      const unit = 2 ** entry.exponent
      const vol = entry.volBps / 10_000
      const m = Math.sqrt(30 / days)
      const half = { abs: 0.5 * unit * (1 + 1e-9) }
      const check = (values: readonly number[], prices: readonly number[], at: number): void =>
        values.forEach((value, n) => {
          expectNear({ option, n, at }, value * unit, model(option, prices[n]!, at), half)
        })
      check(unpackNodes(entry.up), nodePrices(spot, standardGrid), vol * (1 + anchors.volScanUp * m))
      check(unpackNodes(entry.down), nodePrices(spot, standardGrid), vol * (1 - anchors.volScanDown * m))
      check(unpackNodes([entry.mark]), nodePrices(spot, nearRow(standardGrid)), vol)
      check(
        unpackFar(entry.far),
        farMultiples.map((multiple) => multiple * spot),
        vol * (1 + anchors.volScanUp * m),
      )
    }
  })
  it('keeps the exponent of its listing, and refuses a value that has outgrown it', () => {
    const listed = new Map(chain.entries.map(({ id, exponent }) => [id, exponent]))
    const higher = { ...market, spot: 2600 }
    expect(postChain(instruments, higher, { ...post, listed }).entries.map(({ exponent }) => exponent)).toEqual([...listed.values()])
    expectInvalid('value of call-1500', () => postChain(instruments, { ...market, spot: 6000 }, { ...post, listed }))
  })
  it('refuses anchors and grids outside their ranges', () => {
    expectInvalid('anchors.volScanUp', () => postChain(instruments, market, { ...post, anchors: { ...anchors, volScanUp: -1 } }))
    expectInvalid('anchors.volScanDown', () => postChain(instruments, market, { ...post, anchors: { ...anchors, volScanDown: 1 } }))
    expectInvalid('grid.spacing', () => postChain(instruments, market, { ...post, grid: { ...standardGrid, spacing: 0 } }))
    expectInvalid('grid.nearSpacing', () => postChain(instruments, market, { ...post, grid: { ...standardGrid, nearSpacing: 1 } }))
  })
})

describe('chainFaults', () => {
  it('finds none in a posted chain, of vanilla, inverse and digital options', () => {
    const more: Instrument[] = [
      { kind: 'inverseOption', id: 'I', type: 'put', strike: 1900, expiry },
      { kind: 'digital', id: 'D', type: 'call', pays: 'cash', strike: 2100, expiry },
      { kind: 'digital', id: 'E', type: 'put', pays: 'asset', strike: 2100, expiry },
    ]
    for (const grid of [standardGrid, shortGrid, wideGrid, thinGrid]) {
      expect(chainFaults(postChain([...instruments, ...more], market, { ...post, grid }), [...instruments, ...more])).toEqual([])
    }
  })
  it('finds any value that is moved by more than rounding where the payoff is near', () => {
    const [entry] = chain.entries
    fc.assert(
      fc.property(fc.nat(31), fc.constantFrom(-12, 12), (lane, by) => {
        const values = unpackNodes(entry!.up)
        const moved = values.map((value, i) => (i === lane ? Math.max(0, value + by) : value))
        const faults = chainFaults({ ...chain, entries: [{ ...entry!, up: packNodes(moved) }] }, instruments)
        // Deep in the money a call is its forward less its strike: there 12 units are a fault; around the strike they may be vol.
        if (lane > 22) expect(faults.map(({ word }) => word)).toContain('up')
        for (const fault of faults) expect(Math.abs(fault.lane - lane)).toBeLessThanOrEqual(1)
      }),
      propertyRuns,
    )
  })
  it('finds a lie in any word, and an entry that stands for no instrument', () => {
    const [entry] = chain.entries
    const zero = { up: [0n, 0n], down: [0n, 0n], far: 0n, mark: 0n } as const
    for (const word of ['up', 'down', 'far', 'mark'] as const) {
      const faults = chainFaults({ ...chain, entries: [{ ...entry!, [word]: zero[word] }] }, instruments)
      expect(faults.length).toBeGreaterThan(3)
      expect(new Set(faults.map((fault) => fault.word))).toEqual(new Set([word]))
    }
    expect(chainFaults({ ...chain, entries: [{ ...entry!, id: 'nobody' }] }, instruments)).toHaveLength(32 + 32 + 16 + 8)
  })
})

describe('refreshReason', () => {
  const { header } = chain
  const now = { time: bookTime, spot, atmVol: 0.6, volCorrection: 0, smileRepaired: false }
  it('is none for a chain as it was posted', () => {
    expect(refreshReason(header, now)).toBeNull()
    expect(refreshReason(header, { ...now, time: bookTime + 17_000, atmVol: 0.609, volCorrection: 0.02 })).toBeNull()
  })
  it('names what has moved', () => {
    expect(refreshReason(header, { ...now, atmVol: 0.6101 })).toBe('volIndex')
    expect(refreshReason({ ...header, atmVol: 0.3 }, { ...now, atmVol: 0.307 }), '2 % before a point').toBe('volIndex')
    expect(refreshReason(header, { ...now, volCorrection: 0.021 })).toBe('volCorrection')
    expect(refreshReason(header, { ...now, time: bookTime + 17_280 }), 'a hundredth of what is left').toBe('age')
    expect(refreshReason(header, { ...now, smileRepaired: true })).toBe('smileRepair')
    expect(refreshReason(header, { ...now, spot: spot * Math.exp(-0.395) })).toBe('spot')
    expect(refreshReason(header, { ...now, spot: spot * Math.exp(0.235) })).toBe('spot')
    expect(refreshReason(header, { ...now, spot: spot * Math.exp(-0.385) })).toBeNull()
  })
  it('leaves the vol of short chains to their age: 15 minutes at least, a day at most', () => {
    const short = { ...header, expiry: bookTime + 86_400 * 0.5 }
    expect(refreshReason(short, { ...now, atmVol: 0.7 })).toBeNull()
    expect(refreshReason(short, { ...now, time: bookTime + 900 })).toBeNull()
    expect(refreshReason(short, { ...now, time: bookTime + 901 })).toBe('age')
    const long = { ...header, expiry: bookTime + 86_400 * 365 }
    expect(refreshReason(long, { ...now, time: bookTime + 86_400 })).toBeNull()
    expect(refreshReason(long, { ...now, time: bookTime + 86_401 })).toBe('age')
  })
  it('refuses an observation from before the post', () => {
    expectInvalid('time', () => refreshReason(header, { ...now, time: bookTime - 1 }))
    expectInvalid('volCorrection', () => refreshReason(header, { ...now, volCorrection: Number.NaN }))
  })
})
