import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accountProfits,
  columnarBook,
  giveRow,
  type KernelInstrument,
  openVenue,
  priceVenue,
  quoteVenue,
  type Venue,
  worstLosses,
} from '../../../risk/kernel/index.ts'
import { assessBook } from '../../../risk/margin/index.ts'
import { pricingModuleOf, pricingRegistry, yearsBetween } from '../../../risk/pricing/index.ts'
import { scanCells, volStates } from '../../../risk/scenarios/index.ts'
import type { Instrument, Portfolio } from '../../../risk/types/index.ts'
import { bookTime, market, instruments as mixed, parameters } from '../support/arbitraryBook.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

// Beyond two days margin has no states or reductions besides the scan, and short options get no credit: what is left is the kernel's worst loss.
const instruments = mixed.filter(
  (one): one is Extract<Instrument, { kind: 'option' }> => one.kind === 'option' && one.expiry > bookTime + 3 * 86_400,
)
const expiries = [...new Set(instruments.map(({ expiry }) => expiry))]

const portfolios = fc.array(
  fc.uniqueArray(
    fc.record({ instrument: fc.nat(instruments.length - 1), quantity: fc.integer({ min: -50, max: -1 }).map((n) => n / 10) }),
    {
      selector: ({ instrument }) => instrument,
      minLength: 1,
      maxLength: 8,
    },
  ),
  { minLength: 1, maxLength: 6 },
)

const accountsOf = (books: readonly Portfolio['positions'][]): Portfolio[] =>
  books.map((positions, i) => ({ account: `A${i}`, cash: 0, collateral: 0, positions }))

/** The maintenance scan as a venue: flat vol, forwards at the index, both vol states of each expiry as shifts of no vol. */
function scanVenue(
  accounts: readonly Portfolio[],
  { spot, markVol }: { spot: number; markVol: number },
  {
    priceScanRange,
    tailWeight,
    volScanUp,
    volScanDown,
  }: { priceScanRange: number; tailWeight: number; volScanUp: number; volScanDown: number },
): Venue {
  const times = expiries.map((expiry) => yearsBetween(bookTime, expiry))
  const venue = openVenue({
    instruments: instruments.map(
      ({ type, strike, expiry }): KernelInstrument => ({ kind: type, strike, expiry: expiries.indexOf(expiry) }),
    ),
    expiries: expiries.length,
    scenarios: scanCells(priceScanRange, tailWeight).map(({ move, volState, weight }) => ({
      move,
      volRow: volState === 'up' ? 0 : 1,
      weight,
    })),
    volRows: 2,
    book: columnarBook(accounts),
  })
  const states = times.map((time) => volStates(markVol, time, volScanUp, volScanDown))
  quoteVenue(venue, {
    forwards: times.map(() => spot),
    discounts: times.map(() => 1),
    timesToExpiry: times,
    vols: instruments.map(() => markVol),
    volFactors: times.flatMap(() => [0, 0]),
    volShifts: states.flatMap(({ up, down }) => [up, down]),
  })
  priceVenue(venue)
  return venue
}

describe('beside risk/margin', () => {
  it('finds the binding cell of the scan and its loss, on random short books', () => {
    fc.assert(
      fc.property(portfolios, market, parameters, (books, mark, terms) => {
        const accounts = accountsOf(books)
        const { losses, cells } = worstLosses(scanVenue(accounts, mark, terms))
        const assessed = assessBook({ instruments, portfolios: accounts }, mark, terms).accounts
        const scan = scanCells(terms.priceScanRange, terms.tailWeight)
        assessed.forEach(({ bindingCell }, account) => {
          const gross = accounts[account]!.positions.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0) * 6 * mark.spot
          const { move, weight, volState, loss } = bindingCell
          expect(Math.abs(losses[account]! - weight * loss)).toBeLessThan(1e-14 * gross)
          const cell = scan[cells[account]!]!
          // Another cell may be as bad to the last digits; then its loss has just been compared.
          if (cell.move === move) expect([cell.weight, cell.volState]).toEqual([weight, volState])
        })
      }),
      propertyRuns,
    )
  })

  it('adds rows up to the bits of margin’s own loop, in the order of positions', () => {
    fc.assert(
      fc.property(portfolios, market, (books, mark) => {
        const accounts = accountsOf(books)
        const spots = scanCells(0.3, 0.8).map(({ move }) => mark.spot * (1 + move))
        const rows = instruments.map((instrument) => {
          const module = pricingModuleOf(instrument, pricingRegistry)
          const timeToExpiry = yearsBetween(bookTime, instrument.expiry)
          return spots.map((spot) => module.value(instrument, { spot, forward: spot, vol: mark.markVol, timeToExpiry }))
        })
        const venue = openVenue({
          instruments: instruments.map(() => ({ kind: 'given' })),
          expiries: 1,
          scenarios: spots.map(() => ({ move: 0, volRow: 0, weight: 1 })),
          volRows: 1,
          book: columnarBook(accounts),
        })
        rows.forEach((row, i) => {
          giveRow(venue, i, row)
        })
        accounts.forEach(({ positions }, account) => {
          const sums = new Float64Array(spots.length)
          for (const { instrument, quantity } of positions)
            for (let j = 0; j < sums.length; j++) sums[j]! += quantity * rows[instrument]![j]!
          expect(accountProfits(venue, account)).toEqual([...sums])
        })
      }),
      propertyRuns,
    )
  })
})

describe('invariants', () => {
  it('keeps the worst loss subadditive, homogeneous, and within 1e-12 of gross whatever the order of positions', () => {
    fc.assert(
      fc.property(
        portfolios,
        market,
        parameters,
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        ([first = [], second = []], mark, terms, factor) => {
          const added = new Map<number, number>()
          for (const { instrument, quantity } of [...first, ...second]) added.set(instrument, (added.get(instrument) ?? 0) + quantity)
          const books = [
            first,
            second,
            [...added].map(([instrument, quantity]) => ({ instrument, quantity })),
            first.map(({ instrument, quantity }) => ({ instrument, quantity: factor * quantity })),
            [...first].reverse(),
          ]
          const [a, b, both, scaled, reversed] = worstLosses(scanVenue(accountsOf(books), mark, terms)).losses
          const gross = [...first, ...second].reduce((sum, { quantity }) => sum + Math.abs(quantity), 0) * 6 * mark.spot
          expect(both! - a! - b!).toBeLessThan(1e-12 * gross)
          expect(Math.abs(scaled! - factor * a!)).toBeLessThan(1e-12 * gross * factor)
          expect(Math.abs(reversed! - a!)).toBeLessThan(1e-12 * gross)
        },
      ),
      propertyRuns,
    )
  })
})
