import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dutchShare,
  feeCap,
  fromWadUsd,
  judgeSlice,
  type LiquidationTerms,
  leastRestoringFraction,
  partialSize,
  quoteSlice,
  restorationTarget,
  sliceQuantities,
  splitCharge,
  toWadUsd,
} from '../../../risk/liquidation/index.ts'
import { assessAccount, type FlatMarket, type MarginParameters } from '../../../risk/margin/index.ts'
import type { Bps, Portfolio } from '../../../risk/types/index.ts'
import * as arbitrary from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const WAD = 10n ** 18n
const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 1e6)) * 10n ** 12n
const bps = (value: number): Bps => value as Bps
const terms: LiquidationTerms = {
  feeBps: bps(300),
  maintenanceShareBps: bps(4000),
  liquidatorShareBps: bps(7000),
  bufferBps: bps(2000),
  solventSeconds: 1800,
  insolventSeconds: 3600,
}
const amount = fc.bigInt({ min: 0n, max: 10n ** 30n })

describe('feeCap', () => {
  const rich = { equity: usd(1e6), maintenance: usd(1000) }
  it('is the rate on notional while that is least', () => {
    expect(feeCap(rich, usd(10_000), terms)).toEqual({ cap: usd(300), boundBy: 'rate' })
  })
  it('given a box, much notional and little margin, is 40 % of its margin', () => {
    expect(feeCap(rich, usd(1e6), terms)).toEqual({ cap: usd(400), boundBy: 'maintenance' })
  })
  it('given thin equity, is that; given none, nothing', () => {
    expect(feeCap({ equity: usd(7), maintenance: usd(1000) }, usd(1e6), terms)).toEqual({ cap: usd(7), boundBy: 'equity' })
    expect(feeCap({ equity: -usd(7), maintenance: usd(1000) }, usd(1e6), terms)).toEqual({ cap: 0n, boundBy: 'equity' })
  })
  it('never exceeds any of the three, and rounds down', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        amount,
        amount,
        fc.nat(10_000),
        fc.nat(5000),
        (equity, maintenance, notional, fee, share) => {
          const { cap } = feeCap({ equity, maintenance }, notional, { feeBps: bps(fee), maintenanceShareBps: bps(share) })
          expect(cap >= 0n && cap * 10_000n <= notional * BigInt(fee) && cap * 10_000n <= maintenance * BigInt(share)).toBe(true)
          expect(cap <= (equity > 0n ? equity : 0n)).toBe(true)
          // One wei more would break one of the limits.
          expect(
            (cap + 1n) * 10_000n > notional * BigInt(fee) || (cap + 1n) * 10_000n > maintenance * BigInt(share) || cap + 1n > equity,
          ).toBe(true)
        },
      ),
      propertyRuns,
    )
  })
  it('refuses bad amounts and a share above 50 %', () => {
    expectInvalid('maintenance', () => feeCap({ equity: 0n, maintenance: -1n }, 0n, terms))
    expectInvalid('deltaNotional', () => feeCap(rich, 2n ** 127n, terms))
    expectInvalid('feeBps', () => feeCap(rich, 0n, { ...terms, feeBps: bps(0.5) }))
    expectInvalid('maintenanceShareBps', () => feeCap(rich, 0n, { ...terms, maintenanceShareBps: bps(5001) }))
    expectInvalid('equity', () => feeCap({ ...rich, equity: Number.NaN as unknown as bigint }, 0n, terms))
  })
})

describe('dutchShare', () => {
  it('runs from nothing to all, linear and rounded down', () => {
    expect([0, 450, 1800, 99_999].map((elapsed) => dutchShare(elapsed, 1800))).toEqual([0n, WAD / 4n, WAD, WAD])
    expect(dutchShare(1, 3)).toBe(333_333_333_333_333_333n)
  })
  it('refuses times that are none', () => {
    expectInvalid('elapsed', () => dutchShare(-1, 10))
    expectInvalid('duration', () => dutchShare(1, 0))
    expectInvalid('elapsed', () => dutchShare(0.5, 10))
  })
})

