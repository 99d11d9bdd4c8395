import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessBook, type ExpiryQuote, type MarginParameters, type SurfaceMarket } from '../../../risk/margin/index.ts'
import {
  assessLadder,
  chainFaults,
  chainsToPost,
  everySecondNode,
  farMultiples,
  type LadderChain,
  LOTS_PER_CONTRACT,
  laneSums,
  nearRow,
  nodePrices,
  packFar,
  packNodes,
  packSigned,
  postChain,
  readEntry,
  refreshReason,
  shortGrid,
  standardGrid,
  unpackFar,
  unpackNodes,
  unpackSigned,
  wideGrid,
} from '../../../risk/margin/ladder/index.ts'
import { black76Price, pricingModuleOf, pricingRegistry } from '../../../risk/pricing/index.ts'
import type { Instrument, Portfolio, VanillaOption } from '../../../risk/types/index.ts'
import { bookTime } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

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
const parameters: MarginParameters = {
  priceScanRange: 0.2,
  initialRange: 0.3,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0.015,
  tailWeight: 0.77,
  haircut: 0.25,
}
const post = { expiry, grid: standardGrid, anchors, surface: 'v1' }
const chain = postChain(instruments, market, post)
const live = { time: bookTime, spot, atmVols: new Map([[expiry, 0.6]]) }
const portfolio = (legs: readonly (readonly [number, number])[]): Portfolio => ({
  account: 'A',
  cash: 0,
  collateral: 0,
  positions: legs.map(([instrument, quantity]) => ({ instrument, quantity })),
})
const readerOf = (of: LadderChain, index: number) => {
  const entry = of.entries[index]!
  const instrument = options.find(({ id }) => id === entry.id)!
  return { instrument, ...readEntry(of.header, entry, pricingModuleOf(instrument, pricingRegistry), instrument) }
}
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
      fc.property(list(0, 32_767, 48), list(0, 2_147_483_647, 8), list(-32_767, 32_767, 16), (nodes, far, signed) => {
        expect(unpackNodes(packNodes(nodes))).toEqual(nodes)
        expect(unpackFar(packFar(far))).toEqual(far)
        expect(unpackSigned(packSigned(signed))).toEqual(signed)
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
    near(ends(nodePrices(100, standardGrid)), [-0.7, 0.54])
    near(ends(nodePrices(100, wideGrid)), [-0.95, 0.662])
    near(ends(nodePrices(100, shortGrid)), [-0.6375, 0.5375])
    near(ends(nodePrices(100, everySecondNode(standardGrid))), [-0.7, 0.5])
    near(ends(nodePrices(100, nearRow(standardGrid))), [-0.1875, 0.1875])
    expect(nodePrices(100, shortGrid)).toHaveLength(48)
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
    for (const grid of [standardGrid, shortGrid, wideGrid, everySecondNode(standardGrid)]) {
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

describe('an entry read', () => {
  it('is within a thousandth of spot of the model at any price on the grid and any vol between the words', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: options.length - 1 }),
        fc.double({ min: -0.69, max: 0.53, noNaN: true }),
        fc.double({ min: 0.8, max: 1.5, noNaN: true }),
        (index, distance, part) => {
          const { instrument, read } = readerOf(chain, index)
          const vol = (part * chain.entries[index]!.volBps) / 10_000
          const at = spot * Math.exp(distance)
          const { long, short } = read(at, vol)
          expect(long).toBe(short)
          // Away from the base a vol is read linearly between two words that are 70 % apart.
          expectNear({ index, distance, part }, long, model(instrument, at, vol), {
            abs: (Math.abs(distance) < 0.18 ? 0.0006 : 0.006) * spot,
          })
        },
      ),
      propertyRuns,
    )
  })
  it('beyond the grid is bounded against either side, and the bounds hold the model', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: options.length - 1 }),
        fc.oneof(fc.double({ min: -2, max: -0.71, noNaN: true }), fc.double({ min: 0.55, max: 2.2, noNaN: true })),
        fc.double({ min: 0.8, max: 1.4, noNaN: true }),
        (index, distance, part) => {
          const { instrument, read } = readerOf(chain, index)
          const vol = (part * chain.entries[index]!.volBps) / 10_000
          const at = spot * Math.exp(distance)
          const { long, short } = read(at, vol)
          const exact = model(instrument, at, vol)
          expect(long).toBeLessThanOrEqual(exact + 0.002 * spot)
          expect(short).toBeGreaterThanOrEqual(exact - 0.002 * spot)
          expect(short - long).toBeLessThanOrEqual(0.35 * spot)
        },
      ),
      propertyRuns,
    )
  })
})

