import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { scaledErfc } from '../../../../risk/math/scaledErfc.ts'
import {
  type AmericanInputs,
  americanFastPrice,
  americanGreeks,
  americanPrice,
  americanRiskArray,
  baroneAdesiWhaley,
  bermudanPrice,
  bjerksundStensland,
} from '../../../../risk/pricing/american/index.ts'
import { scaledTail } from '../../../../risk/pricing/american/scaledTail.ts'
import { black76Price, forwardPrice } from '../../../../risk/pricing/index.ts'
import { longstaffSchwartzCases } from '../../reference/american.ts'
import { finiteDifferenceAmerican } from '../../support/americanFiniteDifference.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

// Ten times the cases on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const anyOption: fc.Arbitrary<AmericanInputs> = fc.record({
  type: fc.constantFrom('call' as const, 'put' as const),
  spot: real(60, 160),
  strike: real(60, 160),
  rate: real(0, 0.15),
  dividendYield: real(0, 0.15),
  vol: real(0.08, 1.5),
  timeToExpiry: real(0.003, 4),
})
const european = ({ type, spot, strike, rate, dividendYield, vol, timeToExpiry }: AmericanInputs): number =>
  black76Price({ type, forward: forwardPrice(spot, rate, dividendYield, timeToExpiry), strike, timeToExpiry, vol, rate })
const intrinsic = ({ type, spot, strike }: AmericanInputs): number => Math.max(0, type === 'call' ? spot - strike : strike - spot)

/** Dense grid: both types, rates of either sign, two days to ten years, vol 5 to 150 %. */
function sampleOptions(seed: number, count: number): AmericanInputs[] {
  const u = uniforms(seed, 7 * count)
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c, d, e, f, g] = u.slice(7 * i, 7 * i + 7) as [number, number, number, number, number, number, number]
    const vol = 0.05 + 1.45 * b * b
    const timeToExpiry = 0.005 * 2000 ** (c * c)
    return {
      type: a < 0.5 ? ('call' as const) : ('put' as const),
      spot: 100 * Math.exp(1.5 * (d - 0.5) * vol * Math.sqrt(timeToExpiry)),
      strike: 100,
      rate: -0.02 + 0.17 * e,
      dividendYield: -0.02 + 0.17 * f,
      vol,
      timeToExpiry: timeToExpiry * (0.9 + 0.1 * g),
    }
  }).filter(({ rate, dividendYield }) => Math.max(rate, dividendYield) >= 0)
}

describe('published figures', () => {
  it.each(longstaffSchwartzCases)('$id: European value', ({ inputs, european: expected, europeanAbs }) => {
    const { exerciseDates, ...option } = inputs
    expectNear(inputs, european(option), expected, { abs: europeanAbs })
    expect(exerciseDates).toBe(50 * option.timeToExpiry)
  })
})

describe('accuracy', () => {
  it('the quick tail is within 1e-11 of the exact one', () => {
    for (const x of [0, 1e-9, 12, 30, ...uniforms(300, 2000).map((u) => 13 * u)]) {
      expectNear({ x }, scaledTail(x), 0.5 * scaledErfc(x * Math.SQRT1_2), { rel: 1e-11 })
    }
  })
  it('the certified price is the limit of Bermudan prices as dates become dense', () => {
    for (const option of sampleOptions(301, deep ? 60 : 5)) {
      const { vol, timeToExpiry } = option
      const carry = (Math.abs(option.rate - option.dividendYield) * Math.sqrt(timeToExpiry)) / vol
      // Where the option should be exercised now, the dates after today have no smooth limit.
      if (carry > 1 || americanPrice(option).value - intrinsic(option) < 1e-3 * option.strike) continue
      const [a, b, c] = [8, 16, 32].map((exerciseDates) => bermudanPrice({ ...option, exerciseDates })) as [number, number, number]
      const { value } = americanPrice(option)
      const extrapolated = (8 * c - 6 * b + a) / 3
      expectNear(option, extrapolated, value, { abs: 2e-5 * Math.max(option.strike, option.spot) })
    }
  })
  it('agrees with Crank-Nicolson', () => {
    for (const option of sampleOptions(302, deep ? 100 : 12)) {
      const got = finiteDifferenceAmerican(option, 600, 400)
      expectNear(option, got, americanPrice(option).value, { abs: 4e-5 * Math.max(option.strike, option.spot) })
    }
  })
  it('the fast price is within 1e-5 of the larger of spot and strike', () => {
    for (const option of sampleOptions(303, deep ? 3000 : 300)) {
      const { value, error } = americanPrice(option)
      expect(error).toBeLessThanOrEqual(1e-7 * option.strike)
      expectNear(option, americanFastPrice(option), value, { abs: 1e-5 * Math.max(option.strike, option.spot) })
    }
  })
  it('the fast price holds its bound next to the boundary, where the premium changes fastest', () => {
    for (const option of sampleOptions(304, deep ? 500 : 50)) {
      if (option.type === 'call' || option.rate <= 0) continue
      let [held, exercised] = [option.strike, 1e-3]
      for (let i = 0; i < 40; i++) {
        const spot = 0.5 * (held + exercised)
        if (americanFastPrice({ ...option, spot }) > option.strike - spot) held = spot
        else exercised = spot
      }
      for (const factor of [1.0001, 1.001, 1.01]) {
        const near = { ...option, spot: held * factor }
        expectNear(near, americanFastPrice(near), americanPrice(near).value, { abs: 1e-5 * option.strike })
      }
    }
  })
  it('the named approximations are as far off as their page says', () => {
    let [worstBaw, worstLower] = [0, 0]
    for (const option of sampleOptions(305, deep ? 2000 : 200)) {
      if (!(option.rate > 0 && option.dividendYield > 0 && option.vol >= 0.1 && option.timeToExpiry <= 2)) continue
      const { value } = americanPrice(option)
      const size = Math.max(option.strike, option.spot)
      worstBaw = Math.max(worstBaw, Math.abs(baroneAdesiWhaley(option) - value) / option.strike)
      const lower = bjerksundStensland(option)
      expect(lower, JSON.stringify(option)).toBeLessThanOrEqual(value + 1e-6 * size)
      worstLower = Math.max(worstLower, (value - lower) / option.strike)
    }
    expect(worstBaw).toBeGreaterThan(5e-4)
    expect(worstBaw).toBeLessThan(0.03)
    expect(worstLower).toBeGreaterThan(5e-4)
    expect(worstLower).toBeLessThan(0.1)
  })
})