describe('partialSize', () => {
  it('solves the closed form: margin 1,000, buffer 20 %, equity 900, charge 100', () => {
    // (1200 - 900) / (1200 - 100)
    const size = partialSize({ equity: usd(900), maintenance: usd(1000) }, usd(100), bps(2000), 0n)
    expect(size.kind === 'partial' && Number(size.fraction) / 1e18).toBeCloseTo(3 / 11, 15)
  })
  it('takes nothing at the target, everything when the charge eats the equity, and everything of dust', () => {
    const account = { equity: usd(1200), maintenance: usd(1000) }
    expect(partialSize(account, 0n, bps(2000), 0n)).toEqual({ kind: 'none' })
    expect(partialSize({ ...account, equity: usd(100) }, usd(100), bps(2000), 0n)).toEqual({ kind: 'whole', reason: 'notRestorable' })
    expect(partialSize({ ...account, equity: -1n }, 0n, bps(2000), 0n)).toEqual({ kind: 'whole', reason: 'notRestorable' })
    expect(partialSize({ ...account, equity: usd(900) }, usd(100), bps(2000), usd(800))).toEqual({ kind: 'whole', reason: 'dust' })
    expect(partialSize({ equity: 0n, maintenance: 0n }, 0n, bps(2000), 0n)).toEqual({ kind: 'none' })
  })
  it('a slice of the cap restores to the wei, and is hardly more than that takes', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 10n ** 12n, max: 10n ** 28n }),
        fc.nat(12_000),
        fc.nat(4000),
        fc.nat(10_000),
        (maintenance, equityBps, chargeBps, buffer) => {
          const equity = (maintenance * BigInt(equityBps)) / 10_000n
          const charge = (maintenance * BigInt(chargeBps)) / 10_000n
          const size = partialSize({ equity, maintenance }, charge, bps(buffer), 0n)
          const target = restorationTarget(maintenance, bps(buffer))
          if (size.kind === 'none') {
            expect(equity >= target).toBe(true)
            return
          }
          if (size.kind === 'whole') {
            expect(equity <= charge + 3n + target / WAD).toBe(true)
            return
          }
          const after = {
            equity: equity - (charge * size.fraction) / WAD,
            maintenance: maintenance - (maintenance * size.fraction) / WAD,
          }
          expect(judgeSlice(after, bps(buffer), 8n + target / WAD).kind).toBe('restored')
        },
      ),
      propertyRuns,
    )
  })
  it('refuses a charge that no slice can pay for', () => {
    expectInvalid('charge', () => partialSize({ equity: 1n, maintenance: 100n }, 120n, bps(2000), 0n))
    expectInvalid('bufferBps', () => partialSize({ equity: 1n, maintenance: 100n }, 0n, bps(10_001), 0n))
    expectInvalid('dust', () => partialSize({ equity: 1n, maintenance: 100n }, 0n, bps(0), -1n))
  })
})

describe('sliceQuantities', () => {
  it('takes the same share of every leg, toward zero; the whole is exact', () => {
    expect(sliceQuantities([10n, -10n, 3n, -3n], WAD / 2n)).toEqual([5n, -5n, 1n, -1n])
    expect(sliceQuantities([7n, -(10n ** 30n)], WAD)).toEqual([7n, -(10n ** 30n)])
    expect(sliceQuantities([7n], 0n)).toEqual([0n])
  })
  it('never takes more than the share of any leg, and opposite legs stay opposite', () => {
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 0n, max: WAD }), (quantity, fraction) => {
        const [long, short] = sliceQuantities([quantity, -quantity], fraction) as [bigint, bigint]
        expect(long).toBe(-short)
        expect(long * WAD <= quantity * fraction && (long + 1n) * WAD > quantity * fraction).toBe(true)
      }),
      propertyRuns,
    )
  })
  it('refuses more than the whole', () => {
    expectInvalid('fraction', () => sliceQuantities([1n], WAD + 1n))
    expectInvalid('quantities[0]', () => sliceQuantities([2n ** 127n], WAD))
  })
})

describe('splitCharge', () => {
  it("loses nothing, and the odd wei is the fund's", () => {
    expect(splitCharge(11n, bps(7000))).toEqual({ liquidator: 7n, fund: 4n })
    fc.assert(
      fc.property(amount, fc.nat(10_000), (charge, share) => {
        const { liquidator, fund } = splitCharge(charge, bps(share))
        expect(liquidator + fund).toBe(charge)
        expect(liquidator * 10_000n <= charge * BigInt(share)).toBe(true)
      }),
      propertyRuns,
    )
  })
  it('refuses a share above the whole', () => expectInvalid('liquidatorShareBps', () => splitCharge(1n, bps(10_001))))
})

