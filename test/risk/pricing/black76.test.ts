import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Black76Greeks,
  type Black76Inputs,
  black76Greeks,
  black76Price,
  discountFactor,
  forwardPrice,
} from '../../../risk/pricing/index.ts'
import * as big from '../reference/bigFixed.ts'
import { europeanCases } from '../reference/european.ts'
import { forwardGreeksCase, type SpotGreeks, spotGreeksCases } from '../reference/greeks.ts'
import { portfolioScenario } from '../reference/portfolioScenario.ts'
import { bigBlack76, integratedPayoff } from '../support/blackReference.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'

const type = fc.constantFrom('call' as const, 'put' as const)
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const anyOption = fc.record({
  type,
  forward: real(10, 1000),
  strike: real(10, 1000),
  timeToExpiry: real(0, 3),
  vol: real(0, 3),
  rate: real(-0.1, 0.2),
})
/** Away from zero time and vol, where derivatives exist, and within four deviations of the strike, where they are not noise. */
const smoothOption = fc
  .record({
    type,
    forward: fc.constant(100),
    distance: real(-3, 3),
    timeToExpiry: real(0.05, 2),
    vol: real(0.1, 1.5),
    rate: real(-0.05, 0.1),
  })
  .map(({ distance, ...rest }) => ({ ...rest, strike: 100 * Math.exp(distance * rest.vol * Math.sqrt(rest.timeToExpiry)) }))

describe('published and computed prices', () => {
  it.each(europeanCases)('$id ($source)', ({ S, K, r, q, T, type: side, vol, expected, published, abs, rel }) => {
    const inputs = { type: side, forward: forwardPrice(S, r, q, T), strike: K, timeToExpiry: T, vol, rate: r }
    const price = black76Price(inputs)
    expectNear(inputs, price, expected, abs === undefined ? { rel: rel! } : { abs })
    if (published !== undefined) expectNear(inputs, price, published, { abs: 0.5 * 10 ** -String(published).split('.')[1]!.length + 1e-12 })
  })

  it('sc-01: portfolio over 81 cells and the 16 SPAN cells', () => {
    const { positions, futures, F0, abs } = portfolioScenario
    const value = (forward: number, shock: (vol: number) => number): number =>
      positions.reduce(
        (sum, { quantity, K, T, vol, r, type: side }) =>
          sum + quantity * black76Price({ type: side, forward, strike: K, timeToExpiry: T, vol: shock(vol), rate: r }),
        futures * (forward - F0),
      )
    const base = value(F0, (vol) => vol)
    expectNear('base', base, portfolioScenario.baseValue, { abs })
    const cells = Array.from({ length: 81 }, (_, n) => ({ a: -0.15 + 0.0375 * Math.floor(n / 9), b: -0.25 + 0.0625 * (n % 9) }))
    const pnl = cells.map(({ a, b }) => value(F0 * (1 + a), (vol) => vol * (1 + b)) - base)
    const worst = Math.min(...pnl)
    expectNear('81 cells', worst, portfolioScenario.worst81, { abs })
    expect(cells[pnl.indexOf(worst)]).toEqual(portfolioScenario.worst81At)
    expectNear(
      'sum of 81',
      pnl.reduce((a, b) => a + b),
      portfolioScenario.sumPnl81,
      { abs: 81 * abs },
    )
    const thirds = [0, 1, -1, 2, -2, 3, -3].flatMap((n) =>
      [0.04, -0.04].map((shift) => value(F0 * (1 + (0.06 * n) / 3), (vol) => vol + shift) - base),
    )
    const extremes = [2, -2].map((n) => 0.35 * (value(F0 * (1 + 0.06 * n), (vol) => vol) - base))
    const got = [...thirds, ...extremes]
    for (const [i, figure] of portfolioScenario.pnl16.entries()) expectNear({ cell: i + 1 }, got[i]!, figure, { abs })
  })
})

