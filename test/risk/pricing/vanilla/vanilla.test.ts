import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { black76Greeks, black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { type BsmGreeks, type BsmInputs, bsmGreeks, bsmPrice, forwardGreeks } from '../../../../risk/pricing/vanilla/index.ts'
import * as big from '../../reference/bigFixed.ts'
import { spotGreeksCases } from '../../reference/greeks.ts'
import { bigBsm, bigGreeks, type GreekName, greekScales } from '../../support/bigGreeks.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const option = fc.record({
  type: fc.constantFrom('call' as const, 'put' as const),
  spot: real(10, 1000),
  strike: real(10, 1000),
  timeToExpiry: real(0, 3),
  vol: real(0, 3),
  rate: real(-0.1, 0.2),
  dividendYield: real(-0.1, 0.2),
})
const base: BsmInputs = { type: 'call', spot: 110, strike: 100, timeToExpiry: 0.5, vol: 0.4, rate: 0.05, dividendYield: 0.02 }

describe('published Greeks', () => {
  it.each(spotGreeksCases)('$id ($source)', ({ S, K, r, q, T, type, vol, expected, rel }) => {
    const inputs = { type, spot: S, strike: K, timeToExpiry: T, vol, rate: r, dividendYield: q }
    const got = bsmGreeks(inputs)
    for (const [name, figure] of Object.entries(expected)) expectNear({ name, ...inputs }, got[name as GreekName], figure, { rel })
  })
})

describe('against differentiation in whole-number arithmetic', () => {
  it('every Greek has ten digits, or thirteen of its natural size where it passes through zero', () => {
    const u = uniforms(11, 5 * (deep ? 300 : 12))
    for (let i = 0; i + 5 <= u.length; i += 5) {
      const [a, b, c, d, e] = u.slice(i, i + 5) as [number, number, number, number, number]
      const timeToExpiry = 0.01 + 2 * a
      const vol = 0.1 + 1.4 * b
      const strike = 100 * Math.exp(4 * (2 * c - 1) * vol * Math.sqrt(timeToExpiry))
      const type = i % 2 === 0 ? ('call' as const) : ('put' as const)
      const inputs = { type, spot: 100, strike, timeToExpiry, vol, rate: 0.15 * d - 0.05, dividendYield: 0.15 * e - 0.05 }
      const at = {
        S: big.fixed(100),
        T: big.fixed(timeToExpiry),
        vol: big.fixed(vol),
        r: big.fixed(inputs.rate),
        q: big.fixed(inputs.dividendYield),
      }
      const exact = bigGreeks(bigBsm(type, strike), at)
      const got = bsmGreeks(inputs)
      const scales = greekScales(inputs)
      for (const name of Object.keys(exact) as GreekName[]) {
        const error = Math.abs(big.toNumber(big.fixed(got[name]) - exact[name]))
        const size = Math.abs(big.toNumber(exact[name]))
        const limit = Math.max(1e-10 * size, 1e-13 * Math.min(scales[name], 1e3 * size))
        expect(error, `${name} of ${JSON.stringify(inputs)}: got ${got[name]}, off by ${error}, limit ${limit}`).toBeLessThanOrEqual(limit)
      }
    }
  })
})