describe('quoteSlice', () => {
  const account = { equity: usd(900), maintenance: usd(1000) }
  it('while solvent, the charge rises with time to the cap, and so does the size', () => {
    const at = (elapsed: number) => {
      const quote = quoteSlice(account, usd(10_000), terms, elapsed, 0n)
      return quote.phase === 'solvent' ? quote : expect.fail(quote.phase)
    }
    expect(at(0)).toMatchObject({ charge: 0n, size: { kind: 'partial' } })
    expectNear('start', Number(at(0).fraction) / 1e18, 300 / 1200, { rel: 1e-12 })
    expectNear('end', Number(at(1800).fraction) / 1e18, 300 / 900, { rel: 1e-12 })
    expectNear('charge', Number(at(1800).charge) / 1e18, 100, { rel: 1e-12 })
    expect(at(1800).liquidator + at(1800).fund).toBe(at(1800).charge)
    expect(at(900).charge < at(1800).charge).toBe(true)
    expect(judgeSlice(at(1800).after, terms.bufferBps, 2000n).kind).toBe('restored')
  })
  it('once bankrupt, the fund pays the deficit at once and a reward that rises to the margin', () => {
    const bankrupt = { equity: -usd(50), maintenance: usd(1000) }
    expect(quoteSlice(bankrupt, usd(10_000), terms, 0, 0n)).toEqual({ phase: 'insolvent', payment: usd(50), deficit: usd(50), reward: 0n })
    expect(quoteSlice(bankrupt, usd(10_000), terms, 1800, 0n)).toMatchObject({ payment: usd(550), reward: usd(500) })
    expect(quoteSlice(bankrupt, usd(10_000), terms, 99_999, 0n)).toMatchObject({ payment: usd(1050) })
  })
  it('is over once margin and buffer are there', () => {
    expect(quoteSlice({ equity: usd(1200), maintenance: usd(1000) }, usd(10_000), terms, 5, 0n)).toEqual({ phase: 'restored' })
  })
  it('never leaves a solvent account with less than nothing', () => {
    fc.assert(
      fc.property(amount, amount, amount, fc.nat(4000), (equity, maintenance, notional, elapsed) => {
        const quote = quoteSlice({ equity, maintenance }, notional, terms, elapsed, 0n)
        if (quote.phase !== 'solvent') {
          expect(quote.phase).toBe('restored')
          return
        }
        expect(quote.after.equity >= 0n).toBe(true)
        expect(quote.liquidator + quote.fund).toBe(quote.charge)
        // Never worse than before in equity over maintenance.
        expect(quote.after.equity * maintenance >= equity * quote.after.maintenance - maintenance * 2n).toBe(true)
      }),
      propertyRuns,
    )
  })
})

describe('a slice of real accounts', () => {
  /** An account at `level` of its maintenance, what a slice at the full charge makes of it, and the quote. */
  const sell = (drawn: Portfolio, market: FlatMarket, parameters: MarginParameters, level: number) => {
    const assess = (portfolio: Portfolio) => assessAccount(portfolio, arbitrary.instruments, market, parameters)
    const empty = assess({ ...drawn, cash: 0 })
    const portfolio = { ...drawn, cash: level * empty.maintenance - empty.equity }
    const account = {
      equity: toWadUsd('equity', level * empty.maintenance, 'down'),
      maintenance: toWadUsd('maintenance', empty.maintenance, 'up'),
    }
    const quote = quoteSlice(account, toWadUsd('notional', empty.notional, 'down'), terms, 1800, 0n)
    const remainderOf = (taken: number, charge: number) => {
      const positions = portfolio.positions.map((position) => ({ ...position, quantity: position.quantity * (1 - taken) }))
      const cash = portfolio.cash + empty.equity * taken - charge
      return assess({ ...portfolio, collateral: portfolio.collateral * (1 - taken), positions, cash })
    }
    return {
      maintenance: empty.maintenance,
      quote,
      remainderOf,
      scale: 1e-9 * (empty.maintenance + Math.abs(portfolio.cash) + Math.abs(empty.equity)),
    }
  }
  const inputs = [arbitrary.portfolio, arbitrary.market, arbitrary.parameters, fc.double({ min: 0.05, max: 0.999, noNaN: true })] as const

  it('restores margin and buffer by the rule computed again, and takes no more than needed', () => {
    fc.assert(
      fc.property(...inputs, (drawn, market, drawnParameters: MarginParameters, level) => {
        const { liquidity: _, ...parameters } = drawnParameters
        const { maintenance, quote, remainderOf, scale } = sell(drawn, market, parameters, level)
        fc.pre(maintenance > 1)
        if (quote.phase !== 'solvent') return expect.fail(quote.phase)
        const { equity, maintenance: left } = remainderOf(fromWadUsd(quote.fraction), fromWadUsd(quote.charge))
        expect(equity).toBeGreaterThanOrEqual(1.2 * left - scale)
        if (quote.size.kind === 'partial') expectNear([drawn, market, parameters, level], equity, 1.2 * left, { abs: scale })
      }),
      propertyRuns,
    )
  })
  it('given liquidity charges, the cap restores, and bisection finds a smaller slice that does', () => {
    fc.assert(
      fc.property(...inputs, fc.double({ min: 1e3, max: 1e5, noNaN: true }), (drawn, market, parameters, level, depth) => {
        const liquidity = { depth, vegaDepth: 100, deltaAddOn: 0.01, gammaAddOn: 0.01, vegaAddOn: 1 }
        const { maintenance, quote, remainderOf, scale } = sell(drawn, market, { ...parameters, liquidity }, level)
        fc.pre(maintenance > 1)
        if (quote.phase !== 'solvent') return expect.fail(quote.phase)
        if (quote.size.kind !== 'partial') return
        const capped = remainderOf(fromWadUsd(quote.fraction), fromWadUsd(quote.charge))
        expect(capped.equity).toBeGreaterThanOrEqual(1.2 * capped.maintenance - scale)
        const rate = fromWadUsd(quote.charge) / fromWadUsd(quote.fraction)
        const state = (fraction: bigint) => {
          const { equity, maintenance: left } = remainderOf(fromWadUsd(fraction), rate * fromWadUsd(fraction))
          return { equity: toWadUsd('equity', equity + scale, 'up'), maintenance: toWadUsd('maintenance', left, 'down') }
        }
        const least = leastRestoringFraction(quote.fraction, state, terms.bufferBps)
        expect(least <= quote.fraction).toBe(true)
        expect(judgeSlice(state(least), terms.bufferBps, 10n ** 30n).kind).toBe('restored')
        if (least > WAD / 1000n) expect(judgeSlice(state(least - WAD / 100_000n), terms.bufferBps, 10n ** 30n).kind).toBe('short')
      }),
      { ...propertyRuns, numRuns: propertyRuns.numRuns / 4 },
    )
  })
})