describe('second methods', () => {
  it('has a relative error below 1e-14 for prices above 1e-6 of the forward and below 1e-11 down to 1e-300, on a dense grid, against whole-number arithmetic', () => {
    const worst = { body: { error: -1, inputs: {}, got: 0 }, tail: { error: -1, inputs: {}, got: 0 } }
    const u = uniforms(101, deep ? 6000 : 900)
    for (let i = 0; i + 3 <= u.length; i += 3) {
      // Strikes from 40 to 200, half of them within one per cent of the forward; days from one to 730.
      const strike = i % 2 === 0 ? 40 + 160 * u[i]! : 99 + 2 * u[i]!
      const inputs = {
        type: i % 4 < 2 ? ('call' as const) : ('put' as const),
        forward: 100,
        strike,
        timeToExpiry: 0.003 + 2 * u[i + 1]! ** 3,
        vol: 0.05 + 1.5 * u[i + 2]!,
        rate: 0,
      }
      const got = black76Price(inputs)
      if (got < 1e-298) continue
      const error = big.relativeError(got, bigBlack76(inputs.type, 100, inputs.strike, inputs.timeToExpiry, inputs.vol))
      const part = got >= 1e-4 ? 'body' : 'tail'
      if (error > worst[part].error) worst[part] = { error, inputs, got }
    }
    expect(worst.body.error, `largest relative error: ${JSON.stringify(worst.body)}; tolerance 1e-14`).toBeLessThan(1e-14)
    expect(worst.tail.error, `largest relative error: ${JSON.stringify(worst.tail)}; tolerance 1e-11`).toBeLessThan(1e-11)
  })

  it('keeps twelve digits of prices down to 1e-49', () => {
    for (const strike of [180, 250, 300, 390, 450]) {
      const got = black76Price({ type: 'call', forward: 100, strike, timeToExpiry: 0.25, vol: 0.2, rate: 0 })
      const error = big.relativeError(got, bigBlack76('call', 100, strike, 0.25, 0.2))
      expect(error, `strike ${strike}: price ${got}, relative error ${error}, tolerance 1e-12`).toBeLessThan(1e-12)
    }
  })

  it('agrees with the integral of the payoff to 1e-12 of the forward', () => {
    fc.assert(
      fc.property(smoothOption, (inputs) => {
        const integral =
          discountFactor(inputs.rate, inputs.timeToExpiry) *
          integratedPayoff(inputs.type, inputs.forward, inputs.strike, inputs.timeToExpiry, inputs.vol)
        expectNear(inputs, black76Price(inputs), integral, { abs: 1e-12 * Math.max(inputs.forward, inputs.strike) })
      }),
      propertyRuns,
    )
  })
})

describe('Greeks', () => {
  it.each(spotGreeksCases)('$id ($source)', ({ S, K, r, q, T, type: side, vol, expected, rel }) => {
    const inputs = { type: side, forward: forwardPrice(S, r, q, T), strike: K, timeToExpiry: T, vol, rate: r }
    const got = spotGreeks(black76Greeks(inputs), inputs, S, q)
    for (const [name, figure] of Object.entries(got)) {
      const wanted = expected[name as keyof SpotGreeks]
      if (wanted !== undefined) expectNear({ name, ...inputs }, figure, wanted, { rel })
    }
  })

  it(`${forwardGreeksCase.id} (${forwardGreeksCase.source}), with respect to the forward`, () => {
    const { F, K, r, T, vol, type: side, expected, rel } = forwardGreeksCase
    const got = black76Greeks({ type: side, forward: F, strike: K, timeToExpiry: T, vol, rate: r })
    for (const [name, figure] of Object.entries(expected)) expectNear({ name }, got[name as keyof Black76Greeks], figure, { rel })
  })

  it('agree with Richardson differences of the price', () => {
    fc.assert(
      fc.property(smoothOption, (inputs) => {
        const greeks = black76Greeks(inputs)
        const scale = inputs.forward
        const { forward, timeToExpiry, vol, rate } = inputs
        const at = (change: Partial<Black76Inputs>): Black76Greeks => black76Greeks({ ...inputs, ...change })
        const slope = (of: (x: number) => number, x: number, h: number): number => {
          const central = (step: number): number => (of(x + step) - of(x - step)) / (2 * step)
          return (4 * central(h / 2) - central(h)) / 3
        }
        const h = vol * Math.sqrt(timeToExpiry)
        const check = (name: keyof Black76Greeks, got: number, size: number): void =>
          expectNear({ name, ...inputs }, greeks[name], got, { abs: 1e-6 * size })
        check(
          'delta',
          slope((x) => at({ forward: x }).price, forward, 0.01 * h * forward),
          1,
        )
        check(
          'gamma',
          slope((x) => at({ forward: x }).delta, forward, 0.01 * h * forward),
          1 / (h * scale),
        )
        check(
          'vega',
          slope((x) => at({ vol: x }).price, vol, 0.01 * vol),
          scale,
        )
        check('theta', -slope((x) => at({ timeToExpiry: x }).price, timeToExpiry, 0.01 * timeToExpiry), scale / timeToExpiry)
        check(
          'rho',
          slope((x) => at({ rate: x }).price, rate, 1e-3),
          scale,
        )
        check(
          'vanna',
          slope((x) => at({ vol: x }).delta, vol, 0.01 * vol),
          1 / vol,
        )
        check(
          'volga',
          slope((x) => at({ vol: x }).vega, vol, 0.01 * vol),
          scale / vol,
        )
        check('charm', -slope((x) => at({ timeToExpiry: x }).delta, timeToExpiry, 0.01 * timeToExpiry), 1 / timeToExpiry)
      }),
      propertyRuns,
    )
  })

  it('share their price with black76Price and are finite everywhere in the domain', () => {
    fc.assert(
      fc.property(anyOption, (inputs) => {
        const greeks = black76Greeks(inputs)
        expect(greeks.price).toBe(black76Price(inputs))
        for (const [name, value] of Object.entries(greeks))
          expect(Number.isFinite(value), `${name} of ${JSON.stringify(inputs)} is ${value}`).toBe(true)
      }),
      propertyRuns,
    )
  })
})

