import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { ColumnarBook, KernelInstrument, KernelScenario, VenueQuotes, VenueTerms } from './VenueTerms.ts'

/** @throws {InvalidInputError} A term is outside its range; it is named with its place. */
export function assertTerms({ instruments, expiries, scenarios, volRows, book }: VenueTerms): void {
  assertCount('expiries', expiries, 1e5)
  assertCount('volRows', volRows, 1e5)
  assertCount('number of instruments', instruments.length, 1e7)
  assertCount('number of scenarios', scenarios.length, 1e6)
  instruments.forEach((instrument, i) => {
    assertInstrument(instrument, i, expiries)
  })
  scenarios.forEach((scenario, j) => {
    assertScenario(scenario, j, volRows)
  })
  assertBook(book, instruments.length)
}

function assertInstrument(instrument: KernelInstrument, i: number, expiries: number): void {
  if (instrument.kind === 'given') return
  assertPlace(`expiry of instrument ${i}`, instrument.expiry, expiries)
  if (instrument.kind !== 'linear') assertInRange(`strike of instrument ${i}`, instrument.strike, 1e-9, 1e15)
}

function assertScenario({ move, volRow, weight }: KernelScenario, j: number, volRows: number): void {
  assertInRange(`move of scenario ${j}`, move, -1 + 1e-6, 1e6)
  assertPlace(`volRow of scenario ${j}`, volRow, volRows)
  assertInRange(`weight of scenario ${j}`, weight, 0, 10)
}

/** @throws {InvalidInputError} Lengths do not fit, offsets descend, a position names no instrument or one twice in an account, or a quantity is not within 1e12. */
function assertBook({ offsets, instruments, quantities }: ColumnarBook, instrumentCount: number): void {
  const positions = instruments.length
  if (quantities.length !== positions) {
    throw new InvalidInputError({
      argument: 'quantities of the book',
      got: `${quantities.length} numbers`,
      limit: `${positions}, as many as instruments`,
    })
  }
  const accounts = offsets.length - 1
  if (accounts < 0 || offsets[0] !== 0 || offsets[accounts] !== positions) {
    throw new InvalidInputError({
      argument: 'offsets of the book',
      got: accounts < 0 ? 'empty' : `${offsets[0]} to ${offsets[accounts]}`,
      limit: `0 to ${positions}, the number of positions`,
    })
  }
  // The account that last held an instrument, counted from 1.
  const lastHolder = new Uint32Array(instrumentCount)
  for (let account = 0; account < accounts; account++) {
    const end = offsets[account + 1]!
    if (end < offsets[account]! || end > positions)
      throw new InvalidInputError({
        argument: `offsets[${account + 1}] of the book`,
        got: end,
        limit: `in [${offsets[account]}, ${positions}]`,
      })
    for (let p = offsets[account]!; p < end; p++) {
      const instrument = instruments[p]!
      assertPlace(`instruments[${p}] of the book`, instrument, instrumentCount)
      if (lastHolder[instrument] === account + 1) {
        throw new InvalidInputError({
          argument: `instruments[${p}] of the book`,
          got: instrument,
          limit: `held once by account ${account}; net the two`,
        })
      }
      lastHolder[instrument] = account + 1
      assertInRange(`quantities[${p}] of the book`, quantities[p]!, -1e12, 1e12)
    }
  }
}

/** @throws {InvalidInputError} A column has the wrong length, or a number is outside its range; it is named with its place. */
export function assertQuotes(quotes: VenueQuotes, { instruments, expiries, volRows }: Omit<VenueTerms, 'book'>): void {
  assertColumn('forwards', quotes.forwards, expiries, 1e-9, 1e15)
  assertColumn('discounts', quotes.discounts, expiries, 1e-50, 1e50)
  assertColumn('timesToExpiry', quotes.timesToExpiry, expiries, 0, 100)
  assertColumn('vols', quotes.vols, instruments.length, 0, 100)
  assertColumn('volFactors', quotes.volFactors, expiries * volRows, 0, 100)
  assertColumn('volShifts', quotes.volShifts, expiries * volRows, 0, 100)
}

function assertColumn(name: string, values: ArrayLike<number>, length: number, floor: number, ceiling: number): void {
  if (values.length !== length) throw new InvalidInputError({ argument: name, got: `${values.length} numbers`, limit: `${length} numbers` })
  for (let i = 0; i < length; i++) {
    const value = values[i]!
    // The name is put together only when it is needed: this runs for every quote of every tick.
    if (!(value >= floor && value <= ceiling)) assertInRange(`${name}[${i}]`, value, floor, ceiling)
  }
}

/** @throws {InvalidInputError} `value` is no whole number from 0 to count - 1. */
export function assertPlace(argument: string, value: number, count: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value < count))
    throw new InvalidInputError({ argument, got: value, limit: `a whole number from 0 to ${count - 1}` })
}

function assertCount(argument: string, value: number, most: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most))
    throw new InvalidInputError({ argument, got: value, limit: `a whole number from 1 to ${most}` })
}
