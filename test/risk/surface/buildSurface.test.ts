import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undiscountedValue } from '../../../risk/pricing/undiscountedValue.ts'
import {
  buildSurface,
  checkCalendar,
  checkSurface,
  type OptionChain,
  type OptionQuote,
  type SurfaceSlice,
  surfaceVol,
  type VolSurface,
} from '../../../risk/surface/index.ts'
import { totalVariance } from '../../../risk/surface/totalVariance.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'
import { chainSpot, chainTime, sliceOf, syntheticChain, vogt } from '../support/syntheticChain.ts'

const forward = 2_050
const days = [2, 9, 30, 91]
const term = days.map((each) => ({ days: each, svi: sliceOf(each, 0.6 + 0.1 / Math.sqrt(each), -0.25), forward: 2_000 * 1.0005 ** each }))
const volOf = ({ svi, timeToExpiry }: SurfaceSlice, k: number): number => Math.sqrt(totalVariance(svi, k) / timeToExpiry)
const only = (surface: VolSurface): SurfaceSlice => surface.slices[0]!

/** One expiry of 30 days with its lines changed. */
function chainWith(change: (quote: OptionQuote, i: number) => OptionQuote | null, venueForward: number | null = forward): OptionChain {
  const chain = syntheticChain([{ days: 30, svi: sliceOf(30, 0.6), forward }])
  const expiries = chain.expiries.map((expiry) => ({
    ...expiry,
    venueForward,
    quotes: expiry.quotes.map(change).filter((quote) => quote !== null),
  }))
  return { ...chain, expiries }
}

describe('a surface of clean quotes', () => {
  it.each(['coin', 'usd'] as const)('gives the slices back that the quotes were made from, in %s', (numeraire) => {
    const chain = syntheticChain(
      term.map((each) => ({ ...each, halfSpread: 0 })),
      numeraire,
    )
    const surface = buildSurface(chain)
    expect(surface.unavailable).toEqual([])
    expect(surface.slices.map(({ model, repairs }) => [model, repairs])).toEqual(days.map(() => ['svi', []]))
    for (const [i, slice] of surface.slices.entries()) {
      expect(slice.forward.forward).toBeCloseTo(term[i]!.forward, 6)
      for (const k of [-0.5, -0.2, 0, 0.2, 0.35]) {
        const expected = Math.sqrt(totalVariance(term[i]!.svi, k) / slice.timeToExpiry)
        // Strikes that far out are worth less than the smallest price for two days, so nothing is quoted there.
        if (k >= slice.range.from && k <= slice.range.to) expect(Math.abs(volOf(slice, k) - expected)).toBeLessThan(1e-9)
      }
    }
  })
  it('is the same document for the same chain, whatever the order of the lines', () => {
    const chain = syntheticChain(term)
    const shuffled = { ...chain, expiries: chain.expiries.map((each) => ({ ...each, quotes: [...each.quotes].reverse() })) }
    expect(JSON.stringify(buildSurface(shuffled))).toBe(JSON.stringify(buildSurface(chain)))
  })
  it('stays inside bid and ask where prices are rounded to a tick', () => {
    const tick = (price: number | null): number | null => (price === null ? null : Math.round(price / 0.0001) * 0.0001)
    const surface = buildSurface(chainWith((quote) => ({ ...quote, bid: tick(quote.bid), ask: tick(quote.ask) })))
    expect(only(surface).insideShare).toBeGreaterThan(0.95)
    expect(only(surface).rmsError).toBeLessThan(0.01)
  })
})

