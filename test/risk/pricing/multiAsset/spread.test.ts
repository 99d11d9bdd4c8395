import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { black76Price } from '../../../../risk/pricing/index.ts'
import {
  exchangeGreeks,
  exchangePrice,
  kirkSpreadPrice,
  type SpreadInputs,
  spreadGreeks,
  spreadPrice,
} from '../../../../risk/pricing/multiAsset/index.ts'
import { optionTypes, real } from '../../support/arbitraryAsset.ts'
import { exchanged, smoothPair, wildPair } from '../../support/arbitraryPair.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { expectPairGreeks } from '../../support/expectPairGreeks.ts'
import { givenFirst, vanillaOf } from '../../support/pairIntegrals.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

// Ten times the cases on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const smoothSpread: fc.Arbitrary<SpreadInputs> = fc
  .tuple(smoothPair, optionTypes, real(-60, 60))
  .map(([pair, type, strike]) => ({ ...pair, type, strike }))

/** The spread given asset 1: an option on asset 2 with strike S1 - strike. */
function integrated(inputs: SpreadInputs): number {
  const { type, strike } = inputs
  return givenFirst(inputs, strike > 0 ? [strike] : [], (first, second) => {
    const room = first - strike
    if (room > 0) return vanillaOf(type === 'call' ? 'put' : 'call', second, room)
    return type === 'call' ? 0 : second.forward - room
  })
}

function discounted(inputs: SpreadInputs): { asset1: number; asset2: number; strike: number } {
  const { spot1, spot2, dividendYield1, dividendYield2, timeToExpiry, rate, strike } = inputs
  return {
    asset1: spot1 * Math.exp(-dividendYield1 * timeToExpiry),
    asset2: spot2 * Math.exp(-dividendYield2 * timeToExpiry),
    strike: strike * Math.exp(-rate * timeToExpiry),
  }
}