describe('properties', () => {
  it('worth at least the European option and the payoff, at most spot or strike', () => {
    fc.assert(
      fc.property(anyOption, (option) => {
        const value = americanFastPrice(option)
        expect(value).toBeGreaterThanOrEqual(intrinsic(option))
        expect(value).toBeGreaterThanOrEqual(european(option) - 1e-11 * option.strike)
        expect(value).toBeLessThanOrEqual(option.type === 'call' ? option.spot : option.strike)
      }),
      propertyRuns,
    )
  })
  it('homogeneous: twice spot and strike, twice the value', () => {
    fc.assert(
      fc.property(anyOption, real(0.01, 100), (option, factor) => {
        const scaled = americanFastPrice({ ...option, spot: factor * option.spot, strike: factor * option.strike })
        expectNear(option, scaled / factor, americanFastPrice(option), { abs: 1e-11 * option.strike })
      }),
      propertyRuns,
    )
  })
  it('a call is a put with spot and strike, rate and yield exchanged', () => {
    fc.assert(
      fc.property(anyOption, (option) => {
        const { type, spot, strike, rate, dividendYield } = option
        const mirrored: AmericanInputs = {
          ...option,
          type: type === 'call' ? 'put' : 'call',
          spot: strike,
          strike: spot,
          rate: dividendYield,
          dividendYield: rate,
        }
        expectNear(option, americanFastPrice(mirrored), americanFastPrice(option), { abs: 1e-11 * strike })
      }),
      propertyRuns,
    )
  })
  it('rises with vol and time; falls (put) or rises (call) with spot by at most the move, and is convex', () => {
    const slack = (option: AmericanInputs): number => 2e-5 * Math.max(option.spot, option.strike)
    fc.assert(
      fc.property(anyOption, real(1.01, 1.5), (option, factor) => {
        const value = americanFastPrice(option)
        expect(americanFastPrice({ ...option, vol: factor * option.vol })).toBeGreaterThanOrEqual(value - slack(option))
        expect(americanFastPrice({ ...option, timeToExpiry: factor * option.timeToExpiry })).toBeGreaterThanOrEqual(value - slack(option))
        const [low, , high] = [1, 2, 3].map((n) => option.spot * (0.9 + 0.1 * n * (factor - 1)))
        const [below, middle, above] = [low!, 0.5 * (low! + high!), high!].map((spot) => americanFastPrice({ ...option, spot }))
        const change = (above! - below!) * (option.type === 'call' ? 1 : -1)
        expect(change).toBeGreaterThanOrEqual(-1e-9 * option.strike)
        expect(change).toBeLessThanOrEqual(high! - low! + 1e-9 * option.strike)
        expect(middle!).toBeLessThanOrEqual(0.5 * (below! + above!) + slack(option))
      }),
      propertyRuns,
    )
  })
  it('more exercise dates are never worth less', () => {
    for (const option of sampleOptions(306, deep ? 40 : 8)) {
      const values = [1, 2, 4, 12].map((exerciseDates) => bermudanPrice({ ...option, exerciseDates }))
      expectNear(option, values[0]!, european(option), { abs: 1e-9 * Math.max(option.strike, option.spot) })
      for (let i = 1; i < values.length; i++) expect(values[i]!).toBeGreaterThanOrEqual(values[i - 1]! - 1e-9 * option.strike)
      expect(values[3]!).toBeLessThanOrEqual(americanPrice(option).value + 1e-7 * option.strike)
    }
  })
  it('a risk array holds the fast price of each cell, whatever the order of its rows', () => {
    fc.assert(
      fc.property(anyOption, (option) => {
        const spots = [0.8, 1, 1.1].map((m) => m * option.spot)
        const vols = [option.vol, 0, 2 * option.vol]
        const array = americanRiskArray({ ...option, spots, vols })
        const reversed = americanRiskArray({ ...option, spots, vols: [...vols].reverse() })
        for (const [i, vol] of vols.entries()) {
          for (const [j, spot] of spots.entries()) {
            expect(array[3 * i + j]).toBe(americanFastPrice({ ...option, vol, spot }))
            expect(reversed[3 * (2 - i) + j]).toBe(array[3 * i + j])
          }
        }
      }),
      { ...propertyRuns, numRuns: Math.ceil(propertyRuns.numRuns / 5) },
    )
  })
})

