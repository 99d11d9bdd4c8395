import { describe, expect, it } from 'vitest'
import {
  columnarBook,
  giveRow,
  lossWithOrder,
  marks,
  openVenue,
  priceVenue,
  quoteVenue,
  riskRow,
  shortfalls,
  startStream,
  type Venue,
  type VenueOptions,
  worstLosses,
} from '../../../risk/kernel/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import { expectedShortfall } from '../../../risk/tail/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { deep } from '../support/propertyRuns.ts'
import { givenRow, type RandomVenue, randomVenue } from './randomVenue.ts'

const size = { accounts: 1500, instruments: 90, scenarios: 81 }
const seeds = deep ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2]

/** A venue that has been quoted and priced, rows from elsewhere included. */
function pricedVenue({ terms, quotes }: RandomVenue, options: VenueOptions): Venue {
  const venue = openVenue(terms, options)
  quoteVenue(venue, quotes)
  terms.instruments.forEach(({ kind }, i) => {
    if (kind === 'given') giveRow(venue, i, givenRow(i, terms.scenarios.length))
  })
  priceVenue(venue)
  return venue
}

/** Profit of one contract, from the pricing functions of risk/pricing. */
function profit({ terms, quotes }: RandomVenue, i: number, j: number): number {
  const instrument = terms.instruments[i]!
  if (instrument.kind === 'given') return givenRow(i, terms.scenarios.length)[j]!
  const { expiry } = instrument
  const { move, volRow, weight } = terms.scenarios[j]!
  const forward = quotes.forwards[expiry]!
  const discount = quotes.discounts[expiry]!
  const value = (at: number, vol: number): number =>
    instrument.kind === 'linear'
      ? at
      : black76Price({
          type: instrument.kind,
          forward: at,
          strike: instrument.strike,
          timeToExpiry: quotes.timesToExpiry[expiry]!,
          vol,
          rate: 0,
        })
  const place = expiry * terms.volRows + volRow
  const stressed = quotes.vols[i]! * quotes.volFactors[place]! + quotes.volShifts[place]!
  return weight * discount * (value(forward * (1 + move), stressed) - value(forward, quotes.vols[i]!))
}

function profitsOf(random: RandomVenue, account: number): number[] {
  const { offsets, instruments, quantities } = random.terms.book
  return random.terms.scenarios.map((_, j) => {
    let sum = 0
    for (let p = offsets[account]!; p < offsets[account + 1]!; p++) sum += quantities[p]! * profit(random, instruments[p]!, j)
    return sum
  })
}

