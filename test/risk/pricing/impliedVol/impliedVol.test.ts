import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guessDeviation } from '../../../../risk/pricing/impliedVol/guessDeviation.ts'
import { type ImpliedVolInputs, impliedVol } from '../../../../risk/pricing/impliedVol/index.ts'
import { black76Greeks, black76Price } from '../../../../risk/pricing/index.ts'
import * as big from '../../reference/bigFixed.ts'
import { impliedVolCases } from '../../reference/impliedVol.ts'
import { bigBlack76 } from '../../support/blackReference.ts'
import { expectNear } from '../../support/expectNear.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

const base: ImpliedVolInputs = { type: 'call', forward: 110, strike: 100, timeToExpiry: 0.5, rate: 0.05, price: 15 }

/** The vol of a quote that must have one. */
function solved(inputs: ImpliedVolInputs): { vol: number; resolution: number } {
  const result = impliedVol(inputs)
  if (result.status !== 'converged') return expect.fail(`${JSON.stringify(inputs)} gives ${JSON.stringify(result)}`)
  return result
}

describe('reference cases', () => {
  it.each(impliedVolCases)('$id ($source)', ({ type, F, K, T, r, price, expected, rel }) => {
    const inputs = { type, forward: F, strike: K, timeToExpiry: T, rate: r, price }
    if (expected === 'belowIntrinsic') expect(impliedVol(inputs)).toEqual({ status: 'belowIntrinsic', limit: 10 })
    else expectNear(inputs, solved(inputs).vol, expected, { rel })
  })
})

describe('round trip', () => {
  // Deviations from 1e-12 to 8, strikes from a millionth to a thousandfold of the forward, either side in the money.
  const regions = {
    'a market': (u: readonly number[]) => ({
      strike: 100 * Math.exp(1.2 * (u[0]! - 0.5)),
      timeToExpiry: 0.003 + 2 * u[1]! ** 3,
      vol: 0.2 + u[2]!,
    }),
    'strikes at the money': (u: readonly number[]) => ({
      strike: 100 * (1 + 1e-6 * (u[0]! - 0.5)),
      timeToExpiry: 1,
      vol: Math.exp(-27 + 28 * u[2]!),
    }),
    'the strike at the forward': (u: readonly number[]) => ({ strike: 100, timeToExpiry: u[1]!, vol: Math.exp(-300 + 301 * u[2]!) }),
    'far strikes': (u: readonly number[]) => ({
      strike: 100 * Math.exp(14 * (u[0]! - 0.5)),
      timeToExpiry: 5 * u[1]!,
      vol: 0.05 + 3 * u[2]!,
    }),
    'any strike, any vol': (u: readonly number[]) => ({
      strike: 100 * Math.exp(40 * (u[0]! - 0.5)),
      timeToExpiry: 1,
      vol: Math.exp(-5 + 7 * u[2]!),
    }),
  }
  it.each(Object.entries(regions))('%s: vol comes back to 1e-13 of itself and eight times the resolution of the price', (_, draw) => {
    const u = uniforms(7, deep ? 60_000 : 9_000)
    let solvedCount = 0
    for (let i = 0; i + 3 <= u.length; i += 3) {
      const { vol, ...drawn } = draw(u.slice(i, i + 3))
      const contract = { type: i % 2 === 0 ? ('call' as const) : ('put' as const), forward: 100, rate: i % 4 < 2 ? 0 : 0.05, ...drawn }
      const price = black76Price({ ...contract, vol })
      const result = impliedVol({ ...contract, price })
      if (result.status === 'converged') {
        solvedCount++
        expectNear({ ...contract, price, vol, resolution: result.resolution }, result.vol, vol, {
          abs: 1e-13 * vol + 8 * result.resolution,
        })
      } else expect(['atIntrinsic', 'aboveMaximum'], JSON.stringify({ contract, price, vol })).toContain(result.status)
    }
    expect(solvedCount).toBeGreaterThan(u.length / 10)
  })

  it('says where the price no longer carries the vol', () => {
    const inTheMoney = { type: 'call' as const, forward: 100, strike: 50, timeToExpiry: 0.1, rate: 0 }
    const price = black76Price({ ...inTheMoney, vol: 0.5 })
    const { vol, resolution } = solved({ ...inTheMoney, price })
    expect(resolution).toBeGreaterThan(1e-12)
    expect(Math.abs(vol - 0.5)).toBeLessThan(8 * resolution)
    const outOfTheMoney = { ...inTheMoney, type: 'put' as const }
    expect(solved({ ...outOfTheMoney, price: black76Price({ ...outOfTheMoney, vol: 0.5 }) }).resolution).toBeLessThan(1e-16)
  })

  it('resolution is the reciprocal of vega', () => {
    for (const strike of [60, 95, 100, 104, 180])
      for (const vol of [0.3, 1, 3]) {
        const inputs = { type: 'call' as const, forward: 100, strike, timeToExpiry: 0.7, vol, rate: 0.03 }
        const { price, vega } = black76Greeks(inputs)
        expectNear(inputs, solved({ ...inputs, price }).resolution, (2 ** -52 * price) / vega, { rel: 0.02 })
      }
  })
})