describe('invariants of the price', () => {
  it('put-call parity holds to 1e-13', () => {
    fc.assert(
      fc.property(anyOption, (inputs) => {
        const difference = black76Price({ ...inputs, type: 'call' }) - black76Price({ ...inputs, type: 'put' })
        const forwardValue = discountFactor(inputs.rate, inputs.timeToExpiry) * (inputs.forward - inputs.strike)
        expectNear(inputs, difference, forwardValue, { abs: 1e-13 * (inputs.forward + inputs.strike) })
      }),
      propertyRuns,
    )
  })
  it('lies between the discounted payoff and the discounted forward or strike', () => {
    fc.assert(
      fc.property(anyOption, (inputs) => {
        const discount = discountFactor(inputs.rate, inputs.timeToExpiry)
        const intrinsic = Math.max(0, inputs.type === 'call' ? inputs.forward - inputs.strike : inputs.strike - inputs.forward)
        const price = black76Price(inputs)
        expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(discount * intrinsic)
        expect(price, JSON.stringify(inputs)).toBeLessThanOrEqual(
          discount * (inputs.type === 'call' ? inputs.forward : inputs.strike) * (1 + 1e-15),
        )
      }),
      propertyRuns,
    )
  })
  it('does not fall when vol rises', () => {
    fc.assert(
      fc.property(anyOption, real(0.001, 1), (inputs, more) => {
        expect(
          black76Price({ ...inputs, vol: inputs.vol + more }) - black76Price(inputs),
          JSON.stringify({ inputs, more }),
        ).toBeGreaterThanOrEqual(-1e-13 * (inputs.forward + inputs.strike))
      }),
      propertyRuns,
    )
  })
  it('is convex in the strike', () => {
    fc.assert(
      fc.property(anyOption, real(0.01, 9), (inputs, h) => {
        const at = (strike: number): number => black76Price({ ...inputs, strike })
        const fly = at(inputs.strike + h) - 2 * at(inputs.strike) + at(inputs.strike - h)
        expect(fly, JSON.stringify({ inputs, h })).toBeGreaterThanOrEqual(-1e-12 * (inputs.forward + inputs.strike))
      }),
      propertyRuns,
    )
  })
  it('scales with forward and strike together', () => {
    fc.assert(
      fc.property(anyOption, real(0.01, 100), (inputs, factor) => {
        const scaled = black76Price({ ...inputs, forward: inputs.forward * factor, strike: inputs.strike * factor })
        expectNear({ inputs, factor }, scaled, factor * black76Price(inputs), { abs: 1e-13 * factor * (inputs.forward + inputs.strike) })
      }),
      propertyRuns,
    )
  })
})