describe('bad quotes', () => {
  it('are counted by what they are good for, and the rest still fits', () => {
    const surface = buildSurface(
      chainWith((quote, i) => {
        if (i === 10) return { ...quote, bid: quote.ask! * 1.2 }
        if (i === 12) return { ...quote, time: chainTime - 301 }
        if (i === 14) return { ...quote, bid: null, ask: null, mark: null }
        if (i === 16) return { ...quote, bid: -1, ask: 0 }
        if (i === 18) return { ...quote, bid: 3, ask: 4 }
        if (i === 41) return { ...quote, bid: null }
        return i === 43 ? { ...quote, ask: null } : { ...quote, time: chainTime - 300 }
      }),
    )
    const { quotes, model } = only(surface)
    expect(quotes).toMatchObject({ crossed: 1, stale: 1, empty: 1, outOfBounds: 1, markOnly: 1, askOnly: 1, bidOnly: 1 })
    expect(Object.values(quotes).reduce((sum, count) => sum + count)).toBe(62)
    expect(model).toBe('svi')
    expect(volOf(only(surface), 0)).toBeCloseTo(0.6, 3)
  })
  it('one-sided quotes bound the smile where nobody makes both sides', () => {
    const cheapWing = chainWith((quote) => {
      if (quote.strike < forward * 0.97 || quote.strike > forward * 1.12)
        return { ...quote, bid: null, ask: quote.strike > forward ? quote.ask! * 0.3 : null }
      return quote
    })
    const free = buildSurface(chainWith((quote) => (quote.strike < forward * 0.97 || quote.strike > forward * 1.12 ? null : quote)))
    expect(volOf(only(buildSurface(cheapWing)), 0.4)).toBeLessThan(volOf(only(free), 0.4) - 0.02)
  })
  it('one wild line does not move the smile', () => {
    const wild = buildSurface(chainWith((quote, i) => (i === 30 ? { ...quote, bid: quote.bid! * 1.5, ask: quote.ask! * 1.5 } : quote)))
    expect(Math.abs(volOf(only(wild), 0) - 0.6)).toBeLessThan(0.005)
  })
  it('never throw, whatever the numbers', () => {
    const price = fc.option(fc.oneof(fc.constantFrom(-1, 0, 1e-9, 1, 2, 1e12), fc.double({ min: 0, max: 1.5, noNaN: true })))
    const lines = fc.uniqueArray(
      fc.record({
        strike: fc.integer({ min: 1, max: 40 }).map((n) => n * 100),
        type: fc.constantFrom('call' as const, 'put' as const),
        bid: price,
        ask: price,
        mark: price,
        time: fc.option(fc.integer({ min: chainTime - 600, max: chainTime })),
      }),
      { selector: ({ strike, type }) => `${strike}${type}`, maxLength: 24 },
    )
    const expiries = fc.tuple(lines, lines, lines)
    fc.assert(
      fc.property(
        expiries,
        fc.option(fc.double({ min: 100, max: 10_000, noNaN: true })),
        fc.constantFrom('coin' as const, 'usd' as const),
        (each, venueForward, numeraire) => {
          const chain: OptionChain = {
            time: chainTime,
            spot: chainSpot,
            numeraire,
            expiries: each.map((quotes, i) => ({ expiry: chainTime + [-10, 3_600, 2_592_000][i]!, venueForward, quotes })),
          }
          const surface = buildSurface(chain)
          expect(surface.slices.length + surface.unavailable.length).toBe(3)
          expect(surface.unavailable[0]).toEqual({ expiry: chainTime - 10, reason: 'expired' })
          expect(checkSurface(surface).free).toBe(true)
          const numbers = surface.slices.flatMap(({ svi, forward: { forward: f, residual }, rmsError, range }) => [
            ...Object.values(svi),
            f,
            residual,
            rmsError,
            range.from,
            range.to,
          ])
          expect(numbers.every(Number.isFinite)).toBe(true)
        },
      ),
      propertyRuns,
    )
  })
})