describe('price', () => {
  it('is Black-76 on the forward, with call and put in parity to 1e-13', () => {
    fc.assert(
      fc.property(option, (inputs) => {
        const { spot, strike, timeToExpiry, rate, dividendYield, vol } = inputs
        const forward = forwardPrice(spot, rate, dividendYield, timeToExpiry)
        expect(bsmPrice(inputs)).toBe(black76Price({ type: inputs.type, forward, strike, timeToExpiry, vol, rate }))
        const parity = spot * Math.exp(-dividendYield * timeToExpiry) - strike * Math.exp(-rate * timeToExpiry)
        const difference = bsmPrice({ ...inputs, type: 'call' }) - bsmPrice({ ...inputs, type: 'put' })
        expectNear(inputs, difference, parity, { abs: 2e-13 * (spot + strike) })
      }),
      propertyRuns,
    )
  })
  it('is shared with the Greeks, all of which are finite', () => {
    const wild = fc.record({
      type: fc.constantFrom('call' as const, 'put' as const),
      spot: fc.oneof(real(1e-9, 1e15), fc.constant(1e-9)),
      strike: fc.oneof(real(1e-9, 1e15), fc.constant(1e-9)),
      timeToExpiry: fc.oneof(real(0, 100), fc.constantFrom(1e-300, 1e-61, 1e-59, 1e-20)),
      vol: fc.oneof(real(0, 100), fc.constantFrom(1e-300, 1e-99, 1e-60)),
      rate: real(-1, 1),
      dividendYield: real(-1, 1),
    })
    fc.assert(
      fc.property(fc.oneof(option, wild), (inputs) => {
        const greeks = bsmGreeks(inputs)
        expect(greeks.price).toBe(bsmPrice(inputs))
        for (const [name, value] of Object.entries(greeks))
          expect(Number.isFinite(value), `${name} of ${JSON.stringify(inputs)} is ${value}`).toBe(true)
      }),
      propertyRuns,
    )
  })
  it('of a call on one currency is that of a put on the other', () => {
    fc.assert(
      fc.property(option, (inputs) => {
        const { spot, strike, rate, dividendYield } = inputs
        const call = bsmPrice({ ...inputs, type: 'call' })
        const put = bsmPrice({ ...inputs, type: 'put', spot: strike, strike: spot, rate: dividendYield, dividendYield: rate })
        expectNear(inputs, call, put, { abs: 1e-13 * (spot + strike) })
      }),
      propertyRuns,
    )
  })
})

describe('identities of the Greeks', () => {
  it('call less put is a forward: delta by e^(-qT), gamma, vega and all beyond the same', () => {
    fc.assert(
      fc.property(option, (inputs) => {
        const call = bsmGreeks({ ...inputs, type: 'call' })
        const put = bsmGreeks({ ...inputs, type: 'put' })
        for (const name of ['gamma', 'vega', 'vanna', 'volga', 'speed', 'zomma', 'color', 'veta'] as const)
          expect(call[name], name).toBe(put[name])
        const held = Math.exp(-inputs.dividendYield * inputs.timeToExpiry)
        expectNear(inputs, call.delta - put.delta, held, { rel: 1e-14 })
        expectNear(inputs, call.charm - put.charm, inputs.dividendYield * held, { abs: 1e-13 * (1 + Math.abs(call.charm)) })
      }),
      propertyRuns,
    )
  })
  it('satisfy the Black-Scholes equation: theta + b S delta + vol^2 S^2 gamma / 2 = r V', () => {
    fc.assert(
      fc.property(option, (inputs) => {
        const { theta, delta, gamma, price } = bsmGreeks(inputs)
        const { spot, rate, dividendYield, vol } = inputs
        const drift = (rate - dividendYield) * spot * delta
        const spread = 0.5 * (vol * spot) ** 2 * gamma
        expectNear(inputs, theta + drift + spread, rate * price, { abs: 1e-12 * (spot + inputs.strike + spread) })
      }),
      propertyRuns,
    )
  })
  it('do not know the unit of the currency', () => {
    const powers: Record<keyof BsmGreeks, number> = {
      ...{
        price: 1,
        delta: 0,
        gamma: -1,
        vega: 1,
        theta: 1,
        rho: 1,
        phi: 1,
        vanna: 0,
        volga: 1,
        charm: 0,
        speed: -2,
        zomma: -1,
        color: -1,
        veta: 1,
      },
    }
    fc.assert(
      fc.property(option, fc.constantFrom(2 ** -10, 0.5, 64), (inputs, unit) => {
        const one = bsmGreeks(inputs)
        const other = bsmGreeks({ ...inputs, spot: inputs.spot * unit, strike: inputs.strike * unit })
        for (const name of Object.keys(powers) as (keyof BsmGreeks)[]) {
          const scaled = one[name] * unit ** powers[name]
          expectNear({ name, ...inputs, unit }, other[name], scaled, { abs: 1e-14 * Math.abs(scaled) + 1e-300 })
        }
      }),
      propertyRuns,
    )
  })
})

