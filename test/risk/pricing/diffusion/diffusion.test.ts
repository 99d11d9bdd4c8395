import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assetGreeks, discountedHit, hitProbability, lognormalLaw, survivalProbability } from '../../../../risk/pricing/diffusion/index.ts'
import { gapOptionGreeks, gapOptionPrice } from '../../../../risk/pricing/digital/index.ts'
import { black76Greeks, forwardPrice } from '../../../../risk/pricing/index.ts'
import { optionTypes, real, smoothAsset, wildAsset } from '../../support/arbitraryAsset.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { expectSmoothGreeks } from '../../support/expectSmoothGreeks.ts'
import { gaussPanels } from '../../support/gaussPanels.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'
import { sineSeriesValue } from '../../support/sineSeries.ts'

const level = fc.oneof(real(-0.8, -0.02), real(0.02, 0.8))

describe('hitProbability', () => {
  it('agrees with the sine series of the motion that dies at the level', () => {
    fc.assert(
      fc.property(real(-1, 1), real(0.15, 0.9), level, (pull, deviation, at) => {
        const drift = pull * deviation
        const far = -Math.sign(at) * (10 * deviation + Math.abs(drift))
        const process = {
          spot: 1,
          timeToExpiry: 1,
          vol: deviation,
          rate: 0,
          dividendYield: -(drift + 0.5 * deviation * deviation),
          lower: Math.exp(Math.min(at, far)),
          upper: Math.exp(Math.max(at, far)),
        }
        const alive = sineSeriesValue(() => 1, [], process)
        expectNear({ drift, deviation, at }, hitProbability(drift, deviation, at), 1 - alive, { abs: 1e-11 })
        expectNear({ drift, deviation, at }, survivalProbability(drift, deviation, at), alive, { abs: 1e-11 })
      }),
      propertyRuns,
    )
  })
  it('is a probability everywhere, and survival is its complement', () => {
    fc.assert(
      fc.property(wildAsset, fc.oneof(real(-60, -1e-12), real(1e-12, 60)), (asset, at) => {
        const { drift, deviation } = lognormalLaw(asset)
        const hit = hitProbability(drift, deviation, at)
        expect(hit).toBeGreaterThanOrEqual(0)
        expect(hit).toBeLessThanOrEqual(1)
        expectNear({ asset, at }, hit + survivalProbability(drift, deviation, at), 1, { abs: 1e-15 })
      }),
      propertyRuns,
    )
  })
})

describe('discountedHit', () => {
  it('agrees with the discounted density of the hitting time, for rates of either sign', () => {
    fc.assert(
      fc.property(smoothAsset, level, real(-0.6, 0.3), (asset, at, rate) => {
        const inputs = { ...asset, rate }
        const { vol, timeToExpiry, dividendYield } = inputs
        const slope = rate - dividendYield - 0.5 * vol * vol
        // t = 1 / x^2 turns the density into a Gaussian in x; below x = 1 / sqrt(T) nothing is paid.
        const paid = (x: number): number =>
          ((2 * Math.abs(at)) / (vol * Math.sqrt(2 * Math.PI))) *
          Math.exp(-((at - slope / (x * x)) ** 2 * x * x) / (2 * vol * vol) - rate / (x * x))
        const from = 1 / Math.sqrt(timeToExpiry)
        const integral = gaussPanels(paid, [from, from + 2, from + (40 * vol) / Math.abs(at) + 40], 60)
        expectNear({ ...inputs, at }, discountedHit(lognormalLaw(inputs), at), integral, { abs: 1e-11 })
      }),
      propertyRuns,
    )
  })
  it('is continuous where a negative rate changes the method', () => {
    const asset = { spot: 100, timeToExpiry: 1, vol: 0.2 }
    // drift = (r - q) T - vol^2 T / 2 = -0.01, so drift^2 + 2 r T deviation^2 vanishes at r = -0.00125.
    const at = (rate: number): number => discountedHit(lognormalLaw({ ...asset, rate, dividendYield: rate - 0.01 }), -0.1)
    const edge = -0.00125
    expectNear('edge', at(edge * (1 + 1e-9)), at(edge * (1 - 1e-9)), { abs: 1e-11 })
  })
  it('is finite and within [0, e^(-min(r, 0) T)] everywhere', () => {
    fc.assert(
      fc.property(wildAsset, fc.oneof(real(-60, -1e-9), real(1e-9, 60)), (asset, at) => {
        const law = lognormalLaw(asset)
        const value = discountedHit(law, at)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(Math.max(1, law.discount) * (1 + 1e-9))
      }),
      propertyRuns,
    )
  })
})

describe('assetGreeks', () => {
  const vanilla = fc.tuple(smoothAsset, optionTypes, real(-2, 2)).map(([asset, type, distance]) => {
    const strike = asset.spot * Math.exp(distance * asset.vol * Math.sqrt(asset.timeToExpiry))
    return { ...asset, type, strike, trigger: strike }
  })
  it('agrees with the closed forms of the vanilla option: first derivatives to 1e-11 of their scale, second to 2e-8', () => {
    fc.assert(
      fc.property(vanilla, (inputs) => {
        const { spot, timeToExpiry, vol, rate, dividendYield, type, strike } = inputs
        const forward = forwardPrice(spot, rate, dividendYield, timeToExpiry)
        const closed = black76Greeks({ type, forward, strike, timeToExpiry, vol, rate })
        const got = gapOptionGreeks(inputs)
        const growth = forward / spot
        expectNear(inputs, got.delta, closed.delta * growth, { abs: 1e-11 })
        expectNear(inputs, got.gamma * spot, closed.gamma * growth * growth * spot, { abs: 2e-8 })
        expectNear(inputs, got.vega, closed.vega, { abs: 1e-11 * spot })
        expectNear(inputs, got.volga, closed.volga, { abs: 2e-8 * spot })
        expectNear(inputs, got.vanna, closed.vanna * growth, { abs: 2e-8 })
        expectNear(inputs, got.rho, closed.rho + closed.delta * forward * timeToExpiry, { abs: 1e-11 * spot })
        expectNear(inputs, got.phi, -closed.delta * forward * timeToExpiry, { abs: 1e-11 * spot })
        expectNear(inputs, got.theta, closed.theta - closed.delta * forward * (rate - dividendYield), { abs: 1e-11 * spot })
        expectSmoothGreeks(inputs, gapOptionPrice(inputs), got, 1e-8 * spot)
      }),
      propertyRuns,
    )
  })
  it('refuses points where there is nothing to differentiate', () => {
    const inputs = { spot: 100, timeToExpiry: 1, vol: 0.2, rate: 0, dividendYield: 0 }
    const all = { from: 0, to: Number.POSITIVE_INFINITY }
    const value = ({ spot }: typeof inputs): number => spot
    expectInvalid('vol * sqrt(timeToExpiry)', () => assetGreeks(value, { ...inputs, vol: 0 }, all))
    expectInvalid('vol * sqrt(timeToExpiry)', () => assetGreeks(value, { ...inputs, timeToExpiry: 0 }, all))
    expectInvalid('distance of spot', () => assetGreeks(value, inputs, { from: 100, to: 110 }))
    expect(assetGreeks(value, inputs, all).delta).toBeCloseTo(1, 12)
  })
})