describe('laneSums', () => {
  const positions = fc.array(
    fc.record({ entry: fc.integer({ min: 0, max: options.length - 1 }), lots: fc.integer({ min: -5_000_000, max: 5_000_000 }) }),
    {
      maxLength: 12,
    },
  )
  it('are the whole-number sums of values times lots, in the unit of the chain', () => {
    fc.assert(
      fc.property(positions, (held) => {
        const sums = laneSums(chain, held)
        const scale = 2 ** chain.header.unitExponent / LOTS_PER_CONTRACT
        const expected = (read: (entry: LadderChain['entries'][number]) => number): number =>
          held.reduce(
            (sum, { entry, lots }) => sum + (lots / LOTS_PER_CONTRACT) * 2 ** chain.entries[entry]!.exponent * read(chain.entries[entry]!),
            0,
          )
        const gross = held.reduce((sum, { lots }) => sum + Math.abs(lots), 1)
        for (const lane of [0, 7, 31]) {
          expectNear(
            { held, lane },
            Number(sums.up[lane]!) * scale,
            expected((entry) => unpackNodes(entry.up)[lane]!),
            { abs: 1e-12 * gross },
          )
          expectNear(
            { held, lane },
            Number(sums.down[lane]!) * scale,
            expected((entry) => unpackNodes(entry.down)[lane]!),
            { abs: 1e-12 * gross },
          )
        }
        expectNear(
          { held },
          Number(sums.far[7]!) * scale,
          expected((entry) => unpackFar(entry.far)[7]!),
          { abs: 1e-11 * gross },
        )
        expectNear(
          { held },
          Number(sums.mark[3]!) * scale,
          expected((entry) => unpackNodes([entry.mark])[3]!),
          { abs: 1e-12 * gross },
        )
        expectNear(
          { held },
          Number(sums.skew[3]!) * scale,
          expected((entry) => unpackSigned(entry.skew)[3]!),
          { abs: 1e-12 * gross },
        )
      }),
      propertyRuns,
    )
  })
  it('do not depend on the order, and cancel exactly', () => {
    const held = [
      { entry: 1, lots: 12_345 },
      { entry: 4, lots: -777 },
      { entry: 8, lots: 50_000 },
    ]
    expect(laneSums(chain, [...held].reverse())).toEqual(laneSums(chain, held))
    const flat = laneSums(chain, [...held, ...held.map(({ entry, lots }) => ({ entry, lots: -lots }))])
    expect(flat.up.every((sum) => sum === 0n) && flat.far.every((sum) => sum === 0n) && flat.skew.every((sum) => sum === 0n)).toBe(true)
  })
  it('with 256 positions of the largest scaled quantity fit 64 bits with a sign', () => {
    const shift = chain.entries[0]!.exponent - chain.header.unitExponent
    const largest = Math.floor((2 ** 39 - 1) / 2 ** shift)
    const sums = laneSums(
      chain,
      Array.from({ length: 256 }, () => ({ entry: 0, lots: largest })),
    )
    for (const sum of [...sums.up, ...sums.down]) expect(sum).toBeLessThan(1n << 63n)
    expectInvalid('lots of call-1500', () => laneSums(chain, [{ entry: 0, lots: largest + 1 }]))
  })
  it('refuse an entry that is not there and a part of a lot', () => {
    expectInvalid('entry', () => laneSums(chain, [{ entry: 99, lots: 1 }]))
    expectInvalid('lots of call-1500', () => laneSums(chain, [{ entry: 0, lots: 0.5 }]))
  })
})