describe('Greeks of the forward', () => {
  it('are those of Black-76, and the four of higher order are differences of its gamma and vega', () => {
    const u = uniforms(3, 400)
    for (let i = 0; i + 4 <= u.length; i += 4) {
      const timeToExpiry = 0.1 + u[i]!
      const vol = 0.2 + u[i + 1]!
      const forward = 100
      const strike = 100 * Math.exp(2 * (2 * u[i + 2]! - 1) * vol * Math.sqrt(timeToExpiry))
      const inputs = {
        type: i % 8 === 0 ? ('call' as const) : ('put' as const),
        forward,
        strike,
        timeToExpiry,
        vol,
        rate: 0.2 * u[i + 3]! - 0.05,
      }
      const greeks = forwardGreeks(inputs)
      const { speed, zomma, color, veta, ...lower } = greeks
      expect(lower).toEqual(black76Greeks(inputs))
      const slope = (name: 'gamma' | 'vega', argument: 'forward' | 'vol' | 'timeToExpiry', h: number): number => {
        const central = (step: number): number =>
          (black76Greeks({ ...inputs, [argument]: inputs[argument] + step })[name] -
            black76Greeks({ ...inputs, [argument]: inputs[argument] - step })[name]) /
          (2 * step)
        return (4 * central(h / 2) - central(h)) / 3
      }
      const width = vol * Math.sqrt(timeToExpiry) * forward
      expectNear({ name: 'speed', ...inputs }, speed, slope('gamma', 'forward', 0.01 * width), { abs: 1e-7 / width ** 2 })
      expectNear({ name: 'zomma', ...inputs }, zomma, slope('gamma', 'vol', 0.01 * vol), { abs: 1e-6 / (width * vol) })
      expectNear({ name: 'color', ...inputs }, color, -slope('gamma', 'timeToExpiry', 0.01 * timeToExpiry), {
        abs: 1e-6 / (width * timeToExpiry),
      })
      expectNear({ name: 'veta', ...inputs }, veta, -slope('vega', 'timeToExpiry', 0.01 * timeToExpiry), {
        abs: (1e-6 * forward) / Math.sqrt(timeToExpiry),
      })
    }
  })
  it('at a strike on the forward without time are finite', () => {
    for (const value of Object.values(forwardGreeks({ type: 'put', forward: 5, strike: 5, timeToExpiry: 0, vol: 1, rate: 0.1 })))
      expect(Number.isFinite(value)).toBe(true)
  })
})

describe('degenerate inputs', () => {
  it('given no time, is the payoff with the Greeks of the payoff', () => {
    expect(bsmGreeks({ ...base, timeToExpiry: 0 })).toMatchObject({
      price: 10,
      delta: 1,
      gamma: 0,
      vega: 0,
      rho: 0,
      phi: -0,
      speed: 0,
      color: 0,
    })
    expectNear(base, bsmGreeks({ ...base, timeToExpiry: 0 }).theta, 0.02 * 110 - 0.05 * 100, { rel: 1e-14 })
    expect(bsmGreeks({ ...base, type: 'put', timeToExpiry: 0 })).toMatchObject({ price: 0, delta: 0, charm: 0, theta: 0 })
  })
  it('given no vol, is the discounted payoff on the forward, which earns and owes the rates', () => {
    const { price, delta, theta, rho, phi } = bsmGreeks({ ...base, vol: 0 })
    expectNear(base, price, 110 * Math.exp(-0.01) - 100 * Math.exp(-0.025), { rel: 1e-14 })
    expectNear(base, delta, Math.exp(-0.01), { rel: 1e-15 })
    expectNear(base, theta, 0.02 * 110 * Math.exp(-0.01) - 0.05 * 100 * Math.exp(-0.025), { rel: 1e-14 })
    expectNear(base, rho, 0.5 * 100 * Math.exp(-0.025), { rel: 1e-14 })
    expectNear(base, phi, -0.5 * 110 * Math.exp(-0.01), { rel: 1e-14 })
  })
  it('given a strike on the forward and no vol, has half a delta and the limit of vega', () => {
    const kink = { ...base, strike: 110, rate: 0, dividendYield: 0, vol: 0 }
    expect(bsmGreeks(kink)).toMatchObject({ price: 0, delta: 0.5, gamma: 0 })
    expectNear(kink, bsmGreeks(kink).vega, bsmGreeks({ ...kink, vol: 1e-7 }).vega, { rel: 1e-12 })
  })
  it.each([
    ['spot', 0],
    ['spot', Number.NaN],
    ['strike', -1],
    ['strike', Number.POSITIVE_INFINITY],
    ['timeToExpiry', -1e-9],
    ['vol', Number.NaN],
    ['rate', 2],
    ['dividendYield', Number.NaN],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    expectInvalid(field, () => bsmPrice({ ...base, [field]: value }))
    expectInvalid(field, () => bsmGreeks({ ...base, [field]: value }))
  })
})