describe.each(seeds)('a random venue (seed %i)', (seed) => {
  const random = randomVenue(seed, size)
  const venue = pricedVenue(random, { shortfall: true })
  const sampled = Array.from({ length: 60 }, (_, k) => k * 25)

  it('prices each instrument as risk/pricing does, to 1e-15 of forward and strike', () => {
    random.terms.instruments.forEach((instrument, i) => {
      if (instrument.kind === 'given') return
      const { expiry } = instrument
      const strike = instrument.kind === 'linear' ? 0 : instrument.strike
      const row = riskRow(venue, i)
      random.terms.scenarios.forEach(({ move }, j) => {
        const size = (2 + Math.max(0, move)) * random.quotes.forwards[expiry]! + strike
        expect(Math.abs(row[j]! - profit(random, i, j)), `instrument ${i}, scenario ${j}`).toBeLessThan(1e-15 * size)
      })
      if (instrument.kind !== 'linear') {
        const mark = black76Price({
          type: instrument.kind,
          forward: random.quotes.forwards[expiry]!,
          strike,
          timeToExpiry: random.quotes.timesToExpiry[expiry]!,
          vol: random.quotes.vols[i]!,
          rate: 0,
        })
        expect(Math.abs(marks(venue)[i]! - mark * random.quotes.discounts[expiry]!)).toBeLessThan(1e-15 * (2500 + strike))
      }
    })
  })

  it('finds the worst loss of each account and the scenario it stands in', () => {
    const { losses, cells } = worstLosses(venue)
    for (const account of sampled) {
      const profits = profitsOf(random, account)
      const least = Math.min(...profits)
      expect(Math.abs(losses[account]! + least), `account ${account}`).toBeLessThan(1e-9)
      expect(profits[cells[account]!]! - least).toBeLessThan(1e-9)
    }
  })

  it.each([0.5, 0.9, 0.975, 0.99, 0.999])('gives the expected shortfall of risk/tail at level %f', (level) => {
    const losses = shortfalls(venue, level)
    for (const account of sampled) {
      const expected = expectedShortfall(profitsOf(random, account), level)
      expect(Math.abs(losses[account]! - expected), `account ${account}`).toBeLessThan(1e-9)
    }
  })

  it('keeps sums current tick by tick, as made anew', () => {
    const kept = pricedVenue(random, { streaming: true })
    const stream = startStream(kept)
    const options = random.terms.instruments.flatMap(({ kind }, i) => (kind === 'call' || kind === 'put' ? [i] : []))
    for (let tick = 0; tick < 400; tick++) stream.tick(options[(tick * 7) % options.length]!, 0.2 + 0.9 * ((tick * 0.37) % 1))
    const kept1 = Float64Array.from(stream.current.losses)
    stream.rebuild()
    const gross = grossOf(random)
    stream.current.losses.forEach((loss, account) => {
      expect(Math.abs(loss - kept1[account]!)).toBeLessThanOrEqual(1e-12 * gross[account]!)
    })
    expect(stream.current.losses).toEqual(worstLosses(kept).losses)
  })

  it.each([true, false])('says what an order would do, as the account with its legs (kept sums: %s)', (streaming) => {
    const asked = pricedVenue(random, { streaming })
    if (streaming) startStream(asked)
    const legs = [0, 11, 22, 33, 44].map((instrument, i) => ({ instrument, quantity: 3 * i - 5.5 }))
    for (const account of sampled) {
      const profits = profitsOf(random, account).map((own, j) =>
        legs.reduce((sum, { instrument, quantity }) => sum + quantity * profit(random, instrument, j), own),
      )
      const { loss, cell } = lossWithOrder(asked, account, legs)
      expect(Math.abs(loss + Math.min(...profits))).toBeLessThan(1e-8)
      expect(profits[cell]! + loss).toBeLessThan(1e-8)
    }
  })
})

function grossOf({ terms: { book }, quotes }: RandomVenue): number[] {
  const highest = Math.max(...Array.from(quotes.forwards))
  return Array.from({ length: book.offsets.length - 1 }, (_, a) =>
    book.quantities.subarray(book.offsets[a]!, book.offsets[a + 1]!).reduce((sum, q) => sum + Math.abs(q) * 6 * highest, 1e-9),
  )
}

