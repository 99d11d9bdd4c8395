import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  buildDepthCurve,
  constantProductDepth,
  depthAtMove,
  depthWithin,
  type OrderBook,
  slippageForSize,
  squareRootImpact,
  walkBook,
} from '../../../risk/liquidity/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const book: OrderBook = {
  bids: [
    { price: 99, quantity: 2 },
    { price: 98, quantity: 3 },
    { price: 90, quantity: 1 },
  ],
  asks: [
    { price: 101, quantity: 1 },
    { price: 102, quantity: 4 },
  ],
}
const level = fc.record({ step: fc.integer({ min: 1, max: 5 }), quantity: fc.integer({ min: 1, max: 9 }) })
/** A book of whole lots around 1000. */
const books: fc.Arbitrary<OrderBook> = fc
  .tuple(fc.array(level, { minLength: 1, maxLength: 12 }), fc.array(level, { minLength: 1, maxLength: 12 }))
  .map(([down, up]) => {
    const place = (levels: typeof down, sign: number) => {
      let price = 1000
      return levels.map(({ step, quantity }) => {
        price += sign * step
        return { price, quantity }
      })
    }
    return { bids: place(down, -1), asks: place(up, 1) }
  })

describe('walkBook', () => {
  it('fills level by level from the best', () => {
    expect(walkBook(book, 'buy', 3)).toEqual({
      kind: 'filled',
      averagePrice: 305 / 3,
      worstPrice: 102,
      slippage: expect.closeTo(5 / 300, 14),
      levels: 2,
    })
    expect(walkBook(book, 'sell', 2)).toEqual({ kind: 'filled', averagePrice: 99, worstPrice: 99, slippage: 0.01, levels: 1 })
  })
  it('says how much there is when the book ends first', () => {
    expect(walkBook(book, 'buy', 6)).toEqual({ kind: 'short', available: 5 })
    expect(walkBook(book, 'buy', 5)).toMatchObject({ kind: 'filled' })
  })
  it('agrees with buying one lot after the other, and never gets cheaper with size', () => {
    fc.assert(
      fc.property(books, fc.constantFrom('buy', 'sell'), fc.integer({ min: 1, max: 60 }), (each, side, size) => {
        const lots = (side === 'buy' ? each.asks : each.bids).flatMap(({ price, quantity }) => Array<number>(quantity).fill(price))
        const got = walkBook(each, side, size)
        if (size > lots.length) {
          expect(got).toEqual({ kind: 'short', available: lots.length })
          return
        }
        if (got.kind !== 'filled') return expect.fail('short')
        expectNear([each, size], got.averagePrice, lots.slice(0, size).reduce((sum, price) => sum + price, 0) / size, { rel: 1e-14 })
        expect(got.worstPrice).toBe(lots[size - 1])
        if (size > 1) {
          const smaller = walkBook(each, side, size - 1)
          expect(smaller.kind === 'filled' && smaller.slippage).toBeLessThanOrEqual(got.slippage * (1 + 1e-12))
        }
      }),
      propertyRuns,
    )
  })
  it('refuses an empty side, disorder, a crossed book and bad sizes', () => {
    expectInvalid('asks', () => walkBook({ ...book, asks: [] }, 'buy', 1))
    expectInvalid('bids[1].price', () => walkBook({ ...book, bids: [book.bids[1]!, book.bids[0]!] }, 'buy', 1))
    expectInvalid('bids[0].price', () => walkBook({ ...book, bids: [{ price: 101, quantity: 1 }] }, 'buy', 1))
    expectInvalid('asks[0].quantity', () => walkBook({ ...book, asks: [{ price: 101, quantity: 0 }] }, 'buy', 1))
    expectInvalid('quantity', () => walkBook(book, 'buy', Number.NaN))
  })
})

describe('depthWithin', () => {
  it('adds USD inside the band, and says when the book ends inside it', () => {
    expect(depthWithin(book, 0.02)).toEqual({
      bid: { kind: 'measured', usd: 492 },
      ask: { kind: 'atLeast', usd: 509 },
      smaller: { kind: 'measured', usd: 492 },
    })
    expect(depthWithin(book, 0.5).smaller).toEqual({ kind: 'atLeast', usd: 509 })
    expect(depthWithin(book, 0.001).smaller).toEqual({ kind: 'measured', usd: 0 })
  })
  it('equal sides of which one is known exactly are known exactly', () => {
    const even = {
      bids: [{ price: 99, quantity: 101 }],
      asks: [
        { price: 101, quantity: 99 },
        { price: 150, quantity: 1 },
      ],
    }
    expect(depthWithin(even, 0.02).smaller).toEqual({ kind: 'measured', usd: 9999 })
  })
  it('grows with the band and is what a walk to that price spends', () => {
    fc.assert(
      fc.property(books, fc.double({ min: 0.001, max: 0.06, noNaN: true }), (each, band) => {
        const { ask } = depthWithin(each, band)
        expect(depthWithin(each, band / 2).ask.usd).toBeLessThanOrEqual(ask.usd)
        const mid = (each.bids[0]!.price + each.asks[0]!.price) / 2
        const inside = each.asks.filter(({ price }) => price <= mid * (1 + band)).reduce((sum, { quantity }) => sum + quantity, 0)
        if (inside === 0) {
          expect(ask.usd).toBe(0)
          return
        }
        const walked = walkBook(each, 'buy', inside)
        if (walked.kind !== 'filled') return expect.fail('short')
        expectNear([each, band], walked.averagePrice * inside, ask.usd, { rel: 1e-13 })
      }),
      propertyRuns,
    )
  })
  it('refuses a band that is none', () => {
    expectInvalid('band', () => depthWithin(book, 0))
    expectInvalid('band', () => depthWithin(book, Number.NaN))
  })
})