describe('leastRestoringFraction', () => {
  const equity = usd(900)
  it('finds the closed form when the requirement is of degree one', () => {
    const maintenance = usd(1000)
    const size = partialSize({ equity, maintenance }, 0n, bps(2000), 0n)
    if (size.kind !== 'partial') return expect.fail(size.kind)
    const least = leastRestoringFraction(
      WAD,
      (fraction) => ({ equity, maintenance: maintenance - (maintenance * fraction) / WAD }),
      bps(2000),
    )
    expect(least >= size.fraction - 10n && least - size.fraction < WAD / 900_000n).toBe(true)
  })
  it('given a charge that grows faster than the position, takes less than the cap, and it restores', () => {
    // maintenance = 500 s + 500 s^1.5 for the share s that is kept
    const sliced = (fraction: bigint) => {
      const kept = Number(WAD - fraction) / 1e18
      return { equity, maintenance: usd(500 * kept + 500 * kept ** 1.5) }
    }
    const cap = partialSize({ equity, maintenance: usd(1000) }, 0n, bps(2000), 0n)
    if (cap.kind !== 'partial') return expect.fail(cap.kind)
    const least = leastRestoringFraction(cap.fraction, sliced, bps(2000))
    expect(least < (cap.fraction * 9n) / 10n).toBe(true)
    expect(judgeSlice(sliced(least), bps(2000), usd(0.01)).kind).toBe('restored')
    expect(judgeSlice(sliced(least - WAD / 100_000n), bps(2000), 0n).kind).toBe('short')
    expect(judgeSlice(sliced(cap.fraction), bps(2000), usd(0.01)).kind).toBe('excessive')
  })
  it('given a cap that does not restore, returns it', () => {
    expect(leastRestoringFraction(WAD / 2n, () => ({ equity: 0n, maintenance: 1n }), bps(0))).toBe(WAD / 2n)
  })
})

describe('judgeSlice', () => {
  it('tells short, restored and excessive apart', () => {
    expect(judgeSlice({ equity: 119n, maintenance: 100n }, bps(2000), 5n)).toEqual({ kind: 'short', missing: 1n })
    expect(judgeSlice({ equity: 125n, maintenance: 100n }, bps(2000), 5n)).toEqual({ kind: 'restored', excess: 5n })
    expect(judgeSlice({ equity: 126n, maintenance: 100n }, bps(2000), 5n)).toEqual({ kind: 'excessive', excess: 6n })
  })
})

describe('toWadUsd', () => {
  it('rounds as named and comes back', () => {
    expect(toWadUsd('x', 1.5, 'up')).toBe(1_500_000_000_000_000_000n)
    expect([toWadUsd('x', 1e-19, 'up'), toWadUsd('x', 1e-19, 'down'), toWadUsd('x', -1e-19, 'down')]).toEqual([1n, 0n, -1n])
    expect(fromWadUsd(-1_500_000_000_000_000_000n)).toBe(-1.5)
  })
  it('refuses NaN and what no account holds', () => {
    expectInvalid('x', () => toWadUsd('x', Number.NaN, 'up'))
    expectInvalid('x', () => toWadUsd('x', 1e16, 'up'))
  })
})
