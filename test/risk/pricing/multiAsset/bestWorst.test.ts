import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { black76Price } from '../../../../risk/pricing/index.ts'
import {
  type BestWorstInputs,
  type BestWorstOfManyInputs,
  bestWorstGreeks,
  bestWorstOfManyPrice,
  bestWorstPrice,
  exchangePrice,
  type TwoAssetCorrelationInputs,
  twoAssetCorrelationGreeks,
  twoAssetCorrelationPrice,
} from '../../../../risk/pricing/multiAsset/index.ts'
import { modelCases, quantlibTwoAssetCorrelation } from '../../reference/multiAsset.ts'
import { optionTypes, real, wildPrice } from '../../support/arbitraryAsset.ts'
import { exchanged, smoothPair, wildPair } from '../../support/arbitraryPair.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { expectPairGreeks } from '../../support/expectPairGreeks.ts'
import { givenFirst, vanillaOf } from '../../support/pairIntegrals.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

// Ten times the cases on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

type Inputs = BestWorstInputs & TwoAssetCorrelationInputs

const payoffs = fc.constantFrom('max' as const, 'min' as const)
const smooth: fc.Arbitrary<Inputs> = fc
  .tuple(smoothPair, optionTypes, payoffs, real(60, 150), real(60, 150))
  .map(([pair, type, payoff, strike, trigger]) => ({ ...pair, type, payoff, strike, trigger }))
const wild: fc.Arbitrary<Inputs> = fc
  .tuple(wildPair, optionTypes, payoffs, wildPrice, wildPrice)
  .map(([pair, type, payoff, strike, trigger]) => ({ ...pair, type, payoff, strike, trigger }))

function vanillas(inputs: Inputs): [number, number] {
  const { type, strike, timeToExpiry, rate } = inputs
  const price = (spot: number, q: number, vol: number): number =>
    black76Price({ type, forward: spot * Math.exp((rate - q) * timeToExpiry), strike, timeToExpiry, vol, rate })
  return [price(inputs.spot1, inputs.dividendYield1, inputs.vol1), price(inputs.spot2, inputs.dividendYield2, inputs.vol2)]
}

/** Best and worst given asset 1, in terms of vanilla options on asset 2. */
function bestWorstIntegral(inputs: Inputs): number {
  const { type, payoff, strike } = inputs
  return givenFirst(inputs, [strike], (first, second) => {
    const call = (at: number): number => vanillaOf('call', second, at)
    const put = (at: number): number => vanillaOf('put', second, at)
    if (type === 'call') {
      if (payoff === 'max') return Math.max(0, first - strike) + call(Math.max(first, strike))
      return first > strike ? call(strike) - call(first) : 0
    }
    if (payoff === 'min') return Math.max(0, strike - first) + put(Math.min(first, strike))
    return first < strike ? put(strike) - put(first) : 0
  })
}

/** Asset 2 pays only on one side of asset 1's trigger. */
function correlationIntegral(inputs: Inputs): number {
  const { type, strike, trigger } = inputs
  return givenFirst(inputs, [trigger], (first, second) =>
    (type === 'call' ? first > trigger : first < trigger) ? vanillaOf(type, second, strike) : 0,
  )
}

