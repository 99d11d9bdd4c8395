import { describe, expect, it } from 'vitest'
import { assessBook } from '../../../risk/margin/index.ts'
import {
  black76Price,
  datedFuture,
  digitalOption,
  expiryOf,
  inverseOption,
  type PricingModule,
  type PricingRegistry,
  perpetualFuture,
  pricingModuleOf,
  pricingRegistry,
  vanillaOption,
  yearsBetween,
} from '../../../risk/pricing/index.ts'
import type { Instrument } from '../../../risk/types/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'

const time = 1_600_000_000
const expiry = time + 86_400 * 30

/** An instrument the engine does not know: pays the square of the index over 1,000. */
type PowerContract = { readonly kind: 'power'; readonly id: string; readonly expiry: number }
const powerContract: PricingModule<PowerContract> = {
  kind: 'power',
  assertValid: () => {},
  value: (_, { spot, vol, timeToExpiry }) => (spot * spot * (1 + vol * vol * timeToExpiry)) / 1000,
  payoff: (_, spot) => (spot * spot) / 1000,
  strike: () => null,
  farAbove: () => ({ slope: 1e9, level: 0 }),
  bounds: () => ({ least: 0, most: 1e300 }),
  stressedValue: 'exact',
  shortClass: () => null,
}

describe('pricing registry', () => {
  it('finds the module of each kind', () => {
    for (const [kind, module] of Object.entries(pricingRegistry)) expect(module.kind).toBe(kind)
    expect(pricingModuleOf({ kind: 'future', id: 'F', expiry }, pricingRegistry)).toBe(datedFuture)
    expect(pricingModuleOf({ kind: 'option', id: 'C', type: 'call', strike: 1, expiry }, pricingRegistry)).toBe(vanillaOption)
  })

  it('one more instrument is one more module: margin takes it without any other change', () => {
    const registry = { ...pricingRegistry, power: powerContract } as PricingRegistry
    const instruments = [{ kind: 'power', id: 'P', expiry } as unknown as Instrument]
    const parameters = {
      priceScanRange: 0.2,
      initialRange: 0.2,
      volScanUp: 0,
      volScanDown: 0,
      initialMultiplier: 1,
      shortOptionMinimum: 0,
      tailWeight: 0,
      haircut: 0,
    }
    const portfolios = [
      { account: 'long', cash: 0, collateral: 0, positions: [{ instrument: 0, quantity: 1 }] },
      { account: 'short', cash: 0, collateral: 0, positions: [{ instrument: 0, quantity: -1 }] },
    ]
    const [long, short] = assessBook({ instruments, portfolios }, { time, spot: 100, markVol: 0.5 }, parameters, registry).accounts
    const value = (spot: number): number => (spot * spot * (1 + (0.25 * 30) / 365)) / 1000
    expect(long!.equity).toBeCloseTo(value(100), 12)
    expect(long!.maintenance).toBeCloseTo(value(100) - value(80), 12)
    expect(short!.maintenance).toBeCloseTo(value(120) - value(100), 12)
    expect(short!.maximumLoss).toBeNull()
  })

  it('refuses a kind nobody registered, also one that objects inherit', () => {
    for (const kind of ['swap', 'toString']) {
      expectInvalid('kind of instrument X', () => pricingModuleOf({ kind, id: 'X', expiry } as unknown as Instrument, pricingRegistry))
    }
  })
})