describe('edges', () => {
  const one = (scenarios: number): RandomVenue => randomVenue(9, { accounts: 40, instruments: 20, scenarios })

  it.each([1, 2, 7, 8, 9, 15, 16, 17, 129])('takes %i scenarios', (scenarios) => {
    const random = one(scenarios)
    const venue = pricedVenue(random, { shortfall: true })
    const { losses, cells } = worstLosses(venue)
    const worst = Float64Array.from(losses)
    for (let account = 0; account < 40; account++) {
      const profits = profitsOf(random, account)
      expect(Math.abs(worst[account]! + Math.min(...profits))).toBeLessThan(1e-9)
      expect(cells[account]).toBeLessThan(scenarios)
    }
    const tails = Float64Array.from(shortfalls(venue, 0.01))
    const half = shortfalls(venue, 0.6)
    for (let account = 0; account < 40; account++) {
      const profits = profitsOf(random, account)
      expect(Math.abs(tails[account]! - expectedShortfall(profits, 0.01))).toBeLessThan(1e-9)
      expect(Math.abs(half[account]! - expectedShortfall(profits, 0.6))).toBeLessThan(1e-9)
    }
  })

  it('gives 0 and the first scenario for an account without positions, and nothing for a book without accounts', () => {
    const terms = { ...one(81).terms, book: columnarBook([{ account: 'A', positions: [] }]) }
    const venue = openVenue(terms, { shortfall: true })
    quoteVenue(venue, one(81).quotes)
    priceVenue(venue)
    const { losses, cells } = worstLosses(venue)
    expect([losses[0], cells[0]]).toEqual([0, 0])
    expect(Object.is(losses[0], 0)).toBe(true)
    expect(shortfalls(venue, 0.975)[0]).toBe(0)
    const none = openVenue({ ...terms, book: columnarBook([]) })
    expect(worstLosses(none).losses).toHaveLength(0)
  })

  it('takes equal scenarios: the first of them is the worst', () => {
    const { terms, quotes } = one(12)
    const scenarios = Array.from({ length: 30 }, (_, j) => ({ move: j < 10 ? 0.1 : -0.2, volRow: 0, weight: 1 }))
    const instruments = [{ kind: 'linear', expiry: 0 }] as const
    const book = columnarBook([{ account: 'A', positions: [{ instrument: 0, quantity: 3 }] }])
    const venue = openVenue({ ...terms, instruments, scenarios, book }, { shortfall: true })
    quoteVenue(venue, { ...quotes, vols: [0] })
    priceVenue(venue)
    const { losses, cells } = worstLosses(venue)
    expect(cells[0]).toBe(10)
    const worst = losses[0]!
    expect(Math.abs(shortfalls(venue, 0.9)[0]! - worst)).toBeLessThan(1e-12 * worst)
  })

  it('costs 12 bytes per position and 16 per account, and below 800 more per account with kept sums', () => {
    const accounts = 20_000
    const random = randomVenue(3, { accounts, instruments: 50, scenarios: 81 })
    const fixed = openVenue(randomVenue(3, { accounts: 1, instruments: 50, scenarios: 81 }).terms).plan.bytes
    const positions = random.terms.book.instruments.length
    const plain = openVenue(random.terms).plan.bytes - fixed
    const kept = openVenue(random.terms, { streaming: true }).plan.bytes - fixed
    expect(plain).toBeLessThan(12 * positions + 16 * accounts + 1000)
    expect(kept - plain).toBeLessThan(12 * positions + 704 * accounts + 1000)
  })
})

