import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  type HestonInputs,
  type HestonVariance,
  hestonGreeks,
  hestonPrice,
  hestonVarianceOption,
  hestonVarianceSwap,
} from '../../../../risk/pricing/heston/index.ts'
import { black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { referenceHestonCall } from '../../support/hestonReference.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { referenceNormals, uniforms } from '../../support/uniforms.ts'

// Ten times the cases on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const variance = { v0: real(0.01, 1), kappa: real(0.1, 8), theta: real(0.01, 1), sigma: real(0.05, 2) }
const anyOption: fc.Arbitrary<HestonInputs> = fc.record({
  type: fc.constantFrom('call' as const, 'put' as const),
  spot: real(60, 160),
  strike: real(60, 160),
  rate: real(-0.03, 0.1),
  dividendYield: real(-0.03, 0.1),
  timeToExpiry: real(0.02, 4),
  rho: real(-0.95, 0.95),
  ...variance,
})
const example: HestonInputs = {
  type: 'call',
  spot: 100,
  strike: 105,
  rate: 0.03,
  dividendYield: 0.01,
  timeToExpiry: 0.75,
  v0: 0.3,
  kappa: 2,
  theta: 0.4,
  sigma: 0.8,
  rho: -0.4,
}
const forwardOf = ({ spot, rate, dividendYield, timeToExpiry }: HestonInputs): number =>
  forwardPrice(spot, rate, dividendYield, timeToExpiry)

/** Mean of f over variance paths: Euler steps with full truncation, both signs of each draw. */
function simulateCollected(model: HestonVariance, time: number, f: (collected: number) => number): { mean: number; error: number } {
  const [paths, steps] = [2000, 100]
  const draws = referenceNormals(77, paths * steps)
  const dt = time / steps
  const means: number[] = []
  for (let path = 0; path < paths; path++) {
    const pair = [1, -1].map((sign) => {
      let [v, collected] = [model.v0, 0]
      for (let step = 0; step < steps; step++) {
        const now = Math.max(0, v)
        v += model.kappa * (model.theta - now) * dt + model.sigma * Math.sqrt(now * dt) * sign * draws[path * steps + step]!
        collected += 0.5 * (now + Math.max(0, v)) * dt
      }
      return f(collected)
    })
    means.push(0.5 * (pair[0]! + pair[1]!))
  }
  const mean = means.reduce((a, b) => a + b) / paths
  return { mean, error: Math.sqrt(means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / paths / paths) }
}

describe('accuracy', () => {
  it.each([
    // Andersen, J. Computational Finance 11 (2008), cases I and II: long, with wild variance, far from Feller's condition.
    { strike: 60, timeToExpiry: 10, kappa: 0.5, sigma: 1, rho: -0.9, expected: 44.33, digits: 3 },
    { strike: 100, timeToExpiry: 10, kappa: 0.5, sigma: 1, rho: -0.9, expected: 13.085, digits: 3 },
    { strike: 140, timeToExpiry: 10, kappa: 0.5, sigma: 1, rho: -0.9, expected: 0.296, digits: 3 },
    { strike: 60, timeToExpiry: 15, kappa: 0.3, sigma: 0.9, rho: -0.5, expected: 45.287, digits: 3 },
    { strike: 100, timeToExpiry: 15, kappa: 0.3, sigma: 0.9, rho: -0.5, expected: 16.649, digits: 3 },
    { strike: 140, timeToExpiry: 15, kappa: 0.3, sigma: 0.9, rho: -0.5, expected: 5.138, digits: 3 },
    // Kahl and Jaeckel, Wilmott (2005), in units of 100: twice the spot, ten years.
    { strike: 200, timeToExpiry: 10, kappa: 1, sigma: 2, rho: -0.8, variance: 0.16, expected: 4.95, digits: 2 },
  ])('published: strike $strike, time $timeToExpiry, sigma $sigma, rho $rho', ({ expected, digits, variance = 0.04, ...rest }) => {
    const inputs = { ...example, rate: 0, dividendYield: 0, v0: variance, theta: variance, ...rest }
    expectNear(inputs, hestonPrice(inputs).value, expected, { abs: 0.5 * 10 ** -digits })
  })
  it('agrees with the two-probability formula on a dense grid', () => {
    const count = deep ? 200 : 20
    const u = uniforms(601, 7 * count)
    for (let i = 0; i < count; i++) {
      const [a, b, c, d, e, f, g] = u.slice(7 * i, 7 * i + 7) as [number, number, number, number, number, number, number]
      const inputs = {
        ...example,
        strike: 60 + 90 * a,
        timeToExpiry: 0.25 + 2 * b,
        v0: 0.05 + 0.5 * c,
        theta: 0.05 + 0.5 * d,
        kappa: 0.5 + 5 * e,
        sigma: 0.2 + 1.2 * f,
        rho: -0.9 + 1.5 * g,
      }
      const { value, error } = hestonPrice(inputs)
      expect(error).toBeLessThan(1e-10)
      expectNear(inputs, value, referenceHestonCall(inputs, 300, 4000), { abs: 1e-8 })
    }
  })
  it('without vol of variance it is Black-Scholes with the expected variance', () => {
    fc.assert(
      fc.property(anyOption, (inputs) => {
        const sure = { ...inputs, sigma: 0 }
        const { fairVariance } = hestonVarianceSwap(sure)
        const { type, strike, timeToExpiry, rate } = inputs
        const expected = black76Price({ type, forward: forwardOf(inputs), strike, timeToExpiry, vol: Math.sqrt(fairVariance), rate })
        expectNear(sure, hestonPrice(sure).value, expected, { abs: 1e-10 })
        expectNear(sure, hestonPrice({ ...sure, sigma: 1e-7 }).value, expected, { abs: 1e-5 })
      }),
      propertyRuns,
    )
  })
  it('fair volatility and options on variance agree with a simulation of the variance', () => {
    for (const model of [
      { v0: 0.3, kappa: 2, theta: 0.4, sigma: 0.8 },
      { v0: 0.09, kappa: 1, theta: 0.2, sigma: 0.4 },
    ]) {
      const time = 0.75
      const root = simulateCollected(model, time, (collected) => Math.sqrt(collected / time))
      expectNear(model, hestonVarianceSwap({ ...model, timeToExpiry: time }).fairVolatility, root.mean, { abs: 4 * root.error + 2e-3 })
      for (const strike of [0.1, 0.25]) {
        const call = simulateCollected(model, time, (collected) => Math.max(0, collected - strike))
        const got = hestonVarianceOption({ ...model, type: 'call', strike, rate: 0, timeToExpiry: time, nominal: 1 })
        expectNear({ model, strike }, got, call.mean, { abs: 4 * call.error + 1e-3 })
      }
    }
  })
  it('settles at the corners of the domain, or says that it does not', () => {
    const corners = [0.01, 30].flatMap((timeToExpiry) =>
      [0.01, 0.5, 10].flatMap((sigma) =>
        [0.05, 20].flatMap((kappa) => [-0.99, 0, 0.99].map((rho) => ({ ...example, timeToExpiry, sigma, kappa, rho }))),
      ),
    )
    let settled = 0
    for (const inputs of corners) {
      for (const strike of [30, 100, 300]) {
        try {
          const { value } = hestonPrice({ ...inputs, strike })
          const discount = Math.exp(-inputs.rate * inputs.timeToExpiry)
          const forward = forwardOf(inputs)
          expect(value, JSON.stringify({ ...inputs, strike })).toBeGreaterThanOrEqual(discount * Math.max(0, forward - strike) - 1e-9)
          expect(value, JSON.stringify({ ...inputs, strike })).toBeLessThanOrEqual(discount * forward * (1 + 1e-9))
          settled += 1
        } catch (error) {
          expect((error as { context?: { argument?: string } }).context?.argument).toBe('sigma')
        }
      }
    }
    expect(settled).toBe(3 * corners.length)
  })
})

describe('properties', () => {
  it('parity', () => {
    fc.assert(
      fc.property(anyOption, (inputs) => {
        const difference = hestonPrice({ ...inputs, type: 'call' }).value - hestonPrice({ ...inputs, type: 'put' }).value
        expectNear(inputs, difference, Math.exp(-inputs.rate * inputs.timeToExpiry) * (forwardOf(inputs) - inputs.strike), { abs: 1e-9 })
      }),
      propertyRuns,
    )
  })
  it('homogeneous, monotone and convex in strike', () => {
    fc.assert(
      fc.property(anyOption, real(0.1, 10), (inputs, factor) => {
        const at = (strike: number): number => hestonPrice({ ...inputs, strike }).value
        const scaled = hestonPrice({ ...inputs, spot: factor * inputs.spot, strike: factor * inputs.strike }).value
        expectNear(inputs, scaled / factor, at(inputs.strike), { abs: 1e-9 })
        const [low, middle, high] = [at(0.95 * inputs.strike), at(inputs.strike), at(1.05 * inputs.strike)]
        expect((high - low) * (inputs.type === 'call' ? -1 : 1)).toBeGreaterThanOrEqual(-1e-9)
        expect(low + high - 2 * middle).toBeGreaterThanOrEqual(-1e-9)
      }),
      propertyRuns,
    )
  })
  it('fair volatility is below the root of fair variance, and falls as variance gets wilder', () => {
    fc.assert(
      fc.property(fc.record({ ...variance, timeToExpiry: real(0.05, 5) }), (inputs) => {
        const { fairVariance, fairVolatility } = hestonVarianceSwap(inputs)
        expect(fairVolatility).toBeLessThanOrEqual(Math.sqrt(fairVariance))
        expect(hestonVarianceSwap({ ...inputs, sigma: 1.2 * inputs.sigma }).fairVolatility).toBeLessThanOrEqual(fairVolatility + 1e-10)
        const sure = hestonVarianceSwap({ ...inputs, sigma: 1e-5 })
        expectNear(inputs, sure.fairVolatility, Math.sqrt(fairVariance), { abs: 1e-8 })
      }),
      propertyRuns,
    )
  })
  it('options on variance keep parity, bounds and convexity in strike', () => {
    fc.assert(
      fc.property(fc.record({ ...variance, timeToExpiry: real(0.1, 3) }), real(0.3, 2), (inputs, share) => {
        const mean = hestonVarianceSwap(inputs).fairVariance * inputs.timeToExpiry
        const option = { ...inputs, strike: share * mean, rate: 0.02, nominal: 50 }
        const call = hestonVarianceOption({ ...option, type: 'call' })
        const put = hestonVarianceOption({ ...option, type: 'put' })
        const discounted = 50 * Math.exp(-0.02 * inputs.timeToExpiry)
        expectNear(option, call - put, discounted * (mean - option.strike), { abs: 1e-8 * discounted })
        expect(call).toBeGreaterThanOrEqual(discounted * Math.max(0, mean - option.strike) - 1e-8 * discounted)
        expect(call).toBeLessThanOrEqual(discounted * mean)
        const beside = [0.9, 1.1].map((m) => hestonVarianceOption({ ...option, type: 'call', strike: m * option.strike }))
        expect(beside[0]! + beside[1]! - 2 * call).toBeGreaterThanOrEqual(-1e-7 * discounted)
      }),
      propertyRuns,
    )
  })
})

describe('Greeks', () => {
  it('are the slopes of the price, and obey its equation where vol of variance is nil', () => {
    const greeks = hestonGreeks(example)
    const at = (change: Partial<HestonInputs>): number => hestonPrice({ ...example, ...change }).value
    const slope = (key: 'spot' | 'v0' | 'theta' | 'rate' | 'dividendYield' | 'timeToExpiry', step: number): number =>
      (at({ [key]: example[key] + step }) - at({ [key]: example[key] - step })) / (2 * step)
    expectNear('delta', greeks.delta, slope('spot', 0.01), { abs: 1e-6 })
    expectNear('gamma', greeks.gamma, (at({ spot: 100.1 }) - 2 * at({}) + at({ spot: 99.9 })) / 0.01, { abs: 1e-6 })
    expectNear('varianceVega', greeks.varianceVega, slope('v0', 1e-4), { abs: 1e-4 })
    expectNear('longRunVega', greeks.longRunVega, slope('theta', 1e-4), { abs: 1e-4 })
    expectNear('rho', greeks.rho, slope('rate', 1e-4), { abs: 1e-4 })
    expectNear('phi', greeks.phi, slope('dividendYield', 1e-4), { abs: 1e-4 })
    expectNear('theta', greeks.theta, -slope('timeToExpiry', 1e-4), { abs: 1e-3 })
    const sure = { ...example, sigma: 0, v0: 0.4 }
    const { delta, gamma, theta } = hestonGreeks(sure)
    const value = hestonPrice(sure).value
    expectNear('equation', theta, 0.03 * value - 0.02 * 100 * delta - 0.5 * 0.4 * 10_000 * gamma, { abs: 1e-6 })
  })
})

describe('limits', () => {
  it('at expiry it is the payoff', () => {
    expect(hestonPrice({ ...example, timeToExpiry: 0 }).value).toBe(0)
    expect(hestonPrice({ ...example, timeToExpiry: 0, type: 'put' }).value).toBe(5)
  })
  it('refuses what is outside the domain, naming it', () => {
    const swap = { v0: 0.3, kappa: 2, theta: 0.4, sigma: 0.8, timeToExpiry: 1 }
    const option = { ...swap, type: 'call' as const, strike: 0.2, rate: 0, nominal: 1 }
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1e9]) {
      for (const field of ['spot', 'strike', 'rate', 'dividendYield', 'timeToExpiry', 'rho', 'v0', 'kappa', 'theta', 'sigma'] as const) {
        expectInvalid(field, () => hestonPrice({ ...example, [field]: bad }))
        expectInvalid(field, () => hestonGreeks({ ...example, [field]: bad }))
      }
      for (const field of ['timeToExpiry', 'v0', 'kappa', 'theta', 'sigma'] as const)
        expectInvalid(field, () => hestonVarianceSwap({ ...swap, [field]: bad }))
      for (const field of ['strike', 'rate', 'nominal', 'timeToExpiry'] as const)
        expectInvalid(field, () => hestonVarianceOption({ ...option, [field]: bad }))
    }
    expectInvalid('v0 + theta', () => hestonPrice({ ...example, v0: 0, theta: 0 }))
    expectInvalid('v0', () => hestonGreeks({ ...example, v0: 0 }))
    expectInvalid('expected deviation', () => hestonGreeks({ ...example, timeToExpiry: 0 }))
    expectInvalid('sigma', () => hestonVarianceOption({ ...option, sigma: 0 }))
  })
})