describe('assessLadder', () => {
  const legs = [
    [4, -3],
    [5, -2],
    [8, 4],
    [10, 1],
  ] as const
  it('asks for what full revaluation asks for, and no less', () => {
    const book = { instruments, portfolios: [portfolio(legs), portfolio([[10, -2]]), portfolio([[4, 5]]), portfolio([])] }
    const exact = assessBook(book, market, parameters).accounts
    const read = assessLadder(book, [chain], live, parameters)
    for (const [i, { maintenance, equity, freeMargin }] of exact.entries()) {
      const got = read[i]!
      expectNear('equity', got.equity, equity, { abs: 1e-4 * spot })
      expect(got.equity - got.maintenance).toBeLessThanOrEqual(equity - maintenance + 1e-9)
      expect(got.freeMargin).toBeLessThanOrEqual(freeMargin + 1e-9)
      expect(got.maintenance).toBeLessThanOrEqual(1.04 * maintenance + 1)
    }
    expect(read[1]!.maintenance, 'a future alone is exact').toBe(exact[1]!.maintenance)
    expect(read[2]!.liquidatable, 'a paid-up option is not closed for the allowance').toBe(false)
  })
  it('takes inverse options and digitals as they come', () => {
    const more: Instrument[] = [
      { kind: 'inverseOption', id: 'I', type: 'put', strike: 1900, expiry },
      { kind: 'digital', id: 'D', type: 'call', pays: 'cash', strike: 2100, expiry },
      { kind: 'digital', id: 'E', type: 'put', pays: 'asset', strike: 2100, expiry },
    ]
    const posted = [postChain(more, market, post)]
    for (const legs of [
      [[0, -3]],
      [[0, 2]],
      [[1, -4000]],
      [[2, -2]],
      [
        [0, -1],
        [2, 1],
      ],
    ] as const) {
      const book = { instruments: more, portfolios: [portfolio(legs)] }
      const exact = assessBook(book, market, parameters).accounts[0]!
      const read = assessLadder(book, posted, live, parameters)[0]!
      expect(read.equity - read.maintenance).toBeLessThanOrEqual(exact.equity - exact.maintenance + 1e-9)
      expect(read.maintenance).toBeLessThanOrEqual(1.06 * exact.maintenance + 1)
    }
  })
  it('says where the live vol scans are beyond what the words were valued with', () => {
    const book = { instruments, portfolios: [portfolio(legs)] }
    expect(assessLadder(book, [chain], live, parameters)[0]!.outsideAnchors).toEqual([])
    expect(assessLadder(book, [chain], live, { ...parameters, volScanUp: 0.45 })[0]!.outsideAnchors).toEqual([expiry])
    expect(assessLadder(book, [chain], { ...live, atmVols: new Map([[expiry, 0.9]]) }, parameters)[0]!.outsideAnchors).toEqual([expiry])
  })
  it('adds more to what it asks the further the market has moved', () => {
    const book = { instruments, portfolios: [portfolio(legs)] }
    const shareAt = (at: number, vol: number): number =>
      assessLadder(book, [chain], { ...live, spot: at, atmVols: new Map([[expiry, vol]]) }, parameters)[0]!.allowance.share
    expectNear('none', shareAt(spot, 0.6), 0.025, { rel: 1e-12 })
    expectNear('both', shareAt(1.08 * spot, 0.66), 0.025 + 0.2 * (0.1 + Math.log(1.08)), { rel: 1e-9 })
  })
  it('refuses a book whose option is not posted, or an expiry without a live vol', () => {
    const book = { instruments, portfolios: [portfolio(legs)] }
    expectInvalid('chains', () => assessLadder(book, [], live, parameters))
    expectInvalid('atmVols', () => assessLadder(book, [chain], { ...live, atmVols: new Map() }, parameters))
    expectInvalid('spot', () => assessLadder(book, [chain], { ...live, spot: Number.NaN }, parameters))
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
  it('lists the open chains that are due, nearest first', () => {
    const later = { ...chain, header: { ...header, expiry: expiry + 86_400 } }
    const due = { ...now, smileRepaired: true }
    const seen = new Map([
      [expiry, due],
      [expiry + 86_400, due],
    ])
    const both = new Set(seen.keys())
    expect(chainsToPost([later, chain], seen, both)).toEqual([
      { expiry, reason: 'smileRepair' },
      { expiry: expiry + 86_400, reason: 'smileRepair' },
    ])
    expect(chainsToPost([later, chain], seen, new Set([expiry]))).toHaveLength(1)
    expect(chainsToPost([chain], new Map([[expiry, now]]), both)).toEqual([])
    expectInvalid('observations', () => chainsToPost([chain], new Map(), both))
  })
})