describe('two-asset options against the integral over asset 1', () => {
  it('differ by less than 2e-14 of the prices on a dense grid', () => {
    const u = uniforms(801, 10 * (deep ? 2000 : 200))
    let worst = { error: -1, inputs: {} }
    for (let i = 0; i + 10 <= u.length; i += 10) {
      const inputs: Inputs = {
        type: i % 20 < 10 ? 'call' : 'put',
        payoff: i % 40 < 20 ? 'max' : 'min',
        spot1: 100,
        spot2: 60 + 80 * u[i]!,
        strike: 60 + 80 * u[i + 1]!,
        trigger: 60 + 80 * u[i + 2]!,
        dividendYield1: 0.1 * u[i + 3]! - 0.02,
        dividendYield2: 0.1 * u[i + 4]! - 0.02,
        vol1: 0.1 + u[i + 5]!,
        vol2: 0.1 + u[i + 6]!,
        correlation: 1.9 * u[i + 7]! - 0.95,
        timeToExpiry: 0.05 + 1.5 * u[i + 8]!,
        rate: 0.1 * u[i + 9]! - 0.02,
      }
      const errors = [bestWorstPrice(inputs) - bestWorstIntegral(inputs), twoAssetCorrelationPrice(inputs) - correlationIntegral(inputs)]
      const error = Math.max(...errors.map(Math.abs))
      if (error > worst.error) worst = { error, inputs }
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThan(2e-12)
  })
  it('ma-22: the figure of the reference page is off by the error of its bivariate normal distribution', () => {
    const { inputs, expected } = modelCases.find(({ id }) => id === 'ma-22')!
    const integral = correlationIntegral(inputs as unknown as Inputs)
    expectNear(inputs, integral, expected, { abs: 1e-12 })
    expect(Math.abs(quantlibTwoAssetCorrelation - integral)).toBeGreaterThan(2e-7)
  })
})

describe('best and worst of two assets', () => {
  it('best plus worst are the two vanilla options', () => {
    fc.assert(
      fc.property(smooth, (inputs) => {
        const both = bestWorstPrice({ ...inputs, payoff: 'max' }) + bestWorstPrice({ ...inputs, payoff: 'min' })
        const [one, two] = vanillas(inputs)
        expectNear(inputs, both, one + two, { abs: 1e-13 * (inputs.spot1 + inputs.spot2 + inputs.strike) })
      }),
      propertyRuns,
    )
  })
  it('call less put is the forward: the asset given up plus the exchange option', () => {
    fc.assert(
      fc.property(smooth, (inputs) => {
        const difference = bestWorstPrice({ ...inputs, type: 'call' }) - bestWorstPrice({ ...inputs, type: 'put' })
        const { payoff, spot1, spot2, strike, timeToExpiry, rate } = inputs
        const asset2 = spot2 * Math.exp(-inputs.dividendYield2 * timeToExpiry)
        const asset1 = spot1 * Math.exp(-inputs.dividendYield1 * timeToExpiry)
        // max(S1, S2) = S2 + max(0, S1 - S2); min(S1, S2) = S1 - max(0, S1 - S2).
        const forward = payoff === 'max' ? asset2 + exchangePrice(inputs) : asset1 - exchangePrice(inputs)
        expectNear(inputs, difference, forward - strike * Math.exp(-rate * timeToExpiry), { abs: 1e-12 * (spot1 + spot2 + strike) })
      }),
      propertyRuns,
    )
  })
  it('do not depend on the order of the assets, and lie on their side of both vanilla options', () => {
    fc.assert(
      fc.property(smooth, (inputs) => {
        const price = bestWorstPrice(inputs)
        const slack = 1e-12 * (inputs.spot1 + inputs.spot2 + inputs.strike)
        expectNear(inputs, bestWorstPrice(exchanged(inputs)), price, { abs: slack })
        const [one, two] = vanillas(inputs)
        const aboveBoth = (inputs.type === 'call') === (inputs.payoff === 'max')
        if (aboveBoth) expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(Math.max(one, two) - slack)
        else expect(price, JSON.stringify(inputs)).toBeLessThanOrEqual(Math.min(one, two) + slack)
      }),
      propertyRuns,
    )
  })
  it('fall or rise with correlation by their kind, and scale with all prices', () => {
    fc.assert(
      fc.property(smooth, real(0, 0.05), real(0.01, 100), (inputs, more, factor) => {
        const price = bestWorstPrice(inputs)
        const size = inputs.spot1 + inputs.spot2 + inputs.strike
        const higher = bestWorstPrice({ ...inputs, correlation: inputs.correlation + more })
        const aboveBoth = (inputs.type === 'call') === (inputs.payoff === 'max')
        expect(aboveBoth ? price - higher : higher - price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(-1e-12 * size)
        const scaled = { ...inputs, spot1: factor * inputs.spot1, spot2: factor * inputs.spot2, strike: factor * inputs.strike }
        expectNear(inputs, bestWorstPrice(scaled), factor * price, { abs: 1e-12 * factor * size })
      }),
      propertyRuns,
    )
  })
  it('have sensitivities that obey the equations of European options', () => {
    fc.assert(
      fc.property(smooth, (inputs) => {
        expectPairGreeks(inputs, bestWorstPrice(inputs), bestWorstGreeks(inputs), 1e-7 * (inputs.spot1 + inputs.spot2))
      }),
      propertyRuns,
    )
  })
  it('are finite and not negative on the whole domain', () => {
    fc.assert(
      fc.property(wild, (inputs) => {
        for (const price of [bestWorstPrice(inputs), twoAssetCorrelationPrice(inputs)]) {
          expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(0)
          expect(Number.isFinite(price), JSON.stringify(inputs)).toBe(true)
        }
      }),
      propertyRuns,
    )
  })
  it('given assets that move as one, are the vanilla option on the higher or lower', () => {
    const same = { dividendYield1: 0, dividendYield2: 0, vol1: 0.3, vol2: 0.3, correlation: 1, timeToExpiry: 1, rate: 0.02 }
    const inputs: Inputs = { ...same, type: 'call', payoff: 'max', spot1: 100, spot2: 90, strike: 95, trigger: 95 }
    const [higher, lower] = vanillas(inputs)
    expectNear(inputs, bestWorstPrice(inputs), higher, { rel: 1e-14 })
    expectNear(inputs, bestWorstPrice({ ...inputs, payoff: 'min' }), lower, { rel: 1e-14 })
    const [tied] = vanillas({ ...inputs, spot2: 100 })
    expectNear(inputs, bestWorstPrice({ ...inputs, spot2: 100 }), tied, { rel: 1e-14 })
    expectNear(inputs, bestWorstPrice({ ...inputs, vol1: 0, vol2: 0, strike: 50 }), 100 - 50 * Math.exp(-0.02), { rel: 1e-14 })
  })
})

describe('two-asset correlation option', () => {
  it('lies below the vanilla option on asset 2 and equals it where the trigger is sure; both sides of the trigger make it up', () => {
    fc.assert(
      fc.property(smooth, (inputs) => {
        const [, vanilla] = vanillas(inputs)
        const slack = 1e-12 * (inputs.spot2 + inputs.strike)
        expect(twoAssetCorrelationPrice(inputs)).toBeLessThanOrEqual(vanilla + slack)
        const sure = inputs.type === 'call' ? 1e-9 : 1e15
        expectNear(inputs, twoAssetCorrelationPrice({ ...inputs, trigger: sure }), vanilla, { abs: slack })
        const further = { ...inputs, trigger: inputs.trigger * (inputs.type === 'call' ? 1.1 : 0.9) }
        expect(twoAssetCorrelationPrice(further)).toBeLessThanOrEqual(twoAssetCorrelationPrice(inputs) + slack)
      }),
      propertyRuns,
    )
  })
  it('has sensitivities that obey the equations of European options', () => {
    fc.assert(
      fc.property(smooth, (inputs) => {
        expectPairGreeks(inputs, twoAssetCorrelationPrice(inputs), twoAssetCorrelationGreeks(inputs), 1e-7 * (inputs.spot1 + inputs.spot2))
      }),
      propertyRuns,
    )
  })
})

describe('best and worst of many', () => {
  const few = { ...propertyRuns, numRuns: deep ? 40 : 8 }
  const many: fc.Arbitrary<BestWorstOfManyInputs> = fc
    .tuple(smooth, real(0, 0.98), real(70, 140), real(0.1, 0.6))
    .map(([{ type, payoff, strike, timeToExpiry, rate, ...pair }, correlation, spot3, vol3]) => ({
      type,
      payoff,
      strike,
      timeToExpiry,
      rate,
      correlation,
      spots: [pair.spot1, pair.spot2, spot3],
      vols: [pair.vol1, pair.vol2, vol3],
      dividendYields: [pair.dividendYield1, pair.dividendYield2, 0.01],
    }))
  it('of two is the closed form', () => {
    fc.assert(
      fc.property(smooth, real(0, 1), (inputs, correlation) => {
        const { spot1, spot2, vol1, vol2, dividendYield1, dividendYield2 } = inputs
        const lists = { spots: [spot1, spot2], vols: [vol1, vol2], dividendYields: [dividendYield1, dividendYield2] }
        const closed = bestWorstPrice({ ...inputs, correlation })
        expectNear({ ...inputs, correlation }, bestWorstOfManyPrice({ ...inputs, ...lists, correlation }), closed, { abs: 1e-7 })
      }),
      few,
    )
  })
  it('does not depend on the order, and one more asset moves it one way', () => {
    fc.assert(
      fc.property(many, (inputs) => {
        const price = bestWorstOfManyPrice(inputs)
        const turned = {
          spots: inputs.spots.toReversed(),
          vols: inputs.vols.toReversed(),
          dividendYields: inputs.dividendYields.toReversed(),
        }
        expectNear(inputs, bestWorstOfManyPrice({ ...inputs, ...turned }), price, { abs: 1e-7 })
        const two = { spots: inputs.spots.slice(1), vols: inputs.vols.slice(1), dividendYields: inputs.dividendYields.slice(1) }
        const without = bestWorstOfManyPrice({ ...inputs, ...two })
        const moreIsMore = (inputs.type === 'call') === (inputs.payoff === 'max')
        expect(moreIsMore ? price - without : without - price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(-1e-7)
      }),
      few,
    )
  })
  it('call less put of the same extreme does not bend in the strike', () => {
    fc.assert(
      fc.property(many, (inputs) => {
        const forward = (strike: number): number =>
          bestWorstOfManyPrice({ ...inputs, type: 'call', strike }) - bestWorstOfManyPrice({ ...inputs, type: 'put', strike })
        const slope = -Math.exp(-inputs.rate * inputs.timeToExpiry)
        expectNear(inputs, forward(inputs.strike + 10) - forward(inputs.strike), 10 * slope, { abs: 1e-7 })
      }),
      few,
    )
  })
  it('takes known prices, one price for all, and refuses lists that do not match', () => {
    const base: BestWorstOfManyInputs = {
      type: 'call',
      payoff: 'max',
      spots: [100, 90, 80],
      vols: [0.2, 0.2, 0.2],
      dividendYields: [0, 0, 0],
      correlation: 0.5,
      strike: 95,
      timeToExpiry: 1,
      rate: 0,
    }
    expectNear(base, bestWorstOfManyPrice({ ...base, timeToExpiry: 0 }), 5, { abs: 1e-7 })
    expectNear(base, bestWorstOfManyPrice({ ...base, payoff: 'min', type: 'put', vols: [0, 0, 0] }), 15, { abs: 1e-7 })
    const alike = black76Price({ type: 'call', forward: 100, strike: 95, timeToExpiry: 1, vol: 0.2, rate: 0 })
    expectNear(base, bestWorstOfManyPrice({ ...base, spots: [100, 100, 100], correlation: 1 }), alike, { abs: 1e-7 })
    expectInvalid('number of vols', () => bestWorstOfManyPrice({ ...base, vols: [0.2] }))
    expectInvalid('number of dividendYields', () => bestWorstOfManyPrice({ ...base, dividendYields: [] }))
    expectInvalid('number of spots', () => bestWorstOfManyPrice({ ...base, spots: [100], vols: [0.2], dividendYields: [0] }))
    expectInvalid('spots[1]', () => bestWorstOfManyPrice({ ...base, spots: [100, Number.NaN, 80] }))
    expectInvalid('vols[2]', () => bestWorstOfManyPrice({ ...base, vols: [0.2, 0.2, 11] }))
    expectInvalid('dividendYields[0]', () => bestWorstOfManyPrice({ ...base, dividendYields: [2, 0, 0] }))
    expectInvalid('correlation', () => bestWorstOfManyPrice({ ...base, correlation: -0.1 }))
    expectInvalid('strike', () => bestWorstOfManyPrice({ ...base, strike: 0 }))
    expectInvalid('timeToExpiry', () => bestWorstOfManyPrice({ ...base, timeToExpiry: Number.NaN }))
    expectInvalid('rate', () => bestWorstOfManyPrice({ ...base, rate: 2 }))
  })
})

describe('invalid inputs of two assets', () => {
  const base: Inputs = {
    type: 'call',
    payoff: 'max',
    spot1: 100,
    spot2: 90,
    dividendYield1: 0,
    dividendYield2: 0,
    vol1: 0.2,
    vol2: 0.3,
    correlation: 0.5,
    timeToExpiry: 1,
    rate: 0.05,
    strike: 95,
    trigger: 95,
  }
  it.each([
    ['spot1', Number.NaN],
    ['vol2', -1],
    ['correlation', -1.1],
    ['strike', 0],
    ['rate', 2],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    const bad = { ...base, [field]: value }
    for (const price of [bestWorstPrice, twoAssetCorrelationPrice, bestWorstGreeks, twoAssetCorrelationGreeks])
      expectInvalid(field, () => price(bad))
  })
  it('names the trigger', () => expectInvalid('trigger', () => twoAssetCorrelationPrice({ ...base, trigger: Number.NaN })))
})