describe('modules', () => {
  const point = { spot: 105, forward: 105, vol: 0.6, timeToExpiry: 0.25 }
  it('an option is Black-76 on the index without discounting', () => {
    for (const type of ['call', 'put'] as const) {
      const option = { kind: 'option' as const, id: 'O', type, strike: 100, expiry }
      expect(vanillaOption.value(option, point)).toBe(
        black76Price({ type, forward: 105, strike: 100, timeToExpiry: 0.25, vol: 0.6, rate: 0 }),
      )
      for (const spot of [0, 60, 100, 140])
        expect(vanillaOption.payoff(option, spot)).toBe(Math.max(0, type === 'call' ? spot - 100 : 100 - spot))
      const { slope, level } = vanillaOption.farAbove(option)
      expect(slope * 1e6 + level).toBe(vanillaOption.payoff(option, 1e6))
      expect(vanillaOption.shortClass(option)).toBe(type)
    }
    expectInvalid('strike of O', () => vanillaOption.assertValid({ kind: 'option', id: 'O', type: 'call', strike: Number.NaN, expiry }))
  })
  it('a future is worth its forward, a perpetual the index', () => {
    const future = { kind: 'future' as const, id: 'F', expiry }
    expect(datedFuture.value(future, { ...point, forward: 107 })).toBe(107)
    expect(datedFuture.payoff(future, 0)).toBe(0)
    const perpetual = { kind: 'perpetual' as const, id: 'P' }
    expect(perpetualFuture.value(perpetual, { ...point, forward: 107 })).toBe(105)
    expect([expiryOf(future), expiryOf(perpetual)]).toEqual([expiry, null])
  })
  it('an inverse option is the Black-76 value in coins at the forward, in dollars at the index', () => {
    for (const type of ['call', 'put'] as const) {
      const option = { kind: 'inverseOption' as const, id: 'I', type, strike: 100, expiry }
      const coins = black76Price({ type, forward: 107, strike: 100, timeToExpiry: 0.25, vol: 0.6, rate: 0 }) / 107
      expectNear(type, inverseOption.value(option, { ...point, forward: 107 }), coins * 105, { rel: 1e-15 })
      expect(inverseOption.payoff(option, 120)).toBe(type === 'call' ? 20 : 0)
      const { slope, level } = inverseOption.farAbove(option)
      expect(slope * 1e6 + level).toBe(inverseOption.payoff(option, 1e6))
    }
    expectInvalid('strike of I', () => inverseOption.assertValid({ kind: 'inverseOption', id: 'I', type: 'put', strike: 0, expiry }))
  })
  it('digitals: asset less strike x cash is the vanilla, and both sides together pay in any case', () => {
    const digital = (type: 'call' | 'put', pays: 'cash' | 'asset') => ({
      kind: 'digital' as const,
      id: 'D',
      type,
      pays,
      strike: 100,
      expiry,
    })
    const at = { ...point, forward: 107 }
    const value = (type: 'call' | 'put', pays: 'cash' | 'asset'): number => digitalOption.value(digital(type, pays), at)
    const vanilla = (type: 'call' | 'put'): number =>
      black76Price({ type, forward: 107, strike: 100, timeToExpiry: 0.25, vol: 0.6, rate: 0 })
    expectNear('call', value('call', 'asset') - 100 * value('call', 'cash'), vanilla('call'), { rel: 1e-13 })
    expectNear('put', 100 * value('put', 'cash') - value('put', 'asset'), vanilla('put'), { rel: 1e-13 })
    expectNear('cash', value('call', 'cash') + value('put', 'cash'), 1, { rel: 1e-15 })
    expectNear('asset', value('call', 'asset') + value('put', 'asset'), 107, { rel: 1e-15 })
    for (const type of ['call', 'put'] as const) {
      for (const pays of ['cash', 'asset'] as const) {
        const { slope, level } = digitalOption.farAbove(digital(type, pays))
        expect(slope * 1e6 + level).toBe(digitalOption.payoff(digital(type, pays), 1e6))
        expect(digitalOption.value(digital(type, pays), { ...at, timeToExpiry: 0 })).toBe(digitalOption.payoff(digital(type, pays), 107))
        expect(digitalOption.payoff(digital(type, pays), 100), 'nothing at the strike').toBe(0)
      }
    }
    expectInvalid('strike of D', () => digitalOption.assertValid({ ...digital('call', 'cash'), strike: Number.NaN }))
  })
  it('time runs on Actual/365', () => {
    expect(yearsBetween(time, time + 31_536_000)).toBe(1)
    expect(yearsBetween(10, 0)).toBeLessThan(0)
  })
})
