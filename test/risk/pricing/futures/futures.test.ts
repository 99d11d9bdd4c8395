import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datedFutureGreeks, inverseFutureGreeks, linearFutureValue } from '../../../../risk/pricing/futures/index.ts'
import { forwardPrice } from '../../../../risk/pricing/index.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const price = fc.double({ min: 0.01, max: 1e5, noNaN: true })
/** Hundredths, so that no product is subnormal. */
const size = fc.integer({ min: -1e8, max: 1e8 }).map((n) => n / 100)

describe('dated future', () => {
  it('is the forward, with Greeks that differences of it confirm', () => {
    const inputs = { spot: 250, rate: 0.07, dividendYield: 0.02, timeToExpiry: 0.4 }
    const of = (change: Partial<typeof inputs>): number => {
      const { spot, rate, dividendYield, timeToExpiry } = { ...inputs, ...change }
      return forwardPrice(spot, rate, dividendYield, timeToExpiry)
    }
    const { price: value, delta, theta, rho, phi } = datedFutureGreeks(inputs)
    expect(value).toBe(of({}))
    expectNear('delta', delta, (of({ spot: 251 }) - of({ spot: 249 })) / 2, { rel: 1e-12 })
    expectNear('theta', theta, -(of({ timeToExpiry: 0.4001 }) - of({ timeToExpiry: 0.3999 })) / 2e-4, { rel: 1e-8 })
    expectNear('rho', rho, (of({ rate: 0.0701 }) - of({ rate: 0.0699 })) / 2e-4, { rel: 1e-8 })
    expectNear('phi', phi, (of({ dividendYield: 0.0201 }) - of({ dividendYield: 0.0199 })) / 2e-4, { rel: 1e-8 })
  })
})

describe('linear future', () => {
  it('gains what the mark gains, and legs add up', () => {
    fc.assert(
      fc.property(size, price, price, price, (quantity, entry, mark, later) => {
        const legs = linearFutureValue({ quantity, entry, mark }) + linearFutureValue({ quantity, entry: mark, mark: later })
        expectNear({ quantity, entry, mark, later }, legs, linearFutureValue({ quantity, entry, mark: later }), {
          abs: 1e-15 * Math.abs(quantity) * (entry + mark + later),
        })
      }),
      propertyRuns,
    )
  })
})

describe('inverse future', () => {
  it('gains notional (1 / entry - 1 / mark) coins, a straight line in dollars, and keeps its digits next to the entry', () => {
    fc.assert(
      fc.property(size, price, price, (notional, entry, mark) => {
        const { coin, usd } = inverseFutureGreeks({ notional, entry, mark })
        const inputs = { notional, entry, mark }
        expectNear(inputs, coin.price, notional / entry - notional / mark, { abs: 1e-15 * Math.abs(notional) * (1 / entry + 1 / mark) })
        expectNear(inputs, usd.price, coin.price * mark, { rel: 1e-14 })
        expectNear(inputs, usd.delta * (mark - entry), usd.price, { rel: 1e-14 })
      }),
      propertyRuns,
    )
    expectNear('one tick', inverseFutureGreeks({ notional: 1e6, entry: 60_000, mark: 60_000.5 }).coin.price, 5e5 / (60_000 * 60_000.5), {
      rel: 1e-15,
    })
  })
  it('has the slope and curvature of the coins', () => {
    const at = (mark: number): number => inverseFutureGreeks({ notional: 5000, entry: 80, mark }).coin.price
    const { delta, gamma } = inverseFutureGreeks({ notional: 5000, entry: 80, mark: 100 }).coin
    expectNear('delta', delta, (at(100.01) - at(99.99)) / 0.02, { rel: 1e-7 })
    expectNear('gamma', gamma, (at(100.1) - 2 * at(100) + at(99.9)) / 0.01, { rel: 1e-5 })
  })
})

it('guards its arguments', () => {
  const bad = [Number.NaN, Number.POSITIVE_INFINITY]
  for (const value of [...bad, 0, -1]) {
    expectInvalid('entry', () => linearFutureValue({ quantity: 1, entry: value, mark: 1 }))
    expectInvalid('mark', () => linearFutureValue({ quantity: 1, entry: 1, mark: value }))
    expectInvalid('entry', () => inverseFutureGreeks({ notional: 1, entry: value, mark: 1 }))
    expectInvalid('mark', () => inverseFutureGreeks({ notional: 1, entry: 1, mark: value }))
    expectInvalid('spot', () => datedFutureGreeks({ spot: value, rate: 0, dividendYield: 0, timeToExpiry: 1 }))
  }
  for (const value of bad) {
    expectInvalid('quantity', () => linearFutureValue({ quantity: value, entry: 1, mark: 1 }))
    expectInvalid('notional', () => inverseFutureGreeks({ notional: value, entry: 1, mark: 1 }))
  }
})