describe('Greeks', () => {
  it('are the slopes of the certified price', () => {
    for (const option of sampleOptions(307, deep ? 60 : 10)) {
      const { delta, gamma, vega, theta, rho, phi, price } = americanGreeks(option)
      const at = (change: Partial<AmericanInputs>): number => americanPrice({ ...option, ...change }).value
      const { spot, vol, rate, dividendYield, timeToExpiry } = option
      expectNear(option, price, at({}), { abs: 1e-7 * option.strike })
      if (price - intrinsic(option) < 1e-3 * option.strike) continue
      const h = 0.02 * vol * Math.sqrt(timeToExpiry) * spot
      const size = Math.max(option.strike, spot)
      expectNear({ option, greek: 'delta' }, delta, (at({ spot: spot + h }) - at({ spot: spot - h })) / (2 * h), { abs: 3e-4 })
      const bend = (at({ spot: spot + h }) - 2 * price + at({ spot: spot - h })) / (h * h)
      expectNear({ option, greek: 'gamma' }, gamma * spot, bend * spot, { abs: 5e-3 * Math.max(1, Math.abs(gamma * spot)) })
      const move = (key: 'vol' | 'rate' | 'dividendYield' | 'timeToExpiry', from: number, step: number): number =>
        (at({ [key]: from + step }) - at({ [key]: from - step })) / (2 * step)
      expectNear({ option, greek: 'vega' }, vega, move('vol', vol, 1e-3 * vol), { abs: 1e-3 * size })
      expectNear({ option, greek: 'theta' }, theta, -move('timeToExpiry', timeToExpiry, 1e-3 * timeToExpiry), {
        abs: (1e-4 * size) / timeToExpiry,
      })
      expectNear({ option, greek: 'rho' }, rho, move('rate', rate, 2e-4), { abs: 1e-3 * size })
      expectNear({ option, greek: 'phi' }, phi, move('dividendYield', dividendYield, 2e-4), { abs: 1e-3 * size })
    }
  })
  it('are those of the payoff where the option should be exercised', () => {
    const deepIn = { type: 'put' as const, spot: 50, strike: 100, rate: 0.05, dividendYield: 0, vol: 0.2, timeToExpiry: 1 }
    expect(americanGreeks(deepIn)).toEqual({ price: 50, delta: -1, gamma: 0, vega: 0, theta: 0, rho: 0, phi: 0 })
    const call = { ...deepIn, type: 'call' as const, spot: 200, rate: 0, dividendYield: 0.05 }
    expect(americanGreeks(call)).toEqual({ price: 100, delta: 1, gamma: 0, vega: 0, theta: 0, rho: 0, phi: 0 })
  })
})