describe('second methods', () => {
  it('in whole-number arithmetic the vol reproduces the quote to 1e-13 of vol, far strikes included', () => {
    const u = uniforms(31, deep ? 900 : 120)
    for (let i = 0; i + 3 <= u.length; i += 3) {
      const strike = 100 * Math.exp(3 * (u[i]! - 0.5))
      const drawn = {
        type: strike > 100 ? ('call' as const) : ('put' as const),
        forward: 100,
        strike,
        timeToExpiry: 0.01 + 2 * u[i + 1]!,
        rate: 0,
      }
      const deviation = Math.max(0.02, Math.abs(Math.log(strike / 100)) / 12) * (1 + 20 * u[i + 2]!)
      const price = black76Price({ ...drawn, vol: deviation / Math.sqrt(drawn.timeToExpiry) })
      const { vol } = solved({ ...drawn, price })
      const misfit = big.toNumber(big.fixed(price) - bigBlack76(drawn.type, 100, strike, drawn.timeToExpiry, vol))
      const inVol = misfit / black76Greeks({ ...drawn, vol }).vega
      expect(Math.abs(inVol) / vol, JSON.stringify({ ...drawn, price, vol, misfit })).toBeLessThan(1e-13)
    }
  })

  it('agrees with bisection on the price', () => {
    const quote = fc.record({
      strike: fc.double({ min: 40, max: 250, noNaN: true }),
      timeToExpiry: fc.double({ min: 0.01, max: 3, noNaN: true }),
      share: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      rate: fc.double({ min: -0.05, max: 0.1, noNaN: true }),
    })
    fc.assert(
      fc.property(quote, ({ strike, timeToExpiry, share, rate }) => {
        const contract = { type: strike > 100 ? ('call' as const) : ('put' as const), forward: 100, strike, timeToExpiry, rate }
        const price = share * Math.min(100, strike) * Math.exp(-rate * timeToExpiry)
        let [low, high] = [0, 100]
        while (high - low > 1e-15 * high && (low + high) / 2 > low && (low + high) / 2 < high) {
          const middle = (low + high) / 2
          if (black76Price({ ...contract, vol: middle }) < price) low = middle
          else high = middle
        }
        expectNear({ ...contract, price }, solved({ ...contract, price }).vol, high, { rel: 1e-13 })
      }),
      propertyRuns,
    )
  })

  it('the first guess is within 5e-4 for strikes up to twentyfold and time values up to 62 % of their maximum', () => {
    const u = uniforms(5, 6_000)
    let count = 0
    for (let i = 0; i + 2 <= u.length; i += 2) {
      const strike = 100 * Math.exp(3 * u[i]!)
      const vol = 2 * u[i + 1]!
      const price = black76Price({ type: 'call', forward: 100, strike, timeToExpiry: 1, vol, rate: 0 })
      const missing = 1 - price / 100
      if (price < 1e-290 || missing < 0.38) continue
      count++
      const distance = Math.log(strike / 100)
      const guess = guessDeviation(distance, strike - 100, distance / (strike - 100), price, missing)
      expectNear({ strike, vol, price }, guess, vol, { rel: 5e-4 })
    }
    expect(count).toBeGreaterThan(2_000)
  })
})