describe('the ladder', () => {
  /** Two lines a strike; the eleventh strike is the forward. */
  const keep = (strikes: number) => (quote: OptionQuote, i: number) => {
    const first = 2 * Math.max(0, 10 - Math.floor(strikes / 2))
    return i >= first && i < first + 2 * strikes ? { ...quote, mark: null } : null
  }
  it.each([
    [31, 'svi'],
    [5, 'svi'],
    [4, 'ssvi'],
    [2, 'ssvi'],
    [1, 'flat'],
  ])('of %i two-sided strikes is %s', (strikes, model) => {
    const slice = only(buildSurface(chainWith(keep(strikes))))
    expect(slice).toMatchObject({ model, points: strikes, usesMarks: false })
    const expected = Math.sqrt(totalVariance(sliceOf(30, 0.6), 0.05) / (30 / 365))
    expect(Math.abs(volOf(slice, 0.05) - expected)).toBeLessThan(strikes > 4 ? 0.001 : 0.03)
  })
  it('takes marks where too few strikes are two-sided, and says so', () => {
    const slice = only(buildSurface(chainWith((quote, i) => (i >= 30 && i < 34 ? quote : { ...quote, bid: null, ask: null }))))
    expect(slice).toMatchObject({ model: 'svi', usesMarks: true })
    expect(volOf(slice, -0.3)).toBeCloseTo(Math.sqrt(totalVariance(sliceOf(30, 0.6), -0.3) / (30 / 365)), 2)
  })
  it('of one mark alone is flat at it; of none, or of bounds alone, there is no smile', () => {
    const bare = (i: number) => ({ bid: null, ask: null, ...(i === 30 ? {} : { mark: null }) })
    const slice = only(buildSurface(chainWith((quote, i) => ({ ...quote, ...bare(i) }))))
    expect(slice).toMatchObject({ model: 'flat', usesMarks: true, insideShare: null, atmHalfSpread: null })
    const expiry = chainTime + 30 * 86_400
    expect(buildSurface(chainWith(() => null)).unavailable).toEqual([{ expiry, reason: 'noQuotes' }])
    expect(buildSurface(chainWith((quote) => ({ ...quote, bid: null, mark: null }))).unavailable).toEqual([{ expiry, reason: 'noQuotes' }])
  })
  it('leaves an expiry with few quotes to its neighbours when its smile would cross theirs', () => {
    const chain = syntheticChain(term)
    const expiries = chain.expiries.map((each, i) =>
      i === 1 ? { ...each, quotes: each.quotes.filter(({ strike }) => Math.abs(strike / each.venueForward! - 1) < 0.001) } : each,
    )
    const surface = buildSurface({ ...chain, expiries })
    expect(surface.unavailable).toEqual([{ expiry: chainTime + 9 * 86_400, reason: 'crossesNeighbours' }])
    expect(surface.slices).toHaveLength(3)
  })
})

describe('repair', () => {
  it("takes the arbitrage out of quotes on Vogt's slice and stays within a point of them", () => {
    const wide = Array.from({ length: 60 }, (_, i) => Math.exp(-1.5 + i * 0.05))
    const surface = buildSurface(syntheticChain([{ days: 365, svi: vogt, forward, moneyness: wide }]))
    const slice = only(surface)
    expect(slice.repairs).toContain('butterflyRefit')
    expect(slice.repairs).not.toContain('ssviFallback')
    expect(checkSurface(surface).free).toBe(true)
    expect(slice.rmsError).toBeLessThan(0.01)
  })
  it('parts expiries that cross, and says which', () => {
    const crossing = [
      { days: 30, svi: sliceOf(30, 0.8), forward },
      { days: 33, svi: sliceOf(33, 0.7), forward },
    ]
    expect(checkCalendar(crossing[0]!.svi, crossing[1]!.svi).free).toBe(false)
    const surface = buildSurface(syntheticChain(crossing))
    expect(checkSurface(surface).free).toBe(true)
    expect(surface.slices.some(({ repairs }) => repairs.includes('calendarRefit'))).toBe(true)
    for (const slice of surface.slices) expect(Math.abs(volOf(slice, 0) - 0.75)).toBeLessThan(0.06)
  })
  it('leaves no arbitrage in chains of random slices, however they cross', () => {
    const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
    const shape = fc.record({ vol: real(0.2, 1.5), rho: real(-0.9, 0.9), eta: real(0.3, 3) })
    fc.assert(
      fc.property(fc.array(shape, { minLength: 2, maxLength: 5 }), (shapes) => {
        const chain = syntheticChain(
          shapes.map(({ vol, rho, eta }, i) => ({ days: 3 + 9 * i * i, svi: sliceOf(3 + 9 * i * i, vol, rho, eta), forward })),
        )
        const surface = buildSurface(chain)
        expect(surface.slices).toHaveLength(shapes.length)
        expect(checkSurface(surface).free).toBe(true)
      }),
      { ...propertyRuns, numRuns: deep ? propertyRuns.numRuns : 20, endOnFailure: true },
    )
  }, 120_000)
})