describe('depth curves', () => {
  it('a curve of one slope costs half of what it displaces', () => {
    // impact = size / 2e8: linear book, marginal displacement size / 1e8.
    const curve = buildDepthCurve([1e5, 2e5, 5e5, 1e6, 2e6].map((size) => ({ size, impact: size / 2e8 })))
    const reading = slippageForSize(curve, 1e6)
    expectNear('slippage', reading.kind === 'measured' ? reading.value : 0, 0.005, { rel: 1e-12 })
    const depth = depthAtMove(curve, 0.01)
    expectNear('depth', depth.kind === 'measured' ? depth.value : 0, 1e6, { rel: 1e-12 })
  })
  it('finds the depth of a constant-product pool from its quotes', () => {
    const reserve = 5e7
    const quotes = Array.from({ length: 60 }, (_, i) => 1000 * 1.2 ** i)
      .filter((size) => size < 3e6)
      .map((size) => ({ size, impact: size / (reserve + size) }))
    const depth = depthAtMove(buildDepthCurve(quotes), 0.01)
    // Selling displaces the marginal price by 1 - (R / (R + s))^2; at 1 %, s = R (1 / sqrt(0.99) - 1).
    expectNear('pool', depth.kind === 'measured' ? depth.value : 0, reserve * (1 / Math.sqrt(0.99) - 1), { rel: 1e-4 })
  })
  it('is convex through the origin whatever the quotes say, keeps total cost, and never reads beyond them', () => {
    const quote = fc.record({ size: fc.integer({ min: 1, max: 1000 }), impact: fc.double({ min: 0, max: 0.2, noNaN: true }) })
    fc.assert(
      fc.property(fc.array(quote, { minLength: 1, maxLength: 30 }), (quotes) => {
        const { sizes, costs } = buildDepthCurve(quotes)
        const slopes = sizes.map((size, i) => (costs[i]! - (costs[i - 1] ?? 0)) / (size - (sizes[i - 1] ?? 0)))
        slopes.forEach((slope, i) => {
          expect(slope).toBeGreaterThanOrEqual((slopes[i - 1] ?? 0) - 1e-12)
        })
        const largest = Math.max(...quotes.map(({ size }) => size))
        expectNear(quotes, sizes.at(-1)!, largest, { rel: 1e-12 })
        const last = quotes.filter(({ size }) => size === largest)
        const mean = last.reduce((sum, { impact }) => sum + impact, 0) / last.length
        expectNear(quotes, costs.at(-1)!, mean * largest, { abs: 1e-9 })
        expect(slippageForSize({ sizes, costs }, 1001)).toMatchObject({ kind: 'unavailable' })
        let before = 0
        for (const share of [0.1, 0.3, 0.7, 0.999]) {
          const reading = slippageForSize({ sizes, costs }, share * largest)
          if (reading.kind !== 'measured') return expect.fail('beyond')
          expect(reading.value).toBeGreaterThanOrEqual(before - 1e-12)
          before = reading.value
        }
      }),
      propertyRuns,
    )
  })
  it('says when the price is nowhere displaced that far', () => {
    expect(depthAtMove(buildDepthCurve([{ size: 10, impact: 0 }]), 0.01)).toEqual({ kind: 'unavailable', beyond: 5 })
  })
  it('refuses no quotes and what is no quote', () => {
    expectInvalid('quotes', () => buildDepthCurve([]))
    expectInvalid('quotes[0].size', () => buildDepthCurve([{ size: 0, impact: 0 }]))
    expectInvalid('quotes[0].impact', () => buildDepthCurve([{ size: 1, impact: 1 }]))
    const curve = buildDepthCurve([{ size: 10, impact: 0.1 }])
    expectInvalid('size', () => slippageForSize(curve, 0))
    expectInvalid('move', () => depthAtMove(curve, Number.NaN))
  })
})

describe('constantProductDepth', () => {
  it('is what moves the marginal price of x y = k by the move', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), fc.double({ min: 1e-6, max: 0.9, noNaN: true }), (reserve, move) => {
        const base = 37
        const paid = constantProductDepth(reserve, move)
        const price = (reserve + paid) / ((base * reserve) / (reserve + paid))
        expectNear([reserve, move], price / (reserve / base), 1 + move, { rel: 1e-12 })
        expect(paid).toBeLessThan(reserve * (1 - Math.sqrt(1 - move)) * (1 + 1e-12))
      }),
      propertyRuns,
    )
  })
  it('refuses what is no reserve or move', () => {
    expectInvalid('quoteReserve', () => constantProductDepth(0, 0.01))
    expectInvalid('move', () => constantProductDepth(1, 1))
  })
})

describe('squareRootImpact', () => {
  it('is 1 % at the depth, and doubles when the size is fourfold', () => {
    expect(squareRootImpact(3e6, 3e6)).toBe(0.01)
    expect(squareRootImpact(12e6, 3e6)).toBe(0.02)
    expect(squareRootImpact(0, 1)).toBe(0)
  })
  it('refuses bad numbers', () => {
    expectInvalid('size', () => squareRootImpact(-1, 1))
    expectInvalid('depth', () => squareRootImpact(1, 0))
  })
})