describe('bad input', () => {
  const { terms, quotes } = randomVenue(4, { accounts: 10, instruments: 12, scenarios: 9 })
  const venue = openVenue(terms)
  const book = (offsets: number[], instruments: number[], quantities: number[]) => ({
    offsets: Uint32Array.from(offsets),
    instruments: Uint32Array.from(instruments),
    quantities: Float64Array.from(quantities),
  })
  const option = { kind: 'call', strike: 100, expiry: 0 } as const
  const scenario = { move: 0, volRow: 0, weight: 1 }

  it.each([
    ['offsets of the book', { ...terms, book: book([], [], []) }],
    ['offsets of the book', { ...terms, book: book([0, 1], [], []) }],
    ['offsets of the book', { ...terms, book: book([1, 1], [0], [1]) }],
    ['offsets[2] of the book', { ...terms, book: book([0, 2, 1, 2], [0, 1], [1, 1]) }],
    ['quantities of the book', { ...terms, book: book([0, 1], [0], []) }],
    ['instruments[0] of the book', { ...terms, book: book([0, 1], [12], [1]) }],
    ['instruments[1] of the book', { ...terms, book: book([0, 2], [3, 3], [1, 1]) }],
    ['quantities[0] of the book', { ...terms, book: book([0, 1], [0], [Number.NaN]) }],
    ['quantities[0] of the book', { ...terms, book: book([0, 1], [0], [Number.POSITIVE_INFINITY]) }],
    ['number of instruments', { ...terms, instruments: [] }],
    ['number of scenarios', { ...terms, scenarios: [] }],
    ['strike of instrument 0', { ...terms, instruments: [{ ...option, strike: 0 }] }],
    ['expiry of instrument 0', { ...terms, instruments: [{ ...option, expiry: 5 }] }],
    ['expiry of instrument 0', { ...terms, instruments: [{ ...option, expiry: 0.5 }] }],
    ['move of scenario 0', { ...terms, scenarios: [{ ...scenario, move: -1 }] }],
    ['move of scenario 0', { ...terms, scenarios: [{ ...scenario, move: Number.NaN }] }],
    ['volRow of scenario 0', { ...terms, scenarios: [{ ...scenario, volRow: 4 }] }],
    ['weight of scenario 0', { ...terms, scenarios: [{ ...scenario, weight: -1 }] }],
    ['expiries', { ...terms, expiries: 0 }],
    ['volRows', { ...terms, volRows: 1.5 }],
  ])('refuses %s', (argument, bad) => {
    expectInvalid(argument, () => openVenue(bad))
  })

  it.each([
    ['forwards', { ...quotes, forwards: [1] }],
    ['forwards[0]', { ...quotes, forwards: [0, 1, 1, 1, 1] }],
    ['discounts[4]', { ...quotes, discounts: [1, 1, 1, 1, Number.NaN] }],
    ['timesToExpiry[0]', { ...quotes, timesToExpiry: [-1, 1, 1, 1, 1] }],
    ['vols', { ...quotes, vols: [] }],
    ['vols[0]', { ...quotes, vols: Array(12).fill(-0.1) }],
    ['volFactors', { ...quotes, volFactors: [1] }],
    ['volShifts[0]', { ...quotes, volShifts: Array(20).fill(Number.POSITIVE_INFINITY) }],
  ])('refuses %s among the quotes', (argument, bad) => {
    expectInvalid(argument, () => quoteVenue(venue, bad))
  })

  it('refuses what the venue was not opened for', () => {
    expectInvalid('venue', () => shortfalls(venue, 0.975))
    expectInvalid('venue', () => startStream(venue))
    expectInvalid('level', () => shortfalls(openVenue(terms, { shortfall: true }), 1))
    expectInvalid('threads less one', () => openVenue(terms, { threads: 0 }))
    expectInvalid('memory of the kernel', () => openVenue({ ...terms, scenarios: Array(900_000).fill(scenario) }, { shortfall: true }))
  })

  it('refuses orders, ticks and rows that name nothing', () => {
    const kept = openVenue(terms, { streaming: true })
    quoteVenue(kept, quotes)
    priceVenue(kept)
    const stream = startStream(kept)
    const linear = terms.instruments.findIndex(({ kind }) => kind === 'linear')
    const given = terms.instruments.findIndex(({ kind }) => kind === 'given')
    const call = terms.instruments.findIndex(({ kind }) => kind === 'call')
    expect([linear, given, call].every((place) => place >= 0)).toBe(true)
    expectInvalid('account', () => lossWithOrder(kept, 10, []))
    expectInvalid('instrument of a leg', () => lossWithOrder(kept, 0, [{ instrument: 12, quantity: 1 }]))
    expectInvalid('quantity of a leg', () => lossWithOrder(kept, 0, [{ instrument: 0, quantity: Number.NaN }]))
    expectInvalid('legs', () => lossWithOrder(kept, 0, Array(17).fill({ instrument: 0, quantity: 1 })))
    expectInvalid('instrument', () => stream.tick(-1, 0.5))
    expectInvalid('kind of instrument', () => stream.tick(linear, 0.5))
    expectInvalid('vol', () => stream.tick(call, Number.NaN))
    expectInvalid('rebuildEvery', () => startStream(kept, 0))
    expectInvalid('kind of instrument', () => giveRow(kept, linear, []))
    expectInvalid('profits', () => giveRow(kept, given, [1]))
    expectInvalid('profits[0]', () => giveRow(kept, given, Array(9).fill(Number.NaN)))
    expectInvalid('instrument', () => riskRow(kept, 1.5))
    expectInvalid('instrument of a position', () => columnarBook([{ account: 'A', positions: [{ instrument: 0.5, quantity: 1 }] }]))
  })
})