describe('prices of a repaired surface', () => {
  const crossing = [
    { days: 30, svi: sliceOf(30, 0.8, -0.5, 1.8), forward },
    { days: 33, svi: sliceOf(33, 0.7, 0.3, 2.2), forward },
    { days: 90, svi: sliceOf(90, 0.65, 0.1, 1), forward },
  ]
  const surface = buildSurface(syntheticChain(crossing))
  /** Call over forward at strike = forward x ratio. */
  const callAt = (expiry: number, ratio: number): number => {
    const asked = surfaceVol(surface, expiry, forward * ratio)
    if (asked.kind !== 'vol') throw new Error(asked.reason)
    return undiscountedValue('call', 1, (forward * ratio) / asked.forward, asked.vol * Math.sqrt(asked.timeToExpiry))
  }
  const ratios = Array.from({ length: 300 }, (_, i) => 0.3 + 0.01 * i)
  it('fall and are convex in the strike, also between and beyond the expiries', () => {
    for (const days of [5, 30, 31.5, 33, 60, 90, 150]) {
      const prices = ratios.map((ratio) => callAt(chainTime + days * 86_400, ratio))
      const steps = prices.slice(1).map((price, i) => price - prices[i]!)
      for (const [i, step] of steps.entries()) {
        expect(step).toBeLessThanOrEqual(1e-15)
        if (i > 0) expect(step - steps[i - 1]!, `${days} days, ratio ${ratios[i]}`).toBeGreaterThanOrEqual(-1e-14)
      }
    }
  })
  it('rise with the expiry at equal ratio of strike and forward', () => {
    for (const ratio of ratios) {
      const prices = [2, 10, 30, 31, 32, 33, 50, 90, 200].map((days) => callAt(chainTime + days * 86_400, ratio))
      for (let i = 1; i < prices.length; i++) expect(prices[i]! - prices[i - 1]!).toBeGreaterThanOrEqual(-1e-14)
    }
  })
})

describe('malformed chains', () => {
  const chain = syntheticChain([term[2]!])
  const quote = chain.expiries[0]!.quotes[0]!
  const withQuotes = (...quotes: readonly OptionQuote[]): OptionChain => ({ ...chain, expiries: [{ ...chain.expiries[0]!, quotes }] })
  it('are errors that name argument, value and limit', () => {
    expectInvalid('time', () => buildSurface({ ...chain, time: 0.5 }))
    expectInvalid('spot', () => buildSurface({ ...chain, spot: 0 }))
    expectInvalid('numeraire', () => buildSurface({ ...chain, numeraire: 'eur' as 'usd' }))
    expectInvalid('expiries[1].expiry', () => buildSurface({ ...chain, expiries: [...chain.expiries, ...chain.expiries] }))
    expectInvalid('expiries[0].venueForward', () => buildSurface({ ...chain, expiries: [{ ...chain.expiries[0]!, venueForward: -1 }] }))
    expectInvalid('expiries[0].quotes[0].strike', () => buildSurface(withQuotes({ ...quote, strike: 0 })))
    expectInvalid('expiries[0].quotes[0].type', () => buildSurface(withQuotes({ ...quote, type: 'C' as 'call' })))
    expectInvalid('expiries[0].quotes[0].bid', () => buildSurface(withQuotes({ ...quote, bid: Number.NaN })))
    expectInvalid('expiries[0].quotes[0].ask', () => buildSurface(withQuotes({ ...quote, ask: Number.POSITIVE_INFINITY })))
    expectInvalid('expiries[0].quotes[0].time', () => buildSurface(withQuotes({ ...quote, time: 1.5 })))
    expectInvalid('expiries[0].quotes[1]', () => buildSurface(withQuotes(quote, quote)))
    expectInvalid('rules.maxAge', () => buildSurface(chain, { maxAge: -1 }))
  })
  it('an empty chain is a surface without slices', () => {
    expect(buildSurface({ ...chain, expiries: [] })).toMatchObject({ slices: [], unavailable: [] })
  })
})