describe('limits', () => {
  const option: AmericanInputs = { type: 'put', spot: 95, strike: 100, rate: 0.05, dividendYield: 0.02, vol: 0.3, timeToExpiry: 0.5 }
  it('without early exercise the option is European', () => {
    for (const free of [
      { ...option, type: 'call' as const, dividendYield: 0 },
      { ...option, rate: 0 },
      { ...option, rate: -0.02 },
      { ...option, type: 'call' as const, dividendYield: -0.03, rate: 0 },
    ])
      expectNear(free, americanPrice(free).value, european(free), { rel: 1e-14 })
  })
  it('the perpetual put of Merton (1973) is reached after a long time', () => {
    const long = { ...option, dividendYield: 0, rate: 0.2, vol: 0.3, timeToExpiry: 60 }
    const exponent = (2 * long.rate) / long.vol ** 2
    const boundary = (exponent * long.strike) / (1 + exponent)
    expectNear(long, americanPrice(long).value, (long.strike - boundary) * (long.spot / boundary) ** -exponent, { abs: 1e-5 })
  })
  it('without time or vol the best sure payoff counts', () => {
    expect(americanPrice({ ...option, timeToExpiry: 0 })).toEqual({ value: 5, error: 0 })
    expect(americanPrice({ ...option, vol: 0 }).value).toBe(5)
    // r K e^(-r t) = q S e^(-q t) inside the life: waiting beats both ends.
    const inside = { ...option, type: 'call' as const, spot: 120, rate: 0.3, dividendYield: 0.2, vol: 0, timeToExpiry: 10 }
    const at = (t: number): number => 120 * Math.exp(-0.2 * t) - 100 * Math.exp(-0.3 * t)
    const best = Math.max(...Array.from({ length: 10_001 }, (_, i) => at(i / 1000)))
    expect(best).toBeGreaterThan(Math.max(at(0), at(10)))
    expectNear(inside, americanPrice(inside).value, best, { abs: 1e-5 })
    expectNear(inside, bermudanPrice({ ...inside, exerciseDates: 1000 }), best, { abs: 1e-3 })
  })
  it('stays finite and inside its bounds over the whole domain', () => {
    for (const vol of [0.002, 0.05, 1, 20]) {
      for (const timeToExpiry of [1e-6, 0.01, 1]) {
        for (const spot of [1e-9, 1, 1e15]) {
          const far = { ...option, strike: 1, spot, vol, timeToExpiry }
          for (const type of ['put', 'call'] as const) {
            const value = americanFastPrice({ ...far, type })
            expect(Number.isFinite(value)).toBe(true)
            expect(value).toBeGreaterThanOrEqual(intrinsic({ ...far, type }))
            expect(value).toBeLessThanOrEqual(type === 'put' ? 1 : spot)
          }
        }
      }
    }
  })
  it('the approximations stay within bounds far from the strike', () => {
    for (const spot of [1, 30, 300, 50_000]) {
      for (const type of ['put', 'call'] as const) {
        const far = { ...option, type, spot, rate: 0.4, dividendYield: 0.3, vol: 0.1, timeToExpiry: 2 }
        for (const price of [baroneAdesiWhaley, bjerksundStensland]) {
          expect(price(far)).toBeGreaterThanOrEqual(0)
          expect(price(far)).toBeLessThanOrEqual(type === 'call' ? spot : 100)
        }
      }
    }
  })
  it('refuses what is outside the domain, naming it', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      for (const field of ['spot', 'strike', 'vol', 'timeToExpiry'] as const) {
        for (const act of [americanPrice, americanFastPrice, americanGreeks, baroneAdesiWhaley, bjerksundStensland])
          expectInvalid(field, () => act({ ...option, [field]: bad }))
        expectInvalid(field, () => bermudanPrice({ ...option, [field]: bad, exerciseDates: 4 }))
      }
    }
    expectInvalid('rate', () => americanPrice({ ...option, rate: -0.01, dividendYield: -0.02 }))
    expectInvalid('dividendYield', () => americanPrice({ ...option, type: 'call', rate: -0.02, dividendYield: -0.01 }))
    expectInvalid('vol', () => americanPrice({ ...option, vol: 1e-4 }))
    expectInvalid('vol sqrt(timeToExpiry)', () => americanPrice({ ...option, vol: 50 }))
    expectInvalid('vol sqrt(timeToExpiry)', () => americanGreeks({ ...option, timeToExpiry: 0 }))
    expectInvalid('exerciseDates', () => bermudanPrice({ ...option, exerciseDates: 0.5 }))
    expectInvalid('spots', () => americanRiskArray({ ...option, spots: [], vols: [0.2] }))
    expectInvalid('spots[1]', () => americanRiskArray({ ...option, spots: [1, -1], vols: [0.2] }))
    expectInvalid('vols[0]', () => americanRiskArray({ ...option, spots: [1], vols: [Number.NaN] }))
    expectInvalid('rate', () => baroneAdesiWhaley({ ...option, rate: 0 }))
    expectInvalid('(rate - yield)', () => bjerksundStensland({ ...option, type: 'call', rate: 0.05, dividendYield: 0.9, timeToExpiry: 3 }))
  })
})
