import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assetOrNothingGreeks,
  assetOrNothingPrice,
  type CashOrNothingInputs,
  cashOrNothingGreeks,
  cashOrNothingPrice,
  gapOptionPrice,
  noTouchGreeks,
  noTouchPrice,
  type OneTouchInputs,
  oneTouchGreeks,
  oneTouchPrice,
} from '../../../../risk/pricing/digital/index.ts'
import { black76Price, discountFactor, forwardPrice } from '../../../../risk/pricing/index.ts'
import { optionTypes, real, smoothAsset, wildAsset, wildPrice } from '../../support/arbitraryAsset.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { expectSmoothGreeks } from '../../support/expectSmoothGreeks.ts'
import { gaussPanels } from '../../support/gaussPanels.ts'
import { deep, propertyRuns } from '../../support/propertyRuns.ts'
import { farAway, sineSeriesValue } from '../../support/sineSeries.ts'
import { uniforms } from '../../support/uniforms.ts'

const directions = fc.constantFrom('down' as const, 'up' as const)
const payments = fc.constantFrom('atHit' as const, 'atExpiry' as const)
const smoothDigital = fc
  .tuple(smoothAsset, optionTypes, real(60, 160), real(60, 160), real(1, 100))
  .map(([asset, type, strike, trigger, cash]) => ({ ...asset, type, strike, trigger, cash }))
const smoothTouch: fc.Arbitrary<OneTouchInputs> = fc
  .tuple(smoothAsset, directions, payments, real(0.01, 0.5), real(1, 100))
  .map(([asset, direction, payment, distance, cash]) => {
    const barrier = asset.spot * Math.exp(direction === 'down' ? -distance : distance)
    return { ...asset, direction, payment, barrier, cash }
  })
const wildDigital = fc
  .tuple(wildAsset, optionTypes, directions, payments, wildPrice, wildPrice, real(0, 1e6))
  .map(([asset, type, direction, payment, strike, level, cash]) => ({
    ...asset,
    type,
    direction,
    payment,
    strike,
    trigger: level,
    barrier: level,
    cash,
  }))

/** The payoff integrated over the normal density between its kink and where the density has died. */
function integrated(inputs: CashOrNothingInputs, kink: number, pays: (price: number) => number): number {
  const { spot, timeToExpiry, vol, rate, dividendYield } = inputs
  const deviation = vol * Math.sqrt(timeToExpiry)
  const drift = (rate - dividendYield) * timeToExpiry - 0.5 * deviation * deviation
  const cut = Math.min(11, Math.max(-9, (Math.log(kink / spot) - drift) / deviation))
  const density = (z: number): number => pays(spot * Math.exp(drift + deviation * z)) * Math.exp(-0.5 * z * z)
  return (Math.exp(-rate * timeToExpiry) / Math.sqrt(2 * Math.PI)) * gaussPanels(density, [-9, cut, 11], 12)
}

