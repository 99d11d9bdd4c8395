import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf } from '../../../../risk/math/index.ts'
import { black76Price, discountFactor, forwardPrice } from '../../../../risk/pricing/index.ts'
import {
  type FixedLookbackInputs,
  fixedLookbackGreeks,
  fixedLookbackPrice,
  floatingLookbackGreeks,
  floatingLookbackPrice,
} from '../../../../risk/pricing/lookback/index.ts'
import { optionTypes, real, smoothAsset, wildAsset, wildPrice } from '../../support/arbitraryAsset.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { expectSmoothGreeks } from '../../support/expectSmoothGreeks.ts'
import { gaussPanels } from '../../support/gaussPanels.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { uniforms } from '../../support/uniforms.ts'

/** `extremum` is the maximum of the fixed call and floating put; `opposite` the minimum that the other two need. */
type Inputs = FixedLookbackInputs & { readonly opposite: number }

const smoothLookback: fc.Arbitrary<Inputs> = fc
  .tuple(smoothAsset, optionTypes, real(60, 160), real(0, 0.4), real(0, 0.4))
  .map(([asset, type, strike, above, below]) => ({
    ...asset,
    type,
    strike,
    extremum: asset.spot * Math.exp(type === 'call' ? above : -below),
    opposite: asset.spot * Math.exp(type === 'call' ? -below : above),
  }))
const wildLookback: fc.Arbitrary<Inputs> = fc
  .tuple(wildAsset, optionTypes, wildPrice, wildPrice, wildPrice)
  .map(([asset, type, strike, a, b]) => {
    const [high, low] = [Math.max(asset.spot, a), Math.min(asset.spot, b)]
    return { ...asset, type, strike, extremum: type === 'call' ? high : low, opposite: type === 'call' ? low : high }
  })

const fixed = (inputs: Inputs): number => fixedLookbackPrice(inputs)
const floating = (inputs: Inputs): number => floatingLookbackPrice({ ...inputs, extremum: inputs.opposite })

/** E[max(0, maximum - level)] or E[max(0, level - minimum)], discounted, from the law of the extreme: the integral of its tail over the level. */
function tailIntegral(inputs: Inputs, side: 1 | -1, level: number): number {
  const { spot, timeToExpiry, vol, rate, dividendYield } = inputs
  const deviation = vol * Math.sqrt(timeToExpiry)
  const drift = (rate - dividendYield) * timeToExpiry - 0.5 * deviation * deviation
  const start = Math.log(level / spot)
  const tail = (k: number): number =>
    normalCdf((side * (drift - k)) / deviation) +
    Math.exp((2 * drift * k) / (deviation * deviation)) * normalCdf((-side * (k + drift)) / deviation)
  const end = start + side * (13 * deviation + deviation * deviation + 2 * Math.abs(drift))
  return side * Math.exp(-rate * timeToExpiry) * spot * gaussPanels((k) => Math.exp(k) * tail(k), [start, end], 40)
}

