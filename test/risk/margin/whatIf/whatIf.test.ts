import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessAccount } from '../../../../risk/margin/index.ts'
import { applyOrder, assessOrder, largestOrder, type Order, releasedByClosing } from '../../../../risk/margin/whatIf/index.ts'
import type { Portfolio } from '../../../../risk/types/index.ts'
import { bookTime, instruments, market, parameters, portfolio } from '../../support/arbitraryBook.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const at = { time: bookTime, spot: 2000, markVol: 0.7 }
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
const index = (id: string): number => instruments.findIndex((each) => each.id === id)
const account = (cash: number, positions: Portfolio['positions'] = []): Portfolio => ({ account: 'A', cash, collateral: 0, positions })
const future = index('F-60')
const sell = (quantity: number): Order => ({ legs: [{ instrument: future, quantity: -quantity, price: 2000 }], fee: 0 })

const order: fc.Arbitrary<Order> = fc.record({
  legs: fc.uniqueArray(
    fc.record({
      instrument: fc.nat(instruments.length - 1),
      quantity: fc.integer({ min: -40, max: 40 }).map((n) => n / 10),
      price: fc.double({ min: 0, max: 3000, noNaN: true }),
    }),
    { selector: ({ instrument }) => instrument, maxLength: 5 },
  ),
  fee: fc.double({ min: 0, max: 50, noNaN: true }),
})

describe('what-if', () => {
  it('gives the margin of the changed account, bit for bit', () => {
    fc.assert(
      fc.property(portfolio, order, market, parameters, (held, traded, where, with_) => {
        const { before, after, incremental } = assessOrder(held, traded, instruments, where, with_)
        expect(before).toEqual(assessAccount(held, instruments, where, with_))
        expect(after).toEqual(assessAccount(applyOrder(held, traded), instruments, where, with_))
        expect(incremental.initial).toBe(after.initial - before.initial)
      }),
      propertyRuns,
    )
  })
  it('an order and its reverse at the same prices leave the account as it was', () => {
    const held = account(1000, [{ instrument: future, quantity: 1 }])
    const back = applyOrder(applyOrder(held, sell(3)), { legs: [{ instrument: future, quantity: 3, price: 2000 }], fee: 0 })
    expect(back).toEqual(held)
    expect(applyOrder(held, sell(1)).positions).toEqual([])
  })
  it('permits what the account can carry, and what takes risk off an account that can carry nothing', () => {
    const poor = account(2000 * 10 + 100, [{ instrument: future, quantity: -10 }])
    expect(assessOrder(poor, sell(1), instruments, at, rules)).toMatchObject({ permitted: false })
    const close = { legs: [{ instrument: future, quantity: 4, price: 2000 }], fee: 0 }
    const closing = assessOrder(poor, close, instruments, at, rules)
    expect(closing.after.freeMargin).toBeLessThan(0)
    expect(closing.permitted).toBe(true)
    // At a bad price the same trade takes more equity than it releases.
    expect(assessOrder(poor, { ...close, fee: 3000 }, instruments, at, rules).permitted).toBe(false)
  })
  it('refuses an order that is not one', () => {
    expectInvalid('leg', () => applyOrder(account(0), { legs: [...sell(1).legs, ...sell(1).legs], fee: 0 }))
    expectInvalid('fee', () => applyOrder(account(0), { legs: [], fee: -1 }))
    expectInvalid('price of leg', () => applyOrder(account(0), { legs: [{ instrument: 0, quantity: 1, price: Number.NaN }], fee: 0 }))
    expectInvalid('instrument', () =>
      assessOrder(account(0), { legs: [{ instrument: 999, quantity: 1, price: 1 }], fee: 0 }, instruments, at, rules),
    )
  })
})

describe('largest order', () => {
  it('of a future is equity over its initial margin', () => {
    // A short future loses 22 % of 2,000 at the edge of the range, 440 a contract; times 1.3 that is 572.
    expect(largestOrder(account(57_200), sell(1), 1_000_000, instruments, at, rules)).toBe(100)
    expect(largestOrder(account(57_199), sell(1), 1_000_000, instruments, at, rules)).toBe(99)
    expect(largestOrder(account(0), sell(1), 100, instruments, at, rules)).toBe(0)
    expect(largestOrder(account(57_200), sell(1), 7, instruments, at, rules)).toBe(7)
  })
  it('can be carried, and one more cannot', () => {
    fc.assert(
      fc.property(portfolio, order, market, parameters, (held, traded, where, with_) => {
        const most = largestOrder(held, traded, 1024, instruments, where, with_)
        const fits = (times: number): boolean => {
          const legs = traded.legs.map((leg) => ({ ...leg, quantity: leg.quantity * times }))
          return assessAccount(applyOrder(held, { legs, fee: traded.fee * times }), instruments, where, with_).freeMargin >= 0
        }
        if (most > 0) expect(fits(most)).toBe(true)
        if (most < 1024) expect(fits(most + 1)).toBe(false)
      }),
      propertyRuns,
    )
  })
  it('refuses a ceiling that is no count', () => {
    for (const ceiling of [0, 1.5, Number.NaN, 2 ** 41])
      expectInvalid('ceiling', () => largestOrder(account(0), sell(1), ceiling, instruments, at, rules))
  })
})

describe('release by closing', () => {
  it('is all of the margin of a single position, and negative for a hedge', () => {
    const alone = account(10_000, [{ instrument: future, quantity: -2 }])
    const { maintenance, initial } = assessAccount(alone, instruments, at, rules)
    expect(releasedByClosing(alone, instruments, at, rules)).toEqual([{ instrument: future, maintenance, initial }])
    const hedged = account(10_000, [
      { instrument: future, quantity: -2 },
      { instrument: index('call-2000-60'), quantity: 2 },
    ])
    const [short, hedge] = releasedByClosing(hedged, instruments, at, rules)
    expect(short!.maintenance).not.toBe(0)
    expect(hedge!.maintenance).toBeLessThan(0)
  })
})