describe('spread option against the integral over the other asset', () => {
  it('differs by less than 1e-13 of the prices on a dense grid', () => {
    const u = uniforms(701, 8 * (deep ? 1500 : 150))
    let worst = { error: -1, inputs: {} }
    for (let i = 0; i + 8 <= u.length; i += 8) {
      const inputs: SpreadInputs = {
        type: i % 16 < 8 ? 'call' : 'put',
        spot1: 100,
        spot2: 60 + 80 * u[i]!,
        strike: 120 * u[i + 1]! - 60,
        dividendYield1: 0.1 * u[i + 2]! - 0.02,
        dividendYield2: 0.03,
        vol1: 0.1 + u[i + 3]!,
        vol2: 0.1 + u[i + 4]!,
        correlation: 1.9 * u[i + 5]! - 0.95,
        timeToExpiry: 0.05 + 1.5 * u[i + 6]!,
        rate: 0.1 * u[i + 7]! - 0.02,
      }
      const error = Math.abs(spreadPrice(inputs) - integrated(inputs))
      if (error > worst.error) worst = { error, inputs }
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThan(1e-11)
  })
})

describe('spread option', () => {
  it('obeys put-call parity and its bounds', () => {
    fc.assert(
      fc.property(smoothSpread, (inputs) => {
        const { asset1, asset2, strike } = discounted(inputs)
        const size = asset1 + asset2 + Math.abs(strike)
        const call = spreadPrice({ ...inputs, type: 'call' })
        const put = spreadPrice({ ...inputs, type: 'put' })
        expectNear(inputs, call - put, asset1 - asset2 - strike, { abs: 1e-12 * size })
        expect(call).toBeLessThanOrEqual(asset1 + Math.max(0, -strike) + 1e-12 * size)
        expect(put).toBeLessThanOrEqual(asset2 + Math.max(0, strike) + 1e-12 * size)
      }),
      propertyRuns,
    )
  })
  it('is the exchange option at strike 0, and the vanilla option where asset 2 does not matter', () => {
    fc.assert(
      fc.property(smoothSpread, (inputs) => {
        expectNear(inputs, spreadPrice({ ...inputs, type: 'call', strike: 0 }), exchangePrice(inputs), { abs: 1e-12 * inputs.spot1 })
        const { type, spot1, timeToExpiry, vol1, rate, dividendYield1 } = inputs
        const strike = Math.abs(inputs.strike) + 40
        const alone = { ...inputs, spot2: 1e-9, vol2: 0.1, strike }
        const forward = spot1 * Math.exp((rate - dividendYield1) * timeToExpiry)
        expectNear(inputs, spreadPrice(alone), black76Price({ type, forward, strike, timeToExpiry, vol: vol1, rate }), { abs: 1e-8 })
      }),
      propertyRuns,
    )
  })
  it('falls with the strike and is convex in it; falls with correlation', () => {
    fc.assert(
      fc.property(smoothSpread, real(0.1, 10), real(0, 0.04), (random, h, more) => {
        const inputs = { ...random, type: 'call' as const }
        const at = (strike: number): number => spreadPrice({ ...inputs, strike })
        const [low, middle, high] = [at(inputs.strike - h), at(inputs.strike), at(inputs.strike + h)]
        const slack = 1e-11 * (inputs.spot1 + inputs.spot2)
        expect(low).toBeGreaterThanOrEqual(middle - slack)
        expect(low - 2 * middle + high, JSON.stringify({ inputs, h })).toBeGreaterThanOrEqual(-slack)
        expect(spreadPrice({ ...inputs, correlation: inputs.correlation + more })).toBeLessThanOrEqual(middle + slack)
      }),
      propertyRuns,
    )
  })
  it('scales with all prices', () => {
    fc.assert(
      fc.property(smoothSpread, real(0.01, 100), (inputs, factor) => {
        const { spot1, spot2, strike } = inputs
        const scaled = { ...inputs, spot1: factor * spot1, spot2: factor * spot2, strike: factor * strike }
        expectNear(inputs, spreadPrice(scaled), factor * spreadPrice(inputs), { abs: 1e-11 * factor * (spot1 + spot2) })
      }),
      propertyRuns,
    )
  })
  it('reaches correlations 1 and -1 continuously, where the payoff has kinks', () => {
    fc.assert(
      fc.property(smoothSpread, fc.constantFrom(1, -1), (inputs, correlation) => {
        const at = (rho: number): number => spreadPrice({ ...inputs, correlation: rho })
        const size = inputs.spot1 + inputs.spot2
        expectNear(inputs, at(correlation * (1 - 1e-14)), at(correlation), { abs: 1e-6 * size })
        const parity = spreadPrice({ ...inputs, correlation, type: 'call' }) - spreadPrice({ ...inputs, correlation, type: 'put' })
        const { asset1, asset2, strike } = discounted(inputs)
        expectNear(inputs, parity, asset1 - asset2 - strike, { abs: 1e-11 * size })
      }),
      propertyRuns,
    )
  })
  it('has sensitivities that obey the equations of European options', () => {
    fc.assert(
      fc.property(smoothSpread, (inputs) => {
        expectPairGreeks(inputs, spreadPrice(inputs), spreadGreeks(inputs), 1e-7 * (inputs.spot1 + inputs.spot2))
      }),
      { ...propertyRuns, numRuns: deep ? 1000 : 20 },
    )
  })
  it('is finite and not negative on the whole domain', () => {
    fc.assert(
      fc.property(wildPair, optionTypes, real(-1e15, 1e15), fc.boolean(), (pair, type, strike, small) => {
        const inputs = { ...pair, type, strike: small ? strike / 1e13 : strike }
        const price = spreadPrice(inputs)
        expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(0)
        expect(Number.isFinite(price), JSON.stringify(inputs)).toBe(true)
      }),
      propertyRuns,
    )
  })
})

describe("Kirk's approximation", () => {
  it('is exact at strike 0 and near the price at small strikes', () => {
    fc.assert(
      fc.property(smoothSpread, (inputs) => {
        expectNear(inputs, kirkSpreadPrice({ ...inputs, type: 'call', strike: 0 }), exchangePrice(inputs), { abs: 1e-12 * inputs.spot1 })
        const small = { ...inputs, strike: 0.02 * inputs.strike }
        expectNear(inputs, kirkSpreadPrice(small), spreadPrice(small), { abs: 2e-3 * (inputs.spot1 + inputs.spot2) })
      }),
      propertyRuns,
    )
  })
  it('has no answer where asset 2 plus the strike is not above 0', () => {
    const inputs: SpreadInputs = {
      type: 'call',
      spot1: 10,
      spot2: 10,
      dividendYield1: 0,
      dividendYield2: 0,
      vol1: 0.2,
      vol2: 0.2,
      correlation: 0,
      timeToExpiry: 1,
      rate: 0,
      strike: -10,
    }
    expectInvalid('strike', () => kirkSpreadPrice(inputs))
    expect(spreadPrice(inputs)).toBeGreaterThan(10)
  })
})

describe('exchange option', () => {
  it('agrees with the integral over asset 1, and with Black with asset 2 as money', () => {
    fc.assert(
      fc.property(smoothPair, (inputs) => {
        const integral = givenFirst(inputs, [], (first, second) => vanillaOf('put', second, first))
        expectNear(inputs, exchangePrice(inputs), integral, { abs: 1e-11 * (inputs.spot1 + inputs.spot2) })
        expect(exchangePrice({ ...inputs, rate: 0.9 })).toBe(exchangePrice(inputs))
      }),
      propertyRuns,
    )
  })
  it('given both ways is worth the difference of the assets', () => {
    fc.assert(
      fc.property(wildPair, (inputs) => {
        const there = exchangePrice(inputs)
        const back = exchangePrice(exchanged(inputs))
        const { asset1, asset2 } = discounted({ ...inputs, type: 'call', strike: 0 })
        expectNear(inputs, there - back, asset1 - asset2, { abs: 1e-13 * (asset1 + asset2) })
        expect(Math.min(there, back)).toBeGreaterThanOrEqual(0)
      }),
      propertyRuns,
    )
  })
  it('has sensitivities that obey the equations of European options, and Euler for the two deltas', () => {
    fc.assert(
      fc.property(smoothPair, (inputs) => {
        const greeks = exchangeGreeks(inputs)
        const price = exchangePrice(inputs)
        expectPairGreeks(inputs, price, greeks, 1e-7 * (inputs.spot1 + inputs.spot2))
        expectNear(inputs, inputs.spot1 * greeks.delta1 + inputs.spot2 * greeks.delta2, price, { abs: 1e-7 * inputs.spot1 })
      }),
      propertyRuns,
    )
  })
})

describe('invalid inputs', () => {
  const base: SpreadInputs = {
    type: 'call',
    spot1: 100,
    spot2: 90,
    dividendYield1: 0,
    dividendYield2: 0,
    vol1: 0.2,
    vol2: 0.3,
    correlation: 0.5,
    timeToExpiry: 1,
    rate: 0.05,
    strike: 5,
  }
  it.each([
    ['spot1', 0],
    ['spot2', Number.NaN],
    ['dividendYield1', 2],
    ['dividendYield2', Number.NaN],
    ['vol1', -1],
    ['vol2', 10.1],
    ['correlation', 1.01],
    ['correlation', Number.NaN],
    ['timeToExpiry', -1],
    ['rate', Number.POSITIVE_INFINITY],
    ['strike', Number.NaN],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    const bad = { ...base, [field]: value }
    for (const price of [spreadPrice, kirkSpreadPrice, spreadGreeks]) expectInvalid(field, () => price(bad))
    if (field !== 'strike') for (const price of [exchangePrice, exchangeGreeks]) expectInvalid(field, () => price(bad))
  })
  it('has no sensitivities at the ends of the correlation, or without vol', () => {
    expectInvalid('correlation', () => spreadGreeks({ ...base, correlation: 1 }))
    expectInvalid('vol * sqrt(timeToExpiry)', () => exchangeGreeks({ ...base, vol2: 0 }))
  })
})
