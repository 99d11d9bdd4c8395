import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { bookShortfall } from '../../../risk/margin/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import { expectedShortfall } from '../../../risk/tail/index.ts'
import { portfolio as anyPortfolio, bookTime, instruments as chain, type ListedInstrument } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'
import { referenceNormals } from '../support/uniforms.ts'

// A thousand books on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const market = { time: bookTime, spot: 2000, markVol: 0.8 }
const moves = referenceNormals(17, 500).map((z) => 0.05 * z)
const longHistory = referenceNormals(19, 20_000).map((z) => Math.max(-0.6, 0.05 * z))
const future: ListedInstrument = { kind: 'future', id: 'F', expiry: bookTime + 86_400 }
const account = (quantity: number, instrument = 0) => ({ account: 'A', cash: 0, collateral: 0, positions: [{ instrument, quantity }] })

/** Second method: every move, every position, one by one. */
function oneByOne(
  portfolios: readonly { positions: readonly { instrument: number; quantity: number }[] }[],
  over: readonly number[],
): number {
  const price = (instrument: ListedInstrument, spot: number): number =>
    instrument.kind === 'future'
      ? spot
      : black76Price({
          type: instrument.type,
          forward: spot,
          strike: instrument.strike,
          timeToExpiry: (instrument.expiry - bookTime) / 31_536_000,
          vol: 0.8,
          rate: 0,
        })
  const marks = chain.map((instrument) => price(instrument, 2000))
  const pnl = over.map((move) => {
    const values = chain.map((instrument, i) => price(instrument, 2000 * (1 + move)) - marks[i]!)
    return portfolios.reduce(
      (sum, { positions }) => sum + positions.reduce((part, { instrument, quantity }) => part + quantity * values[instrument]!, 0),
      0,
    )
  })
  return expectedShortfall(pnl, 0.975)
}

describe('bookShortfall', () => {
  it('of a future is its size times the shortfall of the moves', () => {
    const unit = expectedShortfall(moves, 0.975)
    expectNear('long', bookShortfall({ instruments: [future], portfolios: [account(3)] }, market, moves)!, 3 * 2000 * unit, { rel: 1e-12 })
    const long = expectedShortfall(longHistory, 0.975)
    expectNear(
      'long history, tabulated',
      bookShortfall({ instruments: [future], portfolios: [account(3)] }, market, longHistory)!,
      3 * 2000 * long,
      { rel: 1e-12 },
    )
  })
  it('nets accounts: a matched book has none', () => {
    expect(bookShortfall({ instruments: [future], portfolios: [account(3), account(-3)] }, market, moves)).toBe(-0)
  })
  it('equals the revaluation of every position in every move', () => {
    fc.assert(
      fc.property(fc.array(anyPortfolio, { minLength: 1, maxLength: 3 }), (portfolios) => {
        const gross = portfolios.flatMap(({ positions }) => positions).reduce((sum, { quantity }) => sum + Math.abs(quantity), 1) * 2000
        expectNear({ portfolios }, bookShortfall({ instruments: chain, portfolios }, market, moves)!, oneByOne(portfolios, moves), {
          abs: 1e-12 * gross,
        })
      }),
      { ...propertyRuns, numRuns: deep ? 200 : 20 },
    )
  })
  it('over a long history stays within 0.05 % of gross notional of the revaluation of every move (seed 19)', () => {
    const positions = chain.map((_, instrument) => ({ instrument, quantity: ((instrument * 37) % 11) - 5 }))
    const portfolios = [{ account: 'A', cash: 0, collateral: 0, positions }]
    const gross = positions.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0) * 2000
    const over = longHistory.slice(0, deep ? 20_000 : 4000)
    expectNear('513 spots', bookShortfall({ instruments: chain, portfolios }, market, over)!, oneByOne(portfolios, over), {
      abs: 5e-4 * gross,
    })
  })
  it('gives the same bits in any order of accounts and instruments', () => {
    fc.assert(
      fc.property(fc.array(anyPortfolio, { minLength: 2, maxLength: 5 }), (portfolios) => {
        const last = chain.length - 1
        const reversed = [...portfolios].reverse().map(({ positions, ...rest }) => ({
          ...rest,
          positions: positions.map(({ instrument, quantity }) => ({ instrument: last - instrument, quantity })),
        }))
        const base = bookShortfall({ instruments: chain, portfolios }, market, moves)
        expect(bookShortfall({ instruments: [...chain].reverse(), portfolios: reversed }, market, [...moves].reverse())).toBe(base)
      }),
      { ...propertyRuns, numRuns: deep ? 200 : 20 },
    )
  })
  it('says null below 400 moves, and one number when all moves are equal', () => {
    const book = { instruments: [future], portfolios: [account(1)] }
    expect(bookShortfall(book, market, moves.slice(0, 399))).toBeNull()
    expect(bookShortfall(book, market, moves.slice(0, 400))).not.toBeNull()
    expectNear('flat', bookShortfall(book, market, new Float64Array(600).fill(-0.1))!, 200, { rel: 1e-12 })
  })
  it('refuses moves at or below -100 %, NaN, and an expired instrument', () => {
    const book = { instruments: [future], portfolios: [account(1)] }
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expectInvalid('moves[1]', () => bookShortfall(book, market, [0, bad]))
    expectInvalid('expiry of F', () => bookShortfall({ ...book, instruments: [{ ...future, expiry: 1 }] }, market, moves))
    expectInvalid('instrument of a position', () => bookShortfall({ ...book, portfolios: [account(1, 7)] }, market, moves))
  })
})
