import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DoubleBarrierInputs,
  doubleBarrierGreeks,
  doubleBarrierPrice,
  doubleNoTouchGreeks,
  doubleNoTouchPrice,
  singleBarrierPrice,
} from '../../../../risk/pricing/barrier/index.ts'
import { noTouchPrice } from '../../../../risk/pricing/digital/index.ts'
import { black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { optionTypes, real, smoothAsset, wildAsset, wildPrice } from '../../support/arbitraryAsset.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { expectSmoothGreeks } from '../../support/expectSmoothGreeks.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { sineSeriesValue } from '../../support/sineSeries.ts'
import { uniforms } from '../../support/uniforms.ts'

type Inputs = DoubleBarrierInputs & { readonly cash: number }

const knocks = fc.constantFrom('out' as const, 'in' as const)
const smoothCorridor: fc.Arbitrary<Inputs> = fc
  .tuple(smoothAsset, optionTypes, knocks, real(60, 160), real(0.05, 0.6), real(0.05, 0.6), real(1, 100))
  .map(([asset, type, knock, strike, below, above, cash]) => ({
    ...asset,
    type,
    knock,
    strike,
    lower: asset.spot * Math.exp(-below),
    upper: asset.spot * Math.exp(above),
    cash,
  }))
const wildCorridor: fc.Arbitrary<Inputs> = fc
  .tuple(wildAsset, optionTypes, knocks, wildPrice, wildPrice, wildPrice, real(0, 1e6))
  .filter(([, , , , a, b]) => a !== b)
  .map(([asset, type, knock, strike, a, b, cash]) => ({
    ...asset,
    type,
    knock,
    strike,
    lower: Math.min(a, b),
    upper: Math.max(a, b),
    cash,
  }))

function vanillaPrice({ type, spot, strike, timeToExpiry, vol, rate, dividendYield }: Inputs): number {
  return black76Price({ type, forward: forwardPrice(spot, rate, dividendYield, timeToExpiry), strike, timeToExpiry, vol, rate })
}

describe('double barriers against the sine series', () => {
  it('differ by less than 1e-12 of the spot on a dense grid, from hardly any to hundreds of per cent of vol', () => {
    const u = uniforms(501, 8 * (deep ? 3000 : 300))
    let worst = { error: -1, inputs: {} }
    for (let i = 0; i + 8 <= u.length; i += 8) {
      const inputs: Inputs = {
        type: i % 16 < 8 ? 'call' : 'put',
        knock: 'out',
        spot: 100,
        strike: 60 + 90 * u[i]!,
        lower: 50 + 48 * u[i + 1]!,
        upper: 102 + 80 * u[i + 2]!,
        timeToExpiry: 0.05 + 2 * u[i + 3]!,
        vol: 0.12 + 2 * u[i + 4]! ** 3,
        rate: 0.12 * u[i + 5]! - 0.03,
        dividendYield: 0.12 * u[i + 6]! - 0.03,
        cash: 100,
      }
      const { type, strike } = inputs
      const payoff = (price: number): number => Math.max(0, type === 'call' ? price - strike : strike - price)
      const series = sineSeriesValue(payoff, [strike], inputs)
      const errors = [
        doubleBarrierPrice(inputs) - series,
        doubleBarrierPrice({ ...inputs, knock: 'in' }) - (vanillaPrice(inputs) - series),
        doubleNoTouchPrice(inputs) - sineSeriesValue(() => 100, [], inputs),
      ]
      const error = Math.max(...errors.map(Math.abs))
      if (error > worst.error) worst = { error, inputs }
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThan(1e-10)
  })
})

describe('double barriers', () => {
  it('in plus out is the vanilla option', () => {
    fc.assert(
      fc.property(smoothCorridor, (inputs) => {
        const both = doubleBarrierPrice({ ...inputs, knock: 'in' }) + doubleBarrierPrice({ ...inputs, knock: 'out' })
        expectNear(inputs, both, vanillaPrice(inputs), { abs: 1e-12 * (inputs.spot + inputs.strike) })
      }),
      propertyRuns,
    )
  })
  it('an out is at most the out with one barrier, and an out with a wider corridor at least as dear', () => {
    fc.assert(
      fc.property(smoothCorridor, real(0, 0.3), real(0, 0.3), (inputs, a, b) => {
        const out = { ...inputs, knock: 'out' as const }
        const slack = 1e-12 * (inputs.spot + inputs.strike)
        const price = doubleBarrierPrice(out)
        for (const one of [
          { direction: 'down' as const, barrier: inputs.lower },
          { direction: 'up' as const, barrier: inputs.upper },
        ]) {
          const { lower: _lower, upper: _upper, cash: _cash, ...option } = out
          expect(price).toBeLessThanOrEqual(singleBarrierPrice({ ...option, ...one, rebate: 0 }) + slack)
          expect(doubleNoTouchPrice(inputs)).toBeLessThanOrEqual(noTouchPrice({ ...inputs, ...one }) + slack)
        }
        const wider = { lower: inputs.lower * Math.exp(-a), upper: inputs.upper * Math.exp(b) }
        expect(doubleBarrierPrice({ ...out, ...wider })).toBeGreaterThanOrEqual(price - slack)
        expect(doubleNoTouchPrice({ ...inputs, ...wider })).toBeGreaterThanOrEqual(doubleNoTouchPrice(inputs) - slack)
      }),
      propertyRuns,
    )
  })
  it('with one barrier out of reach are single barriers', () => {
    fc.assert(
      fc.property(smoothCorridor, (inputs) => {
        const { lower, upper, cash: _cash, ...option } = inputs
        const down = singleBarrierPrice({ ...option, direction: 'down', barrier: lower, rebate: 0 })
        const up = singleBarrierPrice({ ...option, direction: 'up', barrier: upper, rebate: 0 })
        const slack = { abs: 1e-12 * (inputs.spot + inputs.strike) }
        expectNear(inputs, doubleBarrierPrice({ ...inputs, upper: 1e15 }), down, slack)
        expectNear(inputs, doubleBarrierPrice({ ...inputs, lower: 1e-9 }), up, slack)
      }),
      propertyRuns,
    )
  })
  it('scale with all prices, and are continuous at both barriers', () => {
    fc.assert(
      fc.property(smoothCorridor, real(0.01, 100), (inputs, factor) => {
        const { spot, strike, lower, upper } = inputs
        const scaled = { ...inputs, spot: factor * spot, strike: factor * strike, lower: factor * lower, upper: factor * upper }
        expectNear(inputs, doubleBarrierPrice(scaled), factor * doubleBarrierPrice(inputs), { abs: 1e-12 * factor * (spot + strike) })
        for (const near of [lower * (1 + 1e-10), upper * (1 - 1e-10)]) {
          const expected = inputs.knock === 'out' ? 0 : vanillaPrice({ ...inputs, spot: near })
          expectNear(inputs, doubleBarrierPrice({ ...inputs, spot: near }), expected, { abs: 1e-6 })
        }
      }),
      propertyRuns,
    )
  })
  it('have sensitivities that obey the Black-Scholes equation', () => {
    fc.assert(
      fc.property(smoothCorridor, (inputs) => {
        expectSmoothGreeks(inputs, doubleBarrierPrice(inputs), doubleBarrierGreeks(inputs), 1e-7 * inputs.spot)
        expectSmoothGreeks(inputs, doubleNoTouchPrice(inputs), doubleNoTouchGreeks(inputs), 1e-7 * inputs.cash)
      }),
      propertyRuns,
    )
  })
  it('are finite and not negative on the whole domain', () => {
    fc.assert(
      fc.property(wildCorridor, (inputs) => {
        for (const price of [doubleBarrierPrice(inputs), doubleNoTouchPrice(inputs)]) {
          expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(0)
          expect(Number.isFinite(price), JSON.stringify(inputs)).toBe(true)
        }
      }),
      propertyRuns,
    )
  })
})

describe('degenerate and invalid inputs', () => {
  const base: Inputs = {
    type: 'call',
    knock: 'out',
    spot: 110,
    strike: 100,
    lower: 80,
    upper: 130,
    timeToExpiry: 0.5,
    vol: 0.4,
    rate: 0.05,
    dividendYield: 0.02,
    cash: 10,
  }
  it('given no time or no vol, follows the known path', () => {
    expect(doubleBarrierPrice({ ...base, timeToExpiry: 0 })).toBe(10)
    expect(doubleBarrierPrice({ ...base, timeToExpiry: 0, knock: 'in' })).toBe(0)
    expect(doubleNoTouchPrice({ ...base, timeToExpiry: 0 })).toBe(10)
    expect(doubleBarrierPrice({ ...base, vol: 0 })).toBeCloseTo(110 * Math.exp(-0.01) - 100 * Math.exp(-0.025), 12)
    expect(doubleBarrierPrice({ ...base, vol: 0, dividendYield: -0.4 })).toBe(0)
    expect(doubleNoTouchPrice({ ...base, vol: 0, dividendYield: -0.4 })).toBe(0)
  })
  it('given a spot at or beyond a barrier, has touched it', () => {
    for (const spot of [80, 130, 60, 200]) {
      expect(doubleBarrierPrice({ ...base, spot })).toBe(0)
      expect(doubleNoTouchPrice({ ...base, spot })).toBe(0)
      expectNear({ spot }, doubleBarrierPrice({ ...base, spot, knock: 'in' }), vanillaPrice({ ...base, spot }), { rel: 1e-12 })
    }
    expectInvalid('distance of spot', () => doubleBarrierGreeks({ ...base, spot: 80 }))
    expectInvalid('distance of spot', () => doubleNoTouchGreeks({ ...base, spot: 130 }))
  })
  it('given so much vol that no path stays inside, is nothing', () => {
    expect(doubleBarrierPrice({ ...base, vol: 20 })).toBe(0)
    expectNear(base, doubleBarrierPrice({ ...base, vol: 20, knock: 'in' }), vanillaPrice({ ...base, vol: 20 }), { rel: 1e-14 })
  })
  it.each([
    ['spot', 0],
    ['strike', Number.NaN],
    ['lower', 0],
    ['upper', Number.POSITIVE_INFINITY],
    ['upper', 80],
    ['upper', 70],
    ['vol', Number.NaN],
    ['rate', 2],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    expectInvalid(field, () => doubleBarrierPrice({ ...base, [field]: value }))
    if (field !== 'strike') expectInvalid(field, () => doubleNoTouchPrice({ ...base, [field]: value }))
  })
  it('names the cash of the no-touch', () => expectInvalid('cash', () => doubleNoTouchPrice({ ...base, cash: -1 })))
})