describe('properties', () => {
  const quote = fc.record({
    type: fc.constantFrom('call' as const, 'put' as const),
    forward: fc.double({ min: 50, max: 200, noNaN: true }),
    strike: fc.double({ min: 50, max: 200, noNaN: true }),
    timeToExpiry: fc.double({ min: 0.02, max: 3, noNaN: true }),
    vol: fc.double({ min: 0.4, max: 2, noNaN: true }),
    rate: fc.double({ min: -0.05, max: 0.1, noNaN: true }),
  })
  it('rises with the price', () => {
    fc.assert(
      fc.property(quote, fc.double({ min: 1e-6, max: 0.1, noNaN: true }), ({ vol, ...contract }, more) => {
        const price = black76Price({ ...contract, vol })
        const lower = impliedVol({ ...contract, price })
        const higher = impliedVol({ ...contract, price: price * (1 + more) })
        if (lower.status !== 'converged' || higher.status !== 'converged') return
        expect(higher.vol, JSON.stringify({ contract, price, more })).toBeGreaterThan(lower.vol)
      }),
      propertyRuns,
    )
  })
  it('is the same for call and put of a parity, and does not know the currency', () => {
    fc.assert(
      fc.property(quote, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), ({ vol, ...contract }, unit) => {
        const of = (type: 'call' | 'put', scale: number): ReturnType<typeof solved> => {
          const scaled = { ...contract, type, forward: contract.forward * scale, strike: contract.strike * scale }
          return solved({ ...scaled, price: black76Price({ ...scaled, vol }) })
        }
        const outOfTheMoney = contract.strike > contract.forward ? 'call' : 'put'
        expectNear({ contract, vol, unit }, of(outOfTheMoney, unit).vol, of(outOfTheMoney, 1).vol, { rel: 1e-13 })
        const call = impliedVol({ ...contract, type: 'call', price: black76Price({ ...contract, type: 'call', vol }) })
        const put = impliedVol({ ...contract, type: 'put', price: black76Price({ ...contract, type: 'put', vol }) })
        if (call.status !== 'converged' || put.status !== 'converged') return
        expectNear({ contract, vol }, call.vol, put.vol, { abs: 1e-13 * vol + 8 * (call.resolution + put.resolution) })
      }),
      propertyRuns,
    )
  })
  it('never throws and never returns NaN, whatever a feed says', () => {
    const anything = fc.oneof(
      fc.double(),
      fc.double({ min: 0, max: 300 }),
      fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1e308),
    )
    const rubbish = fc.record({
      type: fc.constantFrom('call' as const, 'put' as const),
      forward: anything,
      strike: anything,
      timeToExpiry: fc.oneof(anything, fc.double({ min: 0, max: 3 })),
      rate: fc.oneof(anything, fc.constant(0)),
      price: anything,
    })
    fc.assert(
      fc.property(rubbish, (inputs) => {
        const result = impliedVol(inputs)
        for (const value of Object.values(result)) {
          if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0, JSON.stringify({ inputs, result })).toBe(true)
        }
      }),
      { ...propertyRuns, numRuns: 20 * propertyRuns.numRuns },
    )
  })
})

describe('quotes without a vol', () => {
  it.each([
    ['forward', 0],
    ['forward', -5],
    ['forward', Number.NaN],
    ['strike', 0],
    ['strike', Number.POSITIVE_INFINITY],
    ['timeToExpiry', -1],
    ['timeToExpiry', Number.NaN],
    ['rate', 3],
    ['price', Number.NaN],
    ['price', Number.POSITIVE_INFINITY],
  ] as const)('given %s = %d, is invalid and names it', (argument, value) => {
    expect(impliedVol({ ...base, [argument]: value })).toEqual({ status: 'invalid', argument })
  })
  it('given no time, is expired', () => {
    expect(impliedVol({ ...base, timeToExpiry: 0 })).toEqual({ status: 'expired' })
  })
  it('given the payoff, a discounted payoff or an empty price, is at intrinsic', () => {
    expect(impliedVol({ ...base, rate: 0, price: 10 })).toEqual({ status: 'atIntrinsic' })
    expect(impliedVol({ ...base, price: black76Price({ ...base, vol: 0 }) })).toEqual({ status: 'atIntrinsic' })
    expect(impliedVol({ ...base, type: 'put', price: 0 })).toEqual({ status: 'atIntrinsic' })
    expect(impliedVol({ ...base, type: 'put', price: 1e-299 })).toEqual({ status: 'atIntrinsic' })
    expect(impliedVol({ ...base, type: 'put', price: 1e-290 }).status).toBe('converged')
  })
  it('given less than the payoff, is below intrinsic; given the forward or the strike, above the maximum; each with its limit', () => {
    const discount = Math.exp(-0.025)
    const low = impliedVol({ ...base, price: 9.7 })
    expect(low.status).toBe('belowIntrinsic')
    if (low.status === 'belowIntrinsic') expectNear('limit', low.limit, 10 * discount, { rel: 1e-14 })
    expect(impliedVol({ ...base, type: 'put', price: -1e-9 })).toMatchObject({ status: 'belowIntrinsic', limit: 0 })
    const high = impliedVol({ ...base, price: 110 })
    expect(high.status).toBe('aboveMaximum')
    if (high.status === 'aboveMaximum') expectNear('limit', high.limit, 110 * discount, { rel: 1e-14 })
    expect(impliedVol({ ...base, rate: 0, type: 'put', price: 100 })).toEqual({ status: 'aboveMaximum', limit: 100 })
  })
})