describe('digitals against the integral of their payoffs', () => {
  it('differ by less than 1e-14 of the spot on a dense grid', () => {
    const u = uniforms(301, 6 * (deep ? 4000 : 400))
    let worst = { error: -1, inputs: {} }
    for (let i = 0; i + 6 <= u.length; i += 6) {
      const inputs = {
        type: i % 12 < 6 ? ('call' as const) : ('put' as const),
        spot: 100,
        strike: 50 + 100 * u[i]!,
        trigger: 50 + 100 * u[i + 1]!,
        timeToExpiry: 0.01 + 2 * u[i + 2]!,
        vol: 0.05 + u[i + 3]!,
        rate: 0.2 * u[i + 4]! - 0.08,
        dividendYield: 0.2 * u[i + 5]! - 0.08,
        cash: 100,
      }
      const sign = inputs.type === 'call' ? 1 : -1
      const { strike, trigger } = inputs
      const beyond = (level: number, pays: (price: number) => number) => (price: number) => (sign * (price - level) >= 0 ? pays(price) : 0)
      const errors = [
        cashOrNothingPrice(inputs) -
          integrated(
            inputs,
            strike,
            beyond(strike, () => 100),
          ),
        assetOrNothingPrice(inputs) -
          integrated(
            inputs,
            strike,
            beyond(strike, (price) => price),
          ),
        gapOptionPrice(inputs) -
          integrated(
            inputs,
            trigger,
            beyond(trigger, (price) => sign * (price - strike)),
          ),
      ]
      const error = Math.max(...errors.map(Math.abs))
      if (error > worst.error) worst = { error, inputs }
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThan(1e-12)
  })
})

describe('digitals', () => {
  it('make up the whole with their counterparts, and the vanilla option between them', () => {
    fc.assert(
      fc.property(smoothDigital, (inputs) => {
        const { spot, strike, timeToExpiry, vol, rate, dividendYield, cash } = inputs
        const discount = discountFactor(rate, timeToExpiry)
        const both = (price: (i: typeof inputs) => number): number => price({ ...inputs, type: 'call' }) + price({ ...inputs, type: 'put' })
        expectNear(inputs, both(cashOrNothingPrice), cash * discount, { rel: 1e-14 })
        expectNear(inputs, both(assetOrNothingPrice), spot * discountFactor(dividendYield, timeToExpiry), { rel: 1e-14 })
        const forward = forwardPrice(spot, rate, dividendYield, timeToExpiry)
        const vanilla = black76Price({ type: inputs.type, forward, strike, timeToExpiry, vol, rate })
        const sign = inputs.type === 'call' ? 1 : -1
        const parts = sign * (assetOrNothingPrice(inputs) - cashOrNothingPrice({ ...inputs, cash: strike }))
        expectNear(inputs, parts, vanilla, { abs: 1e-13 * (spot + strike) })
        expectNear(inputs, gapOptionPrice({ ...inputs, trigger: strike }), vanilla, { abs: 1e-13 * (spot + strike) })
      }),
      propertyRuns,
    )
  })
  it('scale with all prices, and a call falls with its strike', () => {
    fc.assert(
      fc.property(smoothDigital, real(0.01, 100), real(0, 50), (inputs, factor, more) => {
        const { spot, strike, trigger } = inputs
        const scaled = { ...inputs, spot: factor * spot, strike: factor * strike, trigger: factor * trigger }
        expectNear(inputs, cashOrNothingPrice(scaled), cashOrNothingPrice(inputs), { abs: 1e-13 * inputs.cash })
        expectNear(inputs, assetOrNothingPrice(scaled), factor * assetOrNothingPrice(inputs), { abs: 1e-13 * factor * spot })
        expectNear(inputs, gapOptionPrice(scaled), factor * gapOptionPrice(inputs), { abs: 1e-12 * factor * spot })
        const higher = { ...inputs, type: 'call' as const, strike: strike + more }
        expect(cashOrNothingPrice(higher)).toBeLessThanOrEqual(cashOrNothingPrice({ ...inputs, type: 'call' }))
        expect(assetOrNothingPrice(higher)).toBeLessThanOrEqual(assetOrNothingPrice({ ...inputs, type: 'call' }))
      }),
      propertyRuns,
    )
  })
  it('have the sensitivities of their closed forms and obey the Black-Scholes equation', () => {
    fc.assert(
      fc.property(smoothDigital, (inputs) => {
        const { spot, strike, timeToExpiry, vol, rate, dividendYield, cash, type } = inputs
        const deviation = vol * Math.sqrt(timeToExpiry)
        const d2 = (Math.log(spot / strike) + (rate - dividendYield) * timeToExpiry) / deviation - 0.5 * deviation
        const density = (cash * Math.exp(-rate * timeToExpiry - 0.5 * d2 * d2)) / Math.sqrt(2 * Math.PI)
        const sign = type === 'call' ? 1 : -1
        const greeks = cashOrNothingGreeks(inputs)
        expectNear(inputs, greeks.delta * spot, (sign * density) / deviation, { abs: 1e-9 * cash })
        expectNear(inputs, greeks.vega, (-sign * density * (d2 + deviation)) / vol, { abs: 1e-8 * cash })
        expectSmoothGreeks(inputs, cashOrNothingPrice(inputs), greeks, 1e-8 * cash)
        expectSmoothGreeks(inputs, assetOrNothingPrice(inputs), assetOrNothingGreeks(inputs), 1e-8 * spot)
      }),
      propertyRuns,
    )
  })
})

describe('touch options', () => {
  it('agree with the sine series of the killed price', () => {
    // The series loses digits where the drift outweighs the diffusion.
    const tame = smoothTouch.filter(({ timeToExpiry, vol, rate, dividendYield }) => {
      const deviation = vol * Math.sqrt(timeToExpiry)
      return Math.abs((rate - dividendYield) * timeToExpiry - 0.5 * deviation * deviation) < deviation
    })
    fc.assert(
      fc.property(tame, (inputs) => {
        const { spot, direction, barrier, cash } = inputs
        const far = farAway(inputs)
        const corridor = direction === 'down' ? { lower: barrier, upper: far.upper } : { lower: far.lower, upper: barrier }
        const untouched = cash * sineSeriesValue(() => 1, [spot], { ...inputs, ...corridor })
        expectNear(inputs, noTouchPrice(inputs), untouched, { abs: 1e-10 * cash })
        const total = cash * discountFactor(inputs.rate, inputs.timeToExpiry)
        expectNear(inputs, oneTouchPrice({ ...inputs, payment: 'atExpiry' }), total - untouched, { abs: 1e-10 * cash })
      }),
      propertyRuns,
    )
  })
  it('add up to the discounted cash, and a hit paid early is worth more when money has a price', () => {
    fc.assert(
      fc.property(smoothTouch, (inputs) => {
        const late = oneTouchPrice({ ...inputs, payment: 'atExpiry' })
        const early = oneTouchPrice({ ...inputs, payment: 'atHit' })
        expectNear(inputs, late + noTouchPrice(inputs), inputs.cash * discountFactor(inputs.rate, inputs.timeToExpiry), { rel: 1e-14 })
        expect((early - late) * Math.sign(inputs.rate), JSON.stringify(inputs)).toBeGreaterThanOrEqual(-1e-12 * inputs.cash)
      }),
      propertyRuns,
    )
  })
  it('are worth at least the digital that pays beyond the barrier, and more the nearer the barrier', () => {
    fc.assert(
      fc.property(smoothTouch, real(0, 0.2), (inputs, further) => {
        const { direction, barrier } = inputs
        const late = { ...inputs, payment: 'atExpiry' as const }
        const digital = cashOrNothingPrice({ ...inputs, type: direction === 'down' ? 'put' : 'call', strike: barrier })
        expect(oneTouchPrice(late)).toBeGreaterThanOrEqual(digital * (1 - 1e-14))
        const moved = { ...inputs, barrier: barrier * Math.exp(direction === 'down' ? -further : further) }
        expect(oneTouchPrice(moved)).toBeLessThanOrEqual(oneTouchPrice(inputs) * (1 + 1e-12))
      }),
      propertyRuns,
    )
  })
  it('are continuous at the barrier', () => {
    fc.assert(
      fc.property(smoothTouch, (inputs) => {
        const { direction, barrier, cash } = inputs
        const near = { ...inputs, spot: barrier * (direction === 'down' ? 1 + 1e-9 : 1 - 1e-9) }
        const at = { ...inputs, spot: barrier }
        expectNear(near, oneTouchPrice(near), oneTouchPrice(at), { abs: 1e-6 * cash })
        expectNear(near, noTouchPrice(near), 0, { abs: 1e-6 * cash })
        expect(noTouchPrice(at)).toBe(0)
      }),
      propertyRuns,
    )
  })
  it('have sensitivities that obey the Black-Scholes equation', () => {
    fc.assert(
      fc.property(smoothTouch, (inputs) => {
        expectSmoothGreeks(inputs, oneTouchPrice(inputs), oneTouchGreeks(inputs), 1e-7 * inputs.cash)
        expectSmoothGreeks(inputs, noTouchPrice(inputs), noTouchGreeks(inputs), 1e-7 * inputs.cash)
      }),
      propertyRuns,
    )
  })
})

describe('the whole domain', () => {
  it('gives finite prices within their bounds', () => {
    fc.assert(
      fc.property(wildDigital, (inputs) => {
        const discount = Math.exp(-inputs.rate * inputs.timeToExpiry)
        const asset = inputs.spot * Math.exp(-inputs.dividendYield * inputs.timeToExpiry)
        const bounds: [number, number][] = [
          [cashOrNothingPrice(inputs), inputs.cash * discount],
          [assetOrNothingPrice(inputs), asset],
          [noTouchPrice(inputs), inputs.cash * discount],
          [oneTouchPrice(inputs), inputs.cash * Math.max(1, discount)],
        ]
        for (const [price, most] of bounds) {
          expect(price, JSON.stringify(inputs)).toBeGreaterThanOrEqual(0)
          expect(price, JSON.stringify(inputs)).toBeLessThanOrEqual(most * (1 + 1e-9))
        }
        expect(Number.isFinite(gapOptionPrice(inputs))).toBe(true)
      }),
      propertyRuns,
    )
  })
})

describe('degenerate and invalid inputs', () => {
  const base = {
    type: 'call' as const,
    spot: 110,
    strike: 100,
    trigger: 105,
    timeToExpiry: 0.5,
    vol: 0.4,
    rate: 0.05,
    dividendYield: 0.02,
    cash: 10,
  }
  const touch = { ...base, direction: 'down' as const, barrier: 100, payment: 'atHit' as const }

  it('given no time, pays at once by the side on which the spot is; the strike itself belongs to the call', () => {
    const now = { ...base, timeToExpiry: 0 }
    expect(cashOrNothingPrice(now)).toBe(10)
    expect(cashOrNothingPrice({ ...now, type: 'put' })).toBe(0)
    expect(cashOrNothingPrice({ ...now, strike: 110 })).toBe(10)
    expect(cashOrNothingPrice({ ...now, strike: 110, type: 'put' })).toBe(0)
    expect(assetOrNothingPrice(now)).toBe(110)
    expect(gapOptionPrice(now)).toBe(10)
    expect(gapOptionPrice({ ...now, trigger: 120 })).toBe(0)
    expect(oneTouchPrice({ ...touch, timeToExpiry: 0 })).toBe(0)
    expect(noTouchPrice({ ...touch, timeToExpiry: 0 })).toBe(10)
  })
  it('given no vol, follows the forward: a hit is paid when the path gets there', () => {
    const still = { ...touch, vol: 0, rate: 0.05, dividendYield: 0.25 }
    const hit = Math.log(100 / 110) / -0.2
    expectNear(still, oneTouchPrice(still), 10 * Math.exp(-0.05 * hit), { rel: 1e-14 })
    expectNear(still, oneTouchPrice({ ...still, payment: 'atExpiry' }), 10 * Math.exp(-0.025), { rel: 1e-14 })
    expect(oneTouchPrice({ ...still, barrier: 90 })).toBe(0)
    expectNear(still, noTouchPrice({ ...still, barrier: 90 }), 10 * Math.exp(-0.025), { rel: 1e-14 })
    expectNear(still, oneTouchPrice({ ...still, vol: 1e-6 }), oneTouchPrice(still), { rel: 1e-6 })
  })
  it('given a spot at or beyond the barrier, has touched', () => {
    for (const spot of [100, 90]) {
      expect(oneTouchPrice({ ...touch, spot })).toBe(10)
      expectNear({ spot }, oneTouchPrice({ ...touch, spot, payment: 'atExpiry' }), 10 * Math.exp(-0.025), { rel: 1e-15 })
      expect(noTouchPrice({ ...touch, spot })).toBe(0)
    }
    expect(oneTouchPrice({ ...touch, direction: 'up', barrier: 105 })).toBe(10)
    expectInvalid('distance of spot', () => oneTouchGreeks({ ...touch, spot: 100 }))
    expectInvalid('distance of spot', () => noTouchGreeks({ ...touch, spot: 100 }))
  })
  it.each([
    ['spot', 0],
    ['spot', Number.NaN],
    ['strike', -1],
    ['timeToExpiry', -1e-9],
    ['vol', 101],
    ['vol', Number.POSITIVE_INFINITY],
    ['rate', 1.5],
    ['dividendYield', Number.NaN],
  ] as const)('given %s = %d, throws InvalidInputError naming it', (field, value) => {
    const bad = { ...touch, [field]: value }
    for (const price of [cashOrNothingPrice, assetOrNothingPrice, gapOptionPrice, cashOrNothingGreeks])
      expectInvalid(field, () => price(bad))
    if (field !== 'strike') for (const price of [oneTouchPrice, noTouchPrice]) expectInvalid(field, () => price(bad))
  })
  it('names cash, trigger and barrier', () => {
    expectInvalid('cash', () => cashOrNothingPrice({ ...base, cash: -1 }))
    expectInvalid('cash', () => oneTouchPrice({ ...touch, cash: Number.NaN }))
    expectInvalid('trigger', () => gapOptionPrice({ ...base, trigger: 0 }))
    expectInvalid('barrier', () => noTouchPrice({ ...touch, barrier: 0 }))
  })
})
