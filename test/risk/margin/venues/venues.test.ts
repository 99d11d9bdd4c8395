import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateScenarioSet } from '../../../../risk/margin/venues/index.ts'
import { black76Price } from '../../../../risk/pricing/index.ts'
import { volStates } from '../../../../risk/scenarios/index.ts'
import {
  ballastScan,
  deribit,
  derive,
  paradex,
  type ScenarioSet,
  shockedVol,
  span16,
  timsTen,
} from '../../../../risk/scenarios/sets/index.ts'
import type { Instrument } from '../../../../risk/types/index.ts'
import { portfolioScenario } from '../../reference/portfolioScenario.ts'
import { bookTime, instruments, market, portfolio } from '../../support/arbitraryBook.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const span = span16({ priceScanRange: 0.06, volScanRange: 0.04, extremeMultiple: 2, extremeCover: 0.35, shortOptionMinimum: 0 })
const ours = ballastScan({
  priceScanRange: 0.16,
  tailWeight: 0.77,
  volScanUp: 0.35,
  volScanDown: 0.17,
  shortOptionMinimum: 0.011,
  initialMultiplier: 1.3,
})
const sets: readonly ScenarioSet[] = [span, timsTen(0.15, 0.15, 0.375), deribit, derive, paradex, ours]
const spotMarket = { time: bookTime, spot: 2000, markVol: 0.7 }
const evaluate = (set: ScenarioSet, positions: Parameters<typeof evaluateScenarioSet>[1], at = spotMarket) =>
  evaluateScenarioSet(set, positions, instruments, at)

describe('scenario sets', () => {
  it('have the number of cells that their sources state', () => {
    expect(sets.map(({ name, cells }) => [name, cells.length])).toEqual([
      ['span16', 16],
      ['tims10', 10],
      ['deribit', 27],
      ['derive', 31],
      ['paradex', 24],
      ['ballast', 74],
    ])
  })
  it('damp far moves by the published shares', () => {
    const weights = (set: ScenarioSet) => set.cells.slice(-8).map(({ weight }) => weight)
    const published = {
      derive: [0.21, 0.42, 0.2772, 0.1386, 0.0693, 0.0462, 0.03465, 0.02772],
      paradex: [0.24, 0.48, 0.32, 0.16, 0.08, 0.0533, 0.04, 0.032],
    }
    for (const [i, weight] of weights(derive).entries()) expect(weight).toBeCloseTo(published.derive[i]!, 4)
    for (const [i, weight] of weights(paradex).entries()) expect(weight).toBeCloseTo(published.paradex[i]!, 2)
  })
  it('shock vol as their sources say, and ours as margin does', () => {
    expect(shockedVol(span.vol, 0.22, 0.25, 'up')).toBeCloseTo(0.26, 15)
    expect(shockedVol(deribit.vol, 0.4, 30 / 365, 'up')).toBeCloseTo(0.75, 12)
    expect(shockedVol(deribit.vol, 0.4, 30 / 365, 'down')).toBeCloseTo(0.3, 12)
    expect(shockedVol(derive.vol, 0.5, 7.5 / 365, 'up')).toBeCloseTo(0.5 * (1 + 0.5 * 4 ** 0.3), 12)
    for (const days of [0.1, 1, 10, 29, 31, 400]) {
      const { up, down } = volStates(0.55, days / 365, 0.35, 0.17)
      expect(shockedVol(ours.vol, 0.55, days / 365, 'up')).toBe(up)
      expect(shockedVol(ours.vol, 0.55, days / 365, 'down')).toBe(down)
      expect(shockedVol(ours.vol, 0.55, days / 365, 'flat')).toBe(0.55)
    }
  })
  it('sc-01: the 16 cells of the reference portfolio', () => {
    const { positions, futures, F0, pnl16, abs } = portfolioScenario
    const profit = ({ move, vol: state, weight }: ScenarioSet['cells'][number]): number => {
      const value = (forward: number, of: (vol: number, T: number) => number): number =>
        positions.reduce(
          (sum, { quantity, K, T, vol, r, type }) =>
            sum + quantity * black76Price({ type, forward, strike: K, timeToExpiry: T, vol: of(vol, T), rate: r }),
          futures * (forward - F0),
        )
      return weight * (value(F0 * (1 + move), (vol, T) => shockedVol(span.vol, vol, T, state)) - value(F0, (vol) => vol))
    }
    for (const [i, cell] of span.cells.entries()) expect(Math.abs(profit(cell) - pnl16[i]!)).toBeLessThan(abs)
  })
  it('refuse parameters outside their ranges', () => {
    expectInvalid('priceScanRange', () =>
      span16({ priceScanRange: 0.31, volScanRange: 0, extremeMultiple: 3, extremeCover: 0.33, shortOptionMinimum: 0 }),
    )
    expectInvalid('down', () => timsTen(1, 0.1, 0))
    expectInvalid('initialMultiplier', () => ballastScan({ ...oursOf(), initialMultiplier: 0.9 }))
  })
})

