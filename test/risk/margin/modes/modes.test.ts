import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareModes } from '../../../../risk/margin/modes/index.ts'
import type { Portfolio } from '../../../../risk/types/index.ts'
import { bookTime, instruments, market, portfolio } from '../../support/arbitraryBook.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const at = { time: bookTime, spot: 2000, markVol: 0.7 }
const rules = {
  priceScanRange: 0.16,
  initialRange: 0.22,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0,
  tailWeight: 0.77,
  haircut: 0.2,
}
const index = (id: string): number => instruments.findIndex((each) => each.id === id)
const compare = (...held: readonly (readonly [string, number])[]) =>
  compareModes(
    { account: 'A', cash: 0, collateral: 0, positions: held.map(([id, quantity]) => ({ instrument: index(id), quantity })) },
    instruments,
    at,
    rules,
  )

describe('isolated, cross and portfolio margin', () => {
  it('agree on a single position, whose delta margin is its scan', () => {
    const { isolated, cross, portfolio: together, sensitivities } = compare(['F-60', 3])
    expect(isolated).toEqual(together)
    expect(cross).toEqual(together)
    expect(together.maintenance).toBeCloseTo(3 * 2000 * 0.16, 9)
    expect(sensitivities.delta).toBeCloseTo(3 * 2000 * 0.16, 9)
    expect(sensitivities).toMatchObject({ gamma: 0, vega: 0 })
  })
  it('part where one position hedges another', () => {
    const { isolated, cross, portfolio: together } = compare(['call-2000-60', -2], ['F-60', 1])
    expect(together.maintenance).toBeLessThan(cross.maintenance)
    expect(cross.maintenance).toBe(isolated.maintenance)
  })
  it('part where one position is an asset: cross shares its value, isolated does not', () => {
    const { isolated, cross } = compare(['call-2000-60', -1], ['put-2400-365', 1])
    expect(cross.maintenance).toBeLessThan(isolated.maintenance)
  })
  it('a long straddle has no gamma margin; a short one has, and vega', () => {
    const long = compare(['call-2000-14', 1], ['put-2000-14', 1]).sensitivities
    const short = compare(['call-2000-14', -1], ['put-2000-14', -1]).sensitivities
    expect(long.gamma).toBe(0)
    expect(short.gamma).toBeGreaterThan(0)
    expect(short.vega).toBeGreaterThan(long.vega)
    expect(long.vega).toBeGreaterThan(0)
  })
  it('never rise from isolated to cross, nor to portfolio while no charge or cap binds', () => {
    const uncapped = (held: Portfolio): Portfolio => ({ ...held, cash: 0, collateral: 0 })
    fc.assert(
      fc.property(portfolio, market, (held, where) => {
        const { isolated, cross } = compareModes(uncapped(held), instruments, where, rules)
        const gross = held.positions.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0) * where.spot + 1
        expect(cross.maintenance).toBeLessThanOrEqual(isolated.maintenance + 1e-12 * gross)
        expect(cross.initial).toBeLessThanOrEqual(isolated.initial + 1e-12 * gross)
        // Futures of one expiry: no charge, no cap.
        const futures = held.positions.map(({ quantity }, i) => ({ instrument: index(i % 2 === 0 ? 'F-60' : 'call-3500-60'), quantity }))
        const [first, second] = [futures[0], futures[1]]
        if (first === undefined || second === undefined) return
        const pair = { ...uncapped(held), positions: [first, { ...second, quantity: -Math.abs(second.quantity) }] }
        const figures = compareModes(pair, instruments, where, rules)
        expect(figures.portfolio.maintenance).toBeLessThanOrEqual(figures.cross.maintenance + 1e-9 * gross)
      }),
      propertyRuns,
    )
  })
})
