import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  arithmeticAsian,
  type ContinuousAsianInputs,
  continuousArithmeticAsian,
  continuousAsianGreeks,
  continuousGeometricAsian,
  type DiscreteAsianInputs,
  discreteAsianGreeks,
  geometricAsian,
  levyAsian,
  momentMatchedAsian,
  simulatedAsian,
} from '../../../../risk/pricing/asian/index.ts'
import { black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { linetskyCases } from '../../reference/asian.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

// Ten times the cases on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const type = fc.constantFrom('call' as const, 'put' as const)
const market = {
  type,
  spot: real(50, 150),
  strike: real(50, 150),
  rate: real(-0.02, 0.12),
  dividendYield: real(-0.02, 0.12),
  vol: real(0.05, 1),
}
const anyDiscrete: fc.Arbitrary<DiscreteAsianInputs> = fc
  .record({ ...market, fixings: fc.integer({ min: 1, max: 30 }), start: real(0.02, 1), length: real(0.05, 1), delay: real(0, 0.2) })
  .map(({ start, length, delay, ...rest }) => {
    const lastFixing = rest.fixings === 1 ? start : start + length
    return { ...rest, firstFixing: start, lastFixing, timeToExpiry: lastFixing + delay, pastFixings: 0, pastAverage: 0 }
  })
const example: DiscreteAsianInputs = {
  type: 'call',
  spot: 100,
  strike: 98,
  rate: 0.05,
  dividendYield: 0.02,
  vol: 0.4,
  timeToExpiry: 1,
  fixings: 12,
  firstFixing: 1 / 12,
  lastFixing: 1,
  pastFixings: 0,
  pastAverage: 0,
}
const period: ContinuousAsianInputs = {
  type: 'call',
  spot: 100,
  strike: 98,
  rate: 0.05,
  dividendYield: 0.02,
  vol: 0.4,
  timeToExpiry: 1,
  elapsed: 0,
  pastAverage: 0,
}
const meanOf = ({ spot, rate, dividendYield, fixings, firstFixing, lastFixing, pastFixings, pastAverage }: DiscreteAsianInputs): number => {
  const gap = fixings === 1 ? 0 : (lastFixing - firstFixing) / (fixings - 1)
  const ahead = Array.from({ length: fixings }, (_, i) => forwardPrice(spot, rate, dividendYield, firstFixing + i * gap))
  return (ahead.reduce((a, b) => a + b) + pastFixings * pastAverage) / (fixings + pastFixings)
}

describe('accuracy', () => {
  it.each(linetskyCases)('continuous average, spot $spot rate $rate vol $vol time $timeToExpiry', ({ expected, ...market }) => {
    const inputs = { ...period, ...market, strike: 2, dividendYield: 0 }
    const { value, error } = continuousArithmeticAsian(inputs)
    expectNear(inputs, value, expected, { abs: 1e-9 })
    expect(error).toBeLessThanOrEqual(1e-8)
  })
  it('backward integration and simulation agree within 4.5 standard errors', () => {
    const u = uniforms(401, 600)
    for (let i = 0; i < (deep ? 60 : 8); i++) {
      const [a, b, c, d, e, f] = u.slice(6 * i, 6 * i + 6) as [number, number, number, number, number, number]
      const fixings = 1 + Math.floor(20 * a)
      const inputs: DiscreteAsianInputs = {
        ...example,
        type: b < 0.5 ? 'call' : 'put',
        spot: 70 + 60 * c,
        vol: 0.05 + 0.9 * d,
        rate: 0.1 * e,
        fixings,
        firstFixing: i % 3 === 0 ? 0 : 0.1,
        lastFixing: fixings === 1 ? (i % 3 === 0 ? 0 : 0.1) : 0.9,
        pastFixings: i % 2 === 0 ? 0 : 5,
        pastAverage: i % 2 === 0 ? 0 : 80 + 40 * f,
      }
      // Where almost no path pays, the standard error says nothing.
      if (arithmeticAsian(inputs) < 0.01) continue
      const { value, standardError } = simulatedAsian(inputs, { paths: 1024, scrambles: 16, seed: i })
      expectNear({ inputs, standardError }, value, arithmeticAsian(inputs), { abs: 4.5 * standardError + 1e-9 })
    }
  })
  it('one fixing makes a European option', () => {
    fc.assert(
      fc.property(anyDiscrete, (inputs) => {
        const single = { ...inputs, fixings: 1, lastFixing: inputs.firstFixing, timeToExpiry: inputs.firstFixing }
        const european = black76Price({
          type: inputs.type,
          forward: forwardPrice(inputs.spot, inputs.rate, inputs.dividendYield, inputs.firstFixing),
          strike: inputs.strike,
          timeToExpiry: inputs.firstFixing,
          vol: inputs.vol,
          rate: inputs.rate,
        })
        for (const price of [arithmeticAsian, geometricAsian, momentMatchedAsian])
          expectNear(single, price(single), european, { abs: 1e-11 })
      }),
      propertyRuns,
    )
  })
  it('the geometric average over many fixings approaches the continuous one', () => {
    const limit = continuousGeometricAsian(period)
    const errors = [50, 500].map((n) => geometricAsian({ ...example, fixings: n, firstFixing: 1 / n }) - limit)
    expect(Math.abs(errors[1]!)).toBeLessThan(0.02)
    expect(errors[0]! / errors[1]!).toBeCloseTo(10, 0)
  })
  it('moment matching is as far off as its page says', () => {
    const u = uniforms(402, 1200)
    let worst = 0
    for (let i = 0; i < (deep ? 300 : 40); i++) {
      const [a, b, c, d] = u.slice(4 * i, 4 * i + 4) as [number, number, number, number]
      const inputs = { ...example, spot: 60 + 80 * a, vol: 0.05 + 0.95 * b, timeToExpiry: 0.1 + 1.9 * c, fixings: 2 + Math.floor(20 * d) }
      const spread = { ...inputs, firstFixing: inputs.timeToExpiry / inputs.fixings, lastFixing: inputs.timeToExpiry }
      worst = Math.max(worst, Math.abs(momentMatchedAsian(spread) - arithmeticAsian(spread)) / inputs.spot)
      const over = { ...period, spot: inputs.spot, vol: inputs.vol, timeToExpiry: inputs.timeToExpiry }
      worst = Math.max(worst, Math.abs(levyAsian(over) - continuousArithmeticAsian(over).value) / inputs.spot)
    }
    expect(worst).toBeGreaterThan(1e-3)
    expect(worst).toBeLessThan(0.03)
  })
})

describe('properties', () => {
  it('parity: call less put is the discounted mean less the strike', () => {
    fc.assert(
      fc.property(anyDiscrete, (inputs) => {
        const difference = arithmeticAsian({ ...inputs, type: 'call' }) - arithmeticAsian({ ...inputs, type: 'put' })
        const discount = Math.exp(-inputs.rate * inputs.timeToExpiry)
        expectNear(inputs, difference, discount * (meanOf(inputs) - inputs.strike), { abs: 1e-9 })
      }),
      propertyRuns,
    )
  })
  it('an arithmetic call is worth at least the geometric one; a put at most', () => {
    fc.assert(
      fc.property(anyDiscrete, (inputs) => {
        const gap = arithmeticAsian(inputs) - geometricAsian(inputs)
        expect(inputs.type === 'call' ? gap : -gap).toBeGreaterThanOrEqual(-1e-9)
      }),
      propertyRuns,
    )
  })
  it('without carry an average up to expiry is worth at most the European option', () => {
    fc.assert(
      fc.property(anyDiscrete, (inputs) => {
        const flat = { ...inputs, rate: 0, dividendYield: 0, timeToExpiry: inputs.lastFixing }
        const { spot: forward, strike, timeToExpiry, vol } = flat
        expect(arithmeticAsian(flat)).toBeLessThanOrEqual(
          black76Price({ type: flat.type, forward, strike, timeToExpiry, vol, rate: 0 }) + 1e-9,
        )
      }),
      propertyRuns,
    )
  })
  it('homogeneous, rises with vol, and is monotone and convex in spot', () => {
    fc.assert(
      fc.property(anyDiscrete, real(0.1, 10), real(1.01, 1.5), (inputs, factor, more) => {
        const value = arithmeticAsian(inputs)
        const scaled = arithmeticAsian({ ...inputs, spot: factor * inputs.spot, strike: factor * inputs.strike })
        expectNear(inputs, scaled / factor, value, { abs: 1e-9 })
        expect(arithmeticAsian({ ...inputs, vol: more * inputs.vol })).toBeGreaterThanOrEqual(value - 1e-9)
        const [below, middle, above] = [1 / more, 1, 2 - 1 / more].map((m) => arithmeticAsian({ ...inputs, spot: m * inputs.spot })) as [
          number,
          number,
          number,
        ]
        expect((above - below) * (inputs.type === 'call' ? 1 : -1)).toBeGreaterThanOrEqual(-1e-9)
        expect(2 * middle).toBeLessThanOrEqual(above + below + 1e-8)
      }),
      propertyRuns,
    )
  })
  it('a past fixing counts like a future one that is known', () => {
    fc.assert(
      fc.property(anyDiscrete, fc.integer({ min: 1, max: 40 }), real(20, 200), (inputs, pastFixings, pastAverage) => {
        const all = pastFixings + inputs.fixings
        const seasoned = { ...inputs, pastFixings, pastAverage }
        const left = (all * inputs.strike - pastFixings * pastAverage) / inputs.fixings
        const discount = Math.exp(-inputs.rate * inputs.timeToExpiry)
        const expected =
          left > 1e-9
            ? (inputs.fixings / all) * arithmeticAsian({ ...inputs, strike: left })
            : inputs.type === 'call'
              ? discount * (meanOf(seasoned) - inputs.strike)
              : 0
        expectNear(seasoned, arithmeticAsian(seasoned), expected, { abs: 1e-9 })
      }),
      propertyRuns,
    )
  })
})

describe('past fixings and today', () => {
  it('fixing today is the same as having fixed today', () => {
    const today = { ...example, firstFixing: 0, lastFixing: 11 / 12 }
    const fixed = { ...example, fixings: 11, firstFixing: 1 / 12, lastFixing: 11 / 12, pastFixings: 1, pastAverage: example.spot }
    for (const price of [arithmeticAsian, geometricAsian, momentMatchedAsian])
      expectNear('today', price(today), price(fixed), { abs: 1e-11 })
    const plan = { paths: 256, scrambles: 4, seed: 3 }
    expectNear('today', simulatedAsian(today, plan).value, simulatedAsian(fixed, plan).value, { abs: 1e-11 })
  })
  it('a period half over is the trapezoid of its past and its future', () => {
    const half = { ...period, timeToExpiry: 0.5, elapsed: 0.5, pastAverage: 104 }
    const rest = { ...period, timeToExpiry: 0.5, strike: 2 * period.strike - 104 }
    expectNear(half, continuousArithmeticAsian(half).value, 0.5 * continuousArithmeticAsian(rest).value, { abs: 1e-8 })
    expectNear(half, levyAsian(half), 0.5 * levyAsian(rest), { abs: 1e-10 })
  })
  it('all over: the payoff', () => {
    const over = { ...example, fixings: 1, firstFixing: 0, lastFixing: 0, timeToExpiry: 0, pastFixings: 3, pastAverage: 110 }
    expect(arithmeticAsian(over)).toBeCloseTo((3 * 110 + 100) / 4 - 98, 10)
    expect(simulatedAsian(over, { paths: 256, scrambles: 2, seed: 0 }).value).toBeCloseTo((3 * 110 + 100) / 4 - 98, 10)
    expect(continuousArithmeticAsian({ ...period, timeToExpiry: 0, elapsed: 1, pastAverage: 110 })).toEqual({ value: 12, error: 0 })
    expect(continuousArithmeticAsian({ ...period, timeToExpiry: 0, type: 'put' })).toEqual({ value: 0, error: 0 })
  })
  it('without vol the average is known', () => {
    const sure = { ...example, vol: 0 }
    expectNear(sure, arithmeticAsian(sure), Math.exp(-0.05) * (meanOf(sure) - 98), { abs: 1e-10 })
    expectNear(sure, simulatedAsian(sure, { paths: 256, scrambles: 2, seed: 0 }).value, arithmeticAsian(sure), { abs: 1e-10 })
  })
})

describe('Greeks', () => {
  it('of fixings: closed against integrated, where the average is one fixing', () => {
    const one = { ...example, fixings: 1, firstFixing: 1, lastFixing: 1 }
    const [arithmetic, geometric] = [discreteAsianGreeks('arithmetic', one), discreteAsianGreeks('geometric', one)]
    for (const name of ['delta', 'gamma', 'vega', 'theta', 'rho', 'phi'] as const) {
      expectNear(name, arithmetic[name], geometric[name], { abs: 1e-6 * Math.max(1, Math.abs(geometric[name])) })
    }
    const h = 1e-3
    const at = (change: Partial<DiscreteAsianInputs>): number => arithmeticAsian({ ...one, ...change })
    expectNear('vega', arithmetic.vega, (at({ vol: 0.4 + h }) - at({ vol: 0.4 - h })) / (2 * h), { abs: 1e-3 })
    const later = at({ firstFixing: 1 - h, lastFixing: 1 - h, timeToExpiry: 1 - h })
    const sooner = at({ firstFixing: 1 + h, lastFixing: 1 + h, timeToExpiry: 1 + h })
    expectNear('theta', arithmetic.theta, (later - sooner) / (2 * h), { abs: 1e-3 })
  })
  it('of a period: theta is the change while the average collects the spot', () => {
    const h = 1e-3
    for (const average of ['arithmetic', 'geometric'] as const) {
      const price = (at: ContinuousAsianInputs): number =>
        average === 'arithmetic' ? continuousArithmeticAsian(at).value : continuousGeometricAsian(at)
      const half = { ...period, timeToExpiry: 0.5, elapsed: 0.5, pastAverage: 104 }
      const collected =
        average === 'arithmetic' ? (104 * 0.5 + 100 * h) / (0.5 + h) : Math.exp((Math.log(104) * 0.5 + Math.log(100) * h) / (0.5 + h))
      const later = { ...half, timeToExpiry: 0.5 - h, elapsed: 0.5 + h, pastAverage: collected }
      expectNear(average, continuousAsianGreeks(average, half).theta, (price(later) - price(half)) / h, { abs: 0.05 })
    }
  })
})

describe('limits', () => {
  it('refuses what is outside the domain, naming it', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      for (const field of ['spot', 'strike', 'vol', 'timeToExpiry', 'firstFixing', 'fixings', 'pastFixings', 'pastAverage'] as const) {
        for (const price of [arithmeticAsian, geometricAsian, momentMatchedAsian])
          expectInvalid(field, () => price({ ...example, [field]: bad }))
      }
      for (const field of ['spot', 'strike', 'vol', 'timeToExpiry', 'elapsed', 'pastAverage'] as const) {
        for (const price of [continuousArithmeticAsian, continuousGeometricAsian, levyAsian]) {
          expectInvalid(field, () => price({ ...period, [field]: bad }))
        }
      }
    }
    expectInvalid('lastFixing', () => arithmeticAsian({ ...example, lastFixing: 1.5 }))
    expectInvalid('lastFixing', () => arithmeticAsian({ ...example, fixings: 1 }))
    expectInvalid('lastFixing', () => arithmeticAsian({ ...example, lastFixing: example.firstFixing }))
    expectInvalid('firstFixing', () => arithmeticAsian({ ...example, firstFixing: 1e-9 }))
    expectInvalid('firstFixing', () => discreteAsianGreeks('geometric', { ...example, firstFixing: 0 }))
    expectInvalid('vol sqrt(timeToExpiry)', () => arithmeticAsian({ ...example, vol: 6 }))
    expectInvalid('vol sqrt(timeToExpiry)', () => continuousAsianGreeks('geometric', { ...period, vol: 0 }))
    expectInvalid('paths', () => simulatedAsian(example, { paths: 1000, scrambles: 4, seed: 0 }))
  })
  it('stays finite and positive over the domain', () => {
    for (const vol of [1e-9, 0.01, 5]) {
      for (const spot of [1e-9, 1, 1e15]) {
        for (const firstFixing of [1e-6, 0.5]) {
          const far = { ...example, vol, spot, strike: 1, firstFixing }
          for (const side of ['call', 'put'] as const) {
            const value = arithmeticAsian({ ...far, type: side })
            expect(value >= 0 && Number.isFinite(value), JSON.stringify(far)).toBe(true)
          }
        }
      }
    }
  })
})