const oursOf = () => ({
  priceScanRange: 0.16,
  tailWeight: 0.77,
  volScanUp: 0.35,
  volScanDown: 0.17,
  shortOptionMinimum: 0.011,
  initialMultiplier: 1.3,
})
const index = (id: string): number => instruments.findIndex((each: Instrument) => each.id === id)

describe('venue margin', () => {
  it('of one future is its worst move', () => {
    const long = [{ instrument: index('F-60'), quantity: 2 }]
    expect(evaluate(timsTen(0.15, 0.15, 0), long).maintenance).toBeCloseTo(2 * 2000 * 0.15, 9)
    expect(evaluate(paradex, long).initial).toBeCloseTo(2 * 2000 * 0.16, 9)
    expect(evaluate(paradex, long).maintenance).toBeCloseTo(2000 * 0.16, 9)
    expect(evaluate(derive, long).maintenance).toBeCloseTo(0.8 * 2 * 2000 * 0.18 + 2 * 2000 * 0.03, 9)
    // The extreme move: 2 ranges at 35 % are less than one range in full.
    expect(evaluate(span, long).maintenance).toBeCloseTo(2 * 2000 * 0.06, 9)
  })
  it('of a far short option is the minimum where the cells find nothing', () => {
    const short = [{ instrument: index('put-1200-0.25'), quantity: -3 }]
    const withMinimum = span16({
      priceScanRange: 0.06,
      volScanRange: 0.04,
      extremeMultiple: 2,
      extremeCover: 0.35,
      shortOptionMinimum: 0.03,
    })
    expect(evaluate(withMinimum, short).floor).toBeCloseTo(3 * 2000 * 0.03, 9)
    expect(evaluate(withMinimum, short).maintenance).toBe(evaluate(withMinimum, short).floor)
    expect(evaluate(timsTen(0.15, 0.15, 0.375), short).maintenance).toBeCloseTo(3 * 0.375, 9)
  })
  it('of a hedged delta is the floor of Paradex: 1 % of what is hedged', () => {
    const hedged = [
      { instrument: index('F-60'), quantity: 2 },
      { instrument: index('F-365'), quantity: -2 },
    ]
    expect(evaluate(paradex, hedged).initial).toBeCloseTo(0.01 * 2 * 2000, 6)
    expect(evaluate(derive, hedged).maintenance).toBeCloseTo(4 * 2000 * 0.03, 9)
  })
  it('is subadditive in its scan, homogeneous, and blind to the order of positions', () => {
    fc.assert(
      fc.property(portfolio, portfolio, market, fc.constantFrom(...sets), (a, b, at, set) => {
        const merged = new Map<number, number>()
        for (const { instrument, quantity } of [...a.positions, ...b.positions])
          merged.set(instrument, (merged.get(instrument) ?? 0) + quantity)
        const both = [...merged].map(([instrument, quantity]) => ({ instrument, quantity }))
        const scanOf = (positions: typeof both) => evaluate(set, positions, at).scan
        const gross = both.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0) * at.spot + 1
        expect(scanOf(both)).toBeLessThanOrEqual(scanOf([...a.positions]) + scanOf([...b.positions]) + 1e-9 * gross)
        const doubled = evaluate(
          set,
          both.map(({ instrument, quantity }) => ({ instrument, quantity: 2 * quantity })),
          at,
        )
        const once = evaluate(set, both, at)
        expect(doubled.initial).toBe(2 * once.initial)
        expect(evaluate(set, [...both].reverse(), at)).toEqual(once)
      }),
      propertyRuns,
    )
  })
  it('refuses a position that names no instrument or names one twice', () => {
    expectInvalid('instrument of a position', () => evaluate(derive, [{ instrument: 999, quantity: 1 }]))
    expectInvalid('instrument of a position', () =>
      evaluate(derive, [
        { instrument: 0, quantity: 1 },
        { instrument: 0, quantity: 1 },
      ]),
    )
    expectInvalid('quantity', () => evaluate(derive, [{ instrument: 0, quantity: Number.NaN }]))
  })
})
