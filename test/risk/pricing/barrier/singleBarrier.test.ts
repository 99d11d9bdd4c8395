import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  discreteBarrierLevel,
  discreteBarrierPrice,
  type SingleBarrierInputs,
  singleBarrierGreeks,
  singleBarrierPrice,
} from '../../../../risk/pricing/barrier/index.ts'
import { noTouchPrice, oneTouchPrice } from '../../../../risk/pricing/digital/index.ts'
import { black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { optionTypes, real, smoothAsset, wildAsset, wildPrice } from '../../support/arbitraryAsset.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { expectSmoothGreeks } from '../../support/expectSmoothGreeks.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { farAway, sineSeriesValue } from '../../support/sineSeries.ts'
import { uniforms } from '../../support/uniforms.ts'

const directions = fc.constantFrom('down' as const, 'up' as const)
const knocks = fc.constantFrom('out' as const, 'in' as const)
const smoothBarrier: fc.Arbitrary<SingleBarrierInputs> = fc
  .tuple(smoothAsset, optionTypes, directions, knocks, real(60, 160), real(0.01, 0.5), real(0, 10))
  .map(([asset, type, direction, knock, strike, distance, rebate]) => {
    const barrier = asset.spot * Math.exp(direction === 'down' ? -distance : distance)
    return { ...asset, type, direction, knock, strike, barrier, rebate }
  })
const wildBarrier: fc.Arbitrary<SingleBarrierInputs> = fc
  .tuple(wildAsset, optionTypes, directions, knocks, wildPrice, wildPrice, real(0, 1e6))
  .map(([asset, type, direction, knock, strike, barrier, rebate]) => ({ ...asset, type, direction, knock, strike, barrier, rebate }))

function vanillaPrice({ type, spot, strike, timeToExpiry, vol, rate, dividendYield }: SingleBarrierInputs): number {
  return black76Price({ type, forward: forwardPrice(spot, rate, dividendYield, timeToExpiry), strike, timeToExpiry, vol, rate })
}

/** Price of the out without rebate by the sine series, the other barrier being far away. */
function seriesOut(inputs: SingleBarrierInputs): number {
  const { type, strike, barrier, direction } = inputs
  const far = farAway(inputs)
  const corridor = direction === 'down' ? { lower: barrier, upper: far.upper } : { lower: far.lower, upper: barrier }
  const payoff = (price: number): number => Math.max(0, type === 'call' ? price - strike : strike - price)
  return sineSeriesValue(payoff, [strike], { ...inputs, ...corridor })
}

describe('single barriers against the sine series of the killed price', () => {
  it('differ by less than 1e-12 of the spot on a dense grid, outs and ins', () => {
    const u = uniforms(401, 7 * (deep ? 1500 : 150))
    let worst = { error: -1, inputs: {} }
    for (let i = 0; i + 7 <= u.length; i += 7) {
      const direction = u[i]! < 0.5 ? ('down' as const) : ('up' as const)
      const inputs: SingleBarrierInputs = {
        type: i % 2 === 0 ? 'call' : 'put',
        direction,
        knock: 'out',
        spot: 100,
        strike: 60 + 90 * u[i + 1]!,
        barrier: direction === 'down' ? 60 + 39 * u[i + 2]! : 101 + 59 * u[i + 2]!,
        timeToExpiry: 0.05 + 1.5 * u[i + 3]!,
        vol: 0.15 + 0.7 * u[i + 4]!,
        rate: 0.12 * u[i + 5]! - 0.03,
        dividendYield: 0.12 * u[i + 6]! - 0.03,
        rebate: 0,
      }
      const series = seriesOut(inputs)
      const out = Math.abs(singleBarrierPrice(inputs) - series)
      const into = Math.abs(singleBarrierPrice({ ...inputs, knock: 'in' }) - (vanillaPrice(inputs) - series))
      const error = Math.max(out, into)
      if (error > worst.error) worst = { error, inputs }
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThan(1e-10)
  })
})

describe('single barriers', () => {
  it('in plus out is the vanilla option plus the rebate that one of them pays', () => {
    fc.assert(
      fc.property(smoothBarrier, (inputs) => {
        const both = singleBarrierPrice({ ...inputs, knock: 'in' }) + singleBarrierPrice({ ...inputs, knock: 'out' })
        const cash = { ...inputs, cash: inputs.rebate }
        const rebates = oneTouchPrice({ ...cash, payment: 'atHit' }) + noTouchPrice(cash)
        expectNear(inputs, both, vanillaPrice(inputs) + rebates, { abs: 1e-13 * (inputs.spot + inputs.strike) })
      }),
      propertyRuns,
    )
  })
  it('without rebate lie between zero and the vanilla option', () => {
    fc.assert(
      fc.property(smoothBarrier, (inputs) => {
        const price = singleBarrierPrice({ ...inputs, rebate: 0 })
        expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(0)
        expect(price, JSON.stringify(inputs)).toBeLessThanOrEqual(vanillaPrice(inputs) + 1e-13 * (inputs.spot + inputs.strike))
      }),
      propertyRuns,
    )
  })
  it('an out gains and an in loses as the barrier moves away', () => {
    fc.assert(
      fc.property(smoothBarrier, real(0, 0.3), (inputs, further) => {
        const near = { ...inputs, rebate: 0 }
        const far = { ...near, barrier: inputs.barrier * Math.exp(inputs.direction === 'down' ? -further : further) }
        const gain = singleBarrierPrice(far) - singleBarrierPrice(near)
        const slack = -1e-12 * (inputs.spot + inputs.strike)
        expect(inputs.knock === 'out' ? gain : -gain, JSON.stringify({ inputs, further })).toBeGreaterThanOrEqual(slack)
      }),
      propertyRuns,
    )
  })
  it('scale with spot, strike, barrier and rebate together', () => {
    fc.assert(
      fc.property(smoothBarrier, real(0.01, 100), (inputs, factor) => {
        const { spot, strike, barrier, rebate } = inputs
        const scaled = { ...inputs, spot: factor * spot, strike: factor * strike, barrier: factor * barrier, rebate: factor * rebate }
        expectNear(inputs, singleBarrierPrice(scaled), factor * singleBarrierPrice(inputs), { abs: 1e-12 * factor * (spot + strike) })
      }),
      propertyRuns,
    )
  })
  it('a call is the put on the exchanged assets: spot with strike, rate with yield, up with down', () => {
    fc.assert(
      fc.property(smoothBarrier, (inputs) => {
        const { spot, strike, barrier, rate, dividendYield } = inputs
        const mirrored: SingleBarrierInputs = {
          ...inputs,
          type: inputs.type === 'call' ? 'put' : 'call',
          direction: inputs.direction === 'down' ? 'up' : 'down',
          spot: strike,
          strike: spot,
          barrier: (spot * strike) / barrier,
          rate: dividendYield,
          dividendYield: rate,
          rebate: 0,
        }
        const price = singleBarrierPrice({ ...inputs, rebate: 0 })
        expectNear(inputs, singleBarrierPrice(mirrored), price, { abs: 1e-12 * (spot + strike) })
      }),
      propertyRuns,
    )
  })
  it('are continuous at the barrier', () => {
    fc.assert(
      fc.property(smoothBarrier, (inputs) => {
        const { barrier, direction } = inputs
        const at = { ...inputs, spot: barrier }
        const near = { ...inputs, spot: barrier * (direction === 'down' ? 1 + 1e-10 : 1 - 1e-10) }
        expectNear(near, singleBarrierPrice(near), singleBarrierPrice(at), { abs: 1e-6 })
        if (inputs.knock === 'out') expect(singleBarrierPrice(at)).toBe(inputs.rebate)
        else expectNear(at, singleBarrierPrice(at), vanillaPrice(at), { abs: 1e-12 * barrier })
      }),
      propertyRuns,
    )
  })
  it('with the barrier out of reach are the vanilla option or nothing', () => {
    fc.assert(
      fc.property(smoothBarrier, (inputs) => {
        const away = { ...inputs, rebate: 0, barrier: inputs.direction === 'down' ? 1e-9 : 1e15 }
        expectNear(inputs, singleBarrierPrice({ ...away, knock: 'out' }), vanillaPrice(inputs), { abs: 1e-12 * inputs.spot })
        expectNear(inputs, singleBarrierPrice({ ...away, knock: 'in' }), 0, { abs: 1e-12 * inputs.spot })
      }),
      propertyRuns,
    )
  })
  it('have sensitivities that obey the Black-Scholes equation, and those of the vanilla option in sum', () => {
    fc.assert(
      fc.property(smoothBarrier, (inputs) => {
        const greeks = singleBarrierGreeks(inputs)
        expectSmoothGreeks(inputs, singleBarrierPrice(inputs), greeks, 1e-7 * inputs.spot)
        const plain = { ...inputs, rebate: 0 }
        const sum = singleBarrierGreeks({ ...plain, knock: 'in' }).delta + singleBarrierGreeks({ ...plain, knock: 'out' }).delta
        const h = 1e-5 * inputs.spot
        const slope = (vanillaPrice({ ...plain, spot: inputs.spot + h }) - vanillaPrice({ ...plain, spot: inputs.spot - h })) / (2 * h)
        expectNear(inputs, sum, slope, { abs: 1e-7 })
      }),
      propertyRuns,
    )
  })
  it('are finite and not negative on the whole domain', () => {
    fc.assert(
      fc.property(wildBarrier, (inputs) => {
        const price = singleBarrierPrice(inputs)
        expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(0)
        expect(Number.isFinite(price), JSON.stringify(inputs)).toBe(true)
      }),
      propertyRuns,
    )
  })
})

describe('degenerate and invalid inputs', () => {
  const base: SingleBarrierInputs = {
    type: 'call',
    direction: 'down',
    knock: 'out',
    spot: 110,
    strike: 100,
    barrier: 95,
    rebate: 2,
    timeToExpiry: 0.5,
    vol: 0.4,
    rate: 0.05,
    dividendYield: 0.02,
  }
  it('given no time, pays the payoff or, for an in never hit, the rebate', () => {
    expect(singleBarrierPrice({ ...base, timeToExpiry: 0 })).toBe(10)
    expect(singleBarrierPrice({ ...base, timeToExpiry: 0, knock: 'in' })).toBe(2)
  })
  it('given no vol, follows the forward through the barrier or past it', () => {
    const falling = { ...base, vol: 0, dividendYield: 0.6 }
    const hit = Math.log(95 / 110) / (0.05 - 0.6)
    expectNear(falling, singleBarrierPrice(falling), 2 * Math.exp(-0.05 * hit), { rel: 1e-14 })
    expect(singleBarrierPrice({ ...falling, knock: 'in', type: 'put' })).toBeCloseTo(100 * Math.exp(-0.025) - 110 * Math.exp(-0.3), 12)
    expect(singleBarrierPrice({ ...base, vol: 0 })).toBeCloseTo(110 * Math.exp(-0.01) - 100 * Math.exp(-0.025), 12)
    expectNear(falling, singleBarrierPrice({ ...falling, vol: 1e-7 }), singleBarrierPrice(falling), { rel: 1e-6 })
  })
  it('given a spot at or beyond the barrier, is the rebate or the vanilla option', () => {
    for (const spot of [95, 80]) {
      expect(singleBarrierPrice({ ...base, spot })).toBe(2)
      expectNear({ spot }, singleBarrierPrice({ ...base, spot, knock: 'in' }), vanillaPrice({ ...base, spot }), { rel: 1e-13 })
    }
    expect(singleBarrierPrice({ ...base, direction: 'up', barrier: 110 })).toBe(2)
    expectInvalid('distance of spot', () => singleBarrierGreeks({ ...base, spot: 95 }))
    expect(singleBarrierGreeks({ ...base, spot: 90 }).delta).toBeCloseTo(0, 12)
  })
  it.each([
    ['spot', Number.NaN],
    ['strike', 0],
    ['barrier', -5],
    ['barrier', Number.POSITIVE_INFINITY],
    ['rebate', -1],
    ['rebate', Number.NaN],
    ['vol', -0.1],
    ['timeToExpiry', 101],
    ['rate', Number.NaN],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    expectInvalid(field, () => singleBarrierPrice({ ...base, [field]: value }))
    expectInvalid(field, () => singleBarrierGreeks({ ...base, [field]: value }))
  })
})

describe('discreteBarrierLevel', () => {
  const base = { direction: 'down' as const, barrier: 100, vol: 0.3, interval: 1 / 252 }
  it('moves the barrier away from the spot by 0.5826 deviations of one interval', () => {
    const shift = 0.5825971579390107 * 0.3 * Math.sqrt(1 / 252)
    expectNear(base, discreteBarrierLevel(base), 100 * Math.exp(-shift), { rel: 1e-15 })
    expectNear(base, discreteBarrierLevel({ ...base, direction: 'up' }), 100 * Math.exp(shift), { rel: 1e-15 })
    expect(discreteBarrierLevel({ ...base, interval: 0 })).toBe(100)
    expectInvalid('interval', () => discreteBarrierLevel({ ...base, interval: -1 }))
    expectInvalid('barrier', () => discreteBarrierLevel({ ...base, barrier: 0 }))
    expectInvalid('vol', () => discreteBarrierLevel({ ...base, vol: Number.NaN }))
  })
  it('makes an out dearer the rarer the looks, up to the vanilla option; at a look beyond the barrier it is out', () => {
    fc.assert(
      fc.property(smoothBarrier, real(0, 1), real(0, 1), (inputs, a, b) => {
        const out = { ...inputs, knock: 'out' as const, rebate: 0 }
        const [short, long] = [Math.min(a, b) * inputs.timeToExpiry, Math.max(a, b) * inputs.timeToExpiry]
        const frequent = discreteBarrierPrice({ ...out, interval: short })
        const rare = discreteBarrierPrice({ ...out, interval: long })
        const slack = 1e-12 * (inputs.spot + inputs.strike)
        expect(rare, JSON.stringify({ out, short, long })).toBeGreaterThanOrEqual(frequent - slack)
        expect(rare).toBeLessThanOrEqual(vanillaPrice(inputs) + slack)
        expect(discreteBarrierPrice({ ...out, interval: 0 })).toBe(singleBarrierPrice(out))
        expect(discreteBarrierPrice({ ...out, spot: out.barrier, interval: short })).toBe(0)
      }),
      propertyRuns,
    )
  })
  it('refuses an interval longer than the option', () => {
    const option: SingleBarrierInputs = {
      type: 'call',
      direction: 'down',
      knock: 'out',
      spot: 110,
      strike: 100,
      barrier: 95,
      rebate: 2,
      timeToExpiry: 0.5,
      vol: 0.4,
      rate: 0,
      dividendYield: 0,
    }
    expectInvalid('interval', () => discreteBarrierPrice({ ...option, interval: 0.6 }))
  })
})