describe('degenerate inputs', () => {
  const base: Black76Inputs = { type: 'call', forward: 110, strike: 100, timeToExpiry: 0.5, vol: 0.4, rate: 0.05 }
  const discount = discountFactor(0.05, 0.5)

  it('given no time left, is the payoff with the Greeks of the payoff', () => {
    expect(black76Greeks({ ...base, timeToExpiry: 0 })).toEqual({
      price: 10,
      delta: 1,
      gamma: 0,
      vega: 0,
      theta: 0.5,
      rho: -0,
      vanna: 0,
      volga: 0,
      charm: 0.05,
    })
    expect(black76Greeks({ ...base, type: 'put', timeToExpiry: 0 })).toMatchObject({ price: 0, vega: 0, gamma: 0 })
    expect(black76Greeks({ ...base, type: 'put', forward: 90, timeToExpiry: 0 })).toMatchObject({ price: 10, delta: -1 })
  })
  it('given no vol, is the discounted payoff on the forward', () => {
    expectNear(base, black76Price({ ...base, vol: 0 }), 10 * discount, { rel: 1e-15 })
    expect(black76Price({ ...base, vol: 0, strike: 120 })).toBe(0)
  })
  it('given a strike at the forward and no vol, has half a delta and the limit of vega', () => {
    const greeks = black76Greeks({ ...base, strike: 110, vol: 0 })
    expect(greeks).toMatchObject({ price: 0, gamma: 0, vanna: 0, charm: 0.05 * greeks.delta })
    expectNear(base, greeks.delta, 0.5 * discount, { rel: 1e-15 })
    expectNear(base, greeks.vega, black76Greeks({ ...base, strike: 110, vol: 1e-7 }).vega, { rel: 1e-12 })
  })
  it('given a vol so small that the strike is out of reach, is the payoff and never NaN', () => {
    expect(black76Greeks({ ...base, vol: 1e-300 })).toEqual(black76Greeks({ ...base, vol: 0 }))
    const found = { ...base, forward: 10, strike: 10, timeToExpiry: 0.00308641975308642, vol: 4.4e-323 }
    expect(black76Greeks(found), 'seed -2136351292').toEqual(black76Greeks({ ...found, vol: 0 }))
    for (const vol of [1e-90, 1e-50])
      for (const T of [1e-20, 100])
        expect(Object.values(black76Greeks({ ...found, vol, timeToExpiry: T })).every(Number.isFinite)).toBe(true)
    expect(black76Greeks({ ...base, vol: 5e-324, timeToExpiry: 1e-300 }).vega).toBe(0)
  })
  it.each([
    ['forward', 0],
    ['forward', -1],
    ['forward', Number.NaN],
    ['forward', Number.POSITIVE_INFINITY],
    ['strike', 0],
    ['strike', Number.NaN],
    ['timeToExpiry', -1e-9],
    ['timeToExpiry', Number.NaN],
    ['vol', -0.1],
    ['vol', Number.POSITIVE_INFINITY],
    ['rate', Number.NaN],
    ['rate', 2],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    expectInvalid(field, () => black76Price({ ...base, [field]: value }))
    expectInvalid(field, () => black76Greeks({ ...base, [field]: value }))
  })
  it('guards forward and discount', () => {
    expectInvalid('spot', () => forwardPrice(0, 0, 0, 1))
    expectInvalid('rate', () => forwardPrice(1, Number.NaN, 0, 1))
    expectInvalid('dividendYield', () => forwardPrice(1, 0, 3, 1))
    expectInvalid('timeToExpiry', () => discountFactor(0.1, -1))
    expectInvalid('rate', () => discountFactor(Number.POSITIVE_INFINITY, 1))
  })
})

/** From the forward at fixed forward to the spot at fixed spot: F = S e^(bT), b = r - q. */
function spotGreeks(g: Black76Greeks, { forward, timeToExpiry, rate }: Black76Inputs, spot: number, q: number): SpotGreeks {
  const carry = rate - q
  const growth = forward / spot
  return {
    price: g.price,
    delta: g.delta * growth,
    gamma: g.gamma * growth * growth,
    vega: g.vega,
    theta: g.theta - g.delta * forward * carry,
    rho: g.rho + g.delta * forward * timeToExpiry,
    vanna: g.vanna * growth,
    volga: g.volga,
    charm: g.charm * growth - g.gamma * forward * carry * growth - g.delta * carry * growth,
  }
}
