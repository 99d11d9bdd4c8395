import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contribution, coverage, fundDrawdown, payoutAllowance } from '../../../risk/insurance/index.ts'
import type { Bps } from '../../../risk/types/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const bps = (value: number): Bps => value as Bps

describe('coverage', () => {
  it('is the fund over the requirement times the cover target', () => {
    expect(coverage(88, 100, bps(11_000))).toEqual({ kind: 'measured', target: 110, ratio: 0.8, gap: 22 })
    expect(coverage(500, 100, bps(11_000))).toMatchObject({ gap: 0 })
  })
  it('has no answer where nothing is to cover', () => {
    expect(coverage(88, 0, bps(11_000))).toEqual({ kind: 'unavailable', reason: 'nothingToCover' })
    expect(coverage(1e18, 1e-300, bps(1))).toEqual({ kind: 'unavailable', reason: 'nothingToCover' })
  })
  it('refuses bad numbers', () => {
    expectInvalid('fund', () => coverage(-1, 1, bps(1)))
    expectInvalid('requirement', () => coverage(1, Number.NaN, bps(1)))
    expectInvalid('coverTargetBps', () => coverage(1, 1, bps(0)))
  })
})

describe('contribution', () => {
  it('is rounded toward the fund', () => {
    expect([contribution(10_000n, bps(1000)), contribution(10_001n, bps(1000)), contribution(0n, bps(1000))]).toEqual([1000n, 1001n, 0n])
    expectInvalid('fee', () => contribution(-1n, bps(0)))
    expectInvalid('rateBps', () => contribution(1n, bps(10_001)))
  })
})

describe('payoutAllowance', () => {
  it('is what is left of the share of the balance at the start of the window', () => {
    expect(payoutAllowance(1000n, 0n, bps(2500))).toBe(250n)
    expect(payoutAllowance(900n, 100n, bps(2500))).toBe(150n)
    expect(payoutAllowance(700n, 300n, bps(2500))).toBe(0n)
  })
  it('however payouts are split, no more than the share leaves a window', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        fc.nat(10_000),
        fc.array(fc.nat(10_000), { maxLength: 8 }),
        (start, rate, shares) => {
          let [balance, paid] = [start, 0n]
          for (const share of shares) {
            const pay = (payoutAllowance(balance, paid, bps(rate)) * BigInt(share)) / 10_000n
            balance -= pay
            paid += pay
          }
          paid += payoutAllowance(balance, paid, bps(rate))
          expect(paid).toBe((start * BigInt(rate)) / 10_000n)
        },
      ),
      propertyRuns,
    )
  })
})

describe('fundDrawdown', () => {
  const path = [100, 120, 60, 90, 130, 125].map((balance, i) => ({ time: 10 * i, balance }))
  it('finds the deepest fall, when it was, and how long it took to recover', () => {
    expect(fundDrawdown(path)).toEqual({ amount: 60, share: 0.5, highAt: 10, lowAt: 20, recovery: 20, longestBelowHigh: 20 })
    expect(fundDrawdown(path.slice(0, 4))).toMatchObject({ recovery: null, longestBelowHigh: 20 })
    expect(fundDrawdown([{ time: 0, balance: 0 }])).toEqual({ amount: 0, share: 0, highAt: 0, lowAt: 0, recovery: 0, longestBelowHigh: 0 })
  })
  it('agrees with looking at every pair', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 30 }), (balances) => {
        const points = balances.map((balance, time) => ({ time, balance }))
        let most = 0
        for (const [i, from] of balances.entries()) for (const to of balances.slice(i)) most = Math.max(most, from - to)
        const got = fundDrawdown(points)
        expect(got.amount).toBe(most)
        expect(got.share).toBeLessThanOrEqual(1)
        if (most > 0) expect(balances[got.highAt]! - balances[got.lowAt]!).toBe(most)
      }),
      propertyRuns,
    )
  })
  it('refuses an empty path, disorder and negative balances', () => {
    expectInvalid('path', () => fundDrawdown([]))
    expectInvalid('path[1].time', () => fundDrawdown([path[1]!, path[0]!]))
    expectInvalid('path[0].balance', () => fundDrawdown([{ time: 0, balance: -1 }]))
    expectInvalid('path[0].time', () => fundDrawdown([{ time: Number.NaN, balance: 1 }]))
  })
})
