import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { marginContributions } from '../../../../risk/margin/contribution/index.ts'
import { assessAccount } from '../../../../risk/margin/index.ts'
import { bookTime, instruments, market, parameters, portfolio } from '../../support/arbitraryBook.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const index = (id: string): number => instruments.findIndex((each) => each.id === id)

describe('contributions to maintenance margin', () => {
  it('add up to it', () => {
    fc.assert(
      fc.property(portfolio, market, parameters, (held, where, with_) => {
        const { assessment, positions, collateral, minimum, charges, cap } = marginContributions(held, instruments, where, with_)
        expect(assessment).toEqual(assessAccount(held, instruments, where, with_))
        const gross = held.positions.reduce((sum, { quantity }) => sum + Math.abs(quantity), held.collateral) * where.spot + 1
        const total = positions.reduce((sum, { amount }) => sum + amount, 0) + collateral + minimum + charges + cap
        expect(Math.abs(total - assessment.maintenance)).toBeLessThan(1e-11 * gross)
        // What is left after the positions is the collateral's own loss in the cell.
        const { move, weight } = assessment.bindingCell
        const lane = -weight * held.collateral * (1 - with_.haircut) * where.spot * move
        expect(Math.abs(collateral - lane)).toBeLessThan(1e-11 * gross)
        expect(minimum).toBeGreaterThanOrEqual(0)
        expect(cap).toBeLessThanOrEqual(0)
      }),
      propertyRuns,
    )
  })
  it('are negative for a hedge', () => {
    const rules = {
      priceScanRange: 0.16,
      initialRange: 0.22,
      volScanUp: 0.35,
      volScanDown: 0.17,
      initialMultiplier: 1.3,
      shortOptionMinimum: 0.011,
      tailWeight: 0.77,
      haircut: 0.2,
    }
    const held = {
      account: 'A',
      cash: 0,
      collateral: 0,
      positions: [
        { instrument: index('F-60'), quantity: -2 },
        { instrument: index('call-2100-60'), quantity: 1 },
      ],
    }
    const { positions } = marginContributions(held, instruments, { time: bookTime, spot: 2000, markVol: 0.7 }, rules)
    expect(positions[0]!.amount).toBeGreaterThan(0)
    expect(positions[1]!.amount).toBeLessThan(0)
  })
})