describe('lookbacks against the integral of the law of the extreme', () => {
  it('differ by less than 2e-14 of the spot on a dense grid, with and without carry', () => {
    const u = uniforms(601, 7 * (deep ? 3000 : 300))
    let worst = { error: -1, inputs: {} }
    for (let i = 0; i + 7 <= u.length; i += 7) {
      const call = i % 2 === 0
      const rate = 0.16 * u[i]! - 0.04
      // Every third case has hardly any carry, where the closed form divides by it.
      const dividendYield = i % 3 === 0 ? rate + 1e-5 * (u[i + 1]! - 0.5) ** 5 : 0.16 * u[i + 1]! - 0.04
      const inputs: Inputs = {
        type: call ? 'call' : 'put',
        spot: 100,
        strike: 60 + 90 * u[i + 2]!,
        extremum: call ? 100 + 50 * u[i + 3]! ** 3 : 100 - 40 * u[i + 3]! ** 3,
        opposite: call ? 100 - 40 * u[i + 4]! ** 3 : 100 + 50 * u[i + 4]! ** 3,
        timeToExpiry: 0.02 + 2 * u[i + 5]!,
        vol: 0.08 + u[i + 6]!,
        rate,
        dividendYield,
      }
      const { strike, extremum, opposite, timeToExpiry } = inputs
      const discount = discountFactor(rate, timeToExpiry)
      const asset = 100 * discountFactor(dividendYield, timeToExpiry)
      const start = call ? Math.max(extremum, strike) : Math.min(extremum, strike)
      const won = discount * Math.max(0, call ? extremum - strike : strike - extremum)
      const fixedError = fixed(inputs) - won - tailIntegral(inputs, call ? 1 : -1, start)
      const sure = call ? asset - opposite * discount : opposite * discount - asset
      const floatingError = floating(inputs) - sure - tailIntegral(inputs, call ? -1 : 1, opposite)
      const error = Math.max(Math.abs(fixedError), Math.abs(floatingError))
      if (error > worst.error) worst = { error, inputs }
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThan(2e-12)
  })
})

describe('lookbacks', () => {
  it('are at least the vanilla option and at least their payoff on the forward', () => {
    fc.assert(
      fc.property(smoothLookback, (inputs) => {
        const { type, spot, strike, timeToExpiry, vol, rate, dividendYield, opposite } = inputs
        const forward = forwardPrice(spot, rate, dividendYield, timeToExpiry)
        const vanilla = (at: number): number => black76Price({ type, forward, strike: at, timeToExpiry, vol, rate })
        const slack = 1e-12 * (spot + strike)
        expect(fixed(inputs), JSON.stringify(inputs)).toBeGreaterThanOrEqual(vanilla(strike) - slack)
        expect(floating(inputs), JSON.stringify(inputs)).toBeGreaterThanOrEqual(vanilla(opposite) - slack)
      }),
      propertyRuns,
    )
  })
  it('rise with vol, with the extreme seen, and as the strike moves into the money', () => {
    fc.assert(
      fc.property(smoothLookback, real(0, 0.3), real(0, 0.3), (inputs, more, further) => {
        const slack = -1e-11 * inputs.spot
        const outwards = Math.exp(inputs.type === 'call' ? further : -further)
        for (const price of [fixed, floating]) {
          expect(price({ ...inputs, vol: inputs.vol + more }) - price(inputs), JSON.stringify(inputs)).toBeGreaterThanOrEqual(slack)
          const seen = { ...inputs, extremum: inputs.extremum * outwards, opposite: inputs.opposite / outwards }
          expect(price(seen) - price(inputs), JSON.stringify(inputs)).toBeGreaterThanOrEqual(slack)
        }
        expect(fixed({ ...inputs, strike: inputs.strike / outwards }) - fixed(inputs)).toBeGreaterThanOrEqual(slack)
      }),
      propertyRuns,
    )
  })
  it('tie each other: a floating put is a fixed call at the extreme plus the bond of the extreme less the asset', () => {
    fc.assert(
      fc.property(smoothLookback, (inputs) => {
        const { spot, timeToExpiry, rate, dividendYield } = inputs
        const extremum = Math.max(inputs.extremum, inputs.opposite)
        const put = floatingLookbackPrice({ ...inputs, type: 'put', extremum })
        const call = fixedLookbackPrice({ ...inputs, type: 'call', extremum, strike: extremum })
        const sure = extremum * discountFactor(rate, timeToExpiry) - spot * discountFactor(dividendYield, timeToExpiry)
        expectNear(inputs, put, call + sure, { abs: 1e-12 * (spot + extremum) })
      }),
      propertyRuns,
    )
  })
  it('struck at a fresh extreme, call and put pay the range of the path together, fixed or floating', () => {
    fc.assert(
      fc.property(smoothLookback, (inputs) => {
        const fresh = { ...inputs, spot: 100, extremum: 100, opposite: 100, strike: 100 }
        const sum = fixedLookbackPrice({ ...fresh, type: 'call' }) + fixedLookbackPrice({ ...fresh, type: 'put' })
        const range = floatingLookbackPrice({ ...fresh, type: 'call' }) + floatingLookbackPrice({ ...fresh, type: 'put' })
        expectNear(inputs, sum, range, { abs: 1e-11 * 100 })
      }),
      propertyRuns,
    )
  })
  it('scale with all prices', () => {
    fc.assert(
      fc.property(smoothLookback, real(0.01, 100), (inputs, factor) => {
        const { spot, strike, extremum, opposite } = inputs
        const scaled = { ...inputs, spot: factor * spot, strike: factor * strike, extremum: factor * extremum, opposite: factor * opposite }
        for (const price of [fixed, floating])
          expectNear(inputs, price(scaled), factor * price(inputs), { abs: 1e-12 * factor * (spot + strike) })
      }),
      propertyRuns,
    )
  })
  it('are smooth where the carry vanishes', () => {
    fc.assert(
      fc.property(smoothLookback, (inputs) => {
        for (const price of [fixed, floating]) {
          const at = (carry: number): number => price({ ...inputs, dividendYield: inputs.rate - carry })
          expectNear(inputs, at(1e-6) + at(-1e-6) - 2 * at(0), 0, { abs: 1e-8 })
          // Both sides of the point where the quotient changes its form.
          const edge = 0.25 * inputs.vol * inputs.vol * Math.min(1, 1 / (inputs.vol * inputs.vol * inputs.timeToExpiry))
          expectNear(inputs, at(edge * (1 + 1e-9)), at(edge * (1 - 1e-9)), { abs: 1e-6 })
        }
      }),
      propertyRuns,
    )
  })
  it('have sensitivities that obey the Black-Scholes equation, also at the extreme', () => {
    fc.assert(
      fc.property(smoothLookback, fc.boolean(), (random, fresh) => {
        const inputs = fresh ? { ...random, extremum: random.spot, opposite: random.spot } : random
        expectSmoothGreeks(inputs, fixed(inputs), fixedLookbackGreeks(inputs), 1e-7 * inputs.spot)
        const floatingInputs = { ...inputs, extremum: inputs.opposite }
        expectSmoothGreeks(inputs, floating(inputs), floatingLookbackGreeks(floatingInputs), 1e-7 * inputs.spot)
        // A fresh floating lookback is a fixed number of assets: its delta is its price over the spot.
        if (fresh) expectNear(inputs, floatingLookbackGreeks(floatingInputs).delta, floating(inputs) / inputs.spot, { abs: 1e-8 })
      }),
      propertyRuns,
    )
  })
  it('are finite and not negative on the whole domain', () => {
    fc.assert(
      fc.property(wildLookback, (inputs) => {
        for (const price of [fixed(inputs), floating(inputs)]) {
          expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(0)
          expect(Number.isFinite(price), JSON.stringify(inputs)).toBe(true)
        }
      }),
      propertyRuns,
    )
  })
})

describe('degenerate and invalid inputs', () => {
  const base = {
    type: 'call' as const,
    spot: 110,
    strike: 105,
    extremum: 120,
    timeToExpiry: 0.5,
    vol: 0.4,
    rate: 0.05,
    dividendYield: 0.02,
  }
  const floatingBase = { ...base, extremum: 90 }

  it('given no time, pays what has been seen', () => {
    expect(fixedLookbackPrice({ ...base, timeToExpiry: 0 })).toBe(15)
    expect(floatingLookbackPrice({ ...floatingBase, timeToExpiry: 0 })).toBe(20)
    expect(floatingLookbackPrice({ ...floatingBase, type: 'put', extremum: 115, timeToExpiry: 0 })).toBe(5)
  })
  it('given no vol, follows the forward, whose extreme is at an end', () => {
    const discount = Math.exp(-0.025)
    const rising = { ...base, vol: 0, dividendYield: -0.3 }
    expectNear(rising, fixedLookbackPrice(rising), discount * (110 * Math.exp(0.175) - 105), { rel: 1e-13 })
    expectNear(rising, floatingLookbackPrice({ ...rising, extremum: 110 }), discount * 110 * (Math.exp(0.175) - 1), { rel: 1e-13 })
    expectNear(rising, fixedLookbackPrice({ ...rising, vol: 1e-8 }), fixedLookbackPrice(rising), { rel: 1e-6 })
  })
  it('refuses an extreme on the wrong side of the spot', () => {
    expectInvalid('extremum', () => fixedLookbackPrice({ ...base, extremum: 109 }))
    expectInvalid('extremum', () => fixedLookbackPrice({ ...base, type: 'put', extremum: 111 }))
    expectInvalid('extremum', () => floatingLookbackPrice({ ...floatingBase, extremum: 111 }))
    expectInvalid('extremum', () => floatingLookbackGreeks({ ...floatingBase, type: 'put', extremum: 109 }))
    expectInvalid('extremum', () => floatingLookbackPrice({ ...floatingBase, extremum: Number.NaN }))
  })
  it.each([
    ['spot', 0],
    ['strike', Number.NaN],
    ['vol', -1],
    ['timeToExpiry', Number.POSITIVE_INFINITY],
    ['rate', 2],
    ['dividendYield', Number.NaN],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    expectInvalid(field, () => fixedLookbackPrice({ ...base, [field]: value }))
    if (field !== 'strike') expectInvalid(field, () => floatingLookbackPrice({ ...floatingBase, [field]: value }))
  })
  it('has no sensitivities without time or vol', () => {
    expectInvalid('vol * sqrt(timeToExpiry)', () => fixedLookbackGreeks({ ...base, vol: 0 }))
    expectInvalid('vol * sqrt(timeToExpiry)', () => floatingLookbackGreeks({ ...floatingBase, timeToExpiry: 0 }))
  })
})
