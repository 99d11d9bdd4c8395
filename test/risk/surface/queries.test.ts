import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessAccount, smileVol } from '../../../risk/margin/index.ts'
import { black76Greeks, black76Price } from '../../../risk/pricing/index.ts'
import {
  buildSurface,
  checkButterfly,
  constantMaturityVol,
  marginMarket,
  parseSurface,
  type SurfaceVol,
  smileMeasures,
  surfaceVol,
  type VolSurface,
} from '../../../risk/surface/index.ts'
import { totalVariance } from '../../../risk/surface/totalVariance.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { chainSpot, chainTime, sliceOf, syntheticChain } from '../support/syntheticChain.ts'

const DAY = 86_400
const at = (days: number): number => chainTime + Math.round(days * DAY)
const term = [7, 21, 60].map((days) => ({ days, svi: sliceOf(days, 0.7 - 0.001 * days, -0.3), forward: chainSpot * 1.0004 ** days }))
const surface = buildSurface(syntheticChain(term))
const empty: VolSurface = { ...surface, slices: [] }
const vol = (asked: SurfaceVol): Extract<SurfaceVol, { kind: 'vol' }> => {
  if (asked.kind !== 'vol') throw new Error(asked.reason)
  return asked
}
/** Total variance at k of an expiry, asked through strikes. */
const varianceOf = (days: number, k: number): number => {
  const { forward } = vol(surfaceVol(surface, at(days), chainSpot))
  const asked = vol(surfaceVol(surface, at(days), forward * Math.exp(k)))
  return asked.vol * asked.vol * asked.timeToExpiry
}

describe('surfaceVol', () => {
  it('is the slice at its expiry', () => {
    const asked = vol(surfaceVol(surface, at(21), 1_800))
    const { svi, timeToExpiry, forward } = surface.slices[1]!
    expect(asked).toMatchObject({ basis: 'slice', quoted: true, forward: forward.forward, timeToExpiry })
    expect(asked.vol).toBeCloseTo(Math.sqrt(totalVariance(svi, Math.log(1_800 / forward.forward)) / timeToExpiry), 12)
  })
  it('between slices has total variance linear in time at equal k, and the forward linear in its logarithm', () => {
    for (const k of [-0.3, 0, 0.2]) expect(varianceOf(40.5, k)).toBeCloseTo((varianceOf(21, k) + varianceOf(60, k)) / 2, 12)
    const asked = vol(surfaceVol(surface, at(40.5), 2_000))
    expect(asked.basis).toBe('between')
    expect(Math.log(asked.forward / chainSpot)).toBeCloseTo(Math.log(1.0004) * 40.5, 6)
  })
  it('before the first keeps its vol at equal k, after the last adds its variance at the money', () => {
    expect(varianceOf(3.5, 0.1)).toBeCloseTo(varianceOf(7, 0.1) / 2, 12)
    expect(vol(surfaceVol(surface, at(3.5), 2_000))).toMatchObject({ basis: 'beforeFirst' })
    expect(varianceOf(120, -0.4) - varianceOf(60, -0.4)).toBeCloseTo(varianceOf(60, 0), 12)
    const beyond = vol(surfaceVol(surface, at(120), 2_000))
    expect(beyond.basis).toBe('afterLast')
    expect(Math.log(beyond.forward / chainSpot)).toBeCloseTo(Math.log(1.0004) * 120, 6)
  })
  it('never has less total variance for longer, at any k', () => {
    const days = fc.double({ min: 0.5, max: 200, noNaN: true })
    fc.assert(
      fc.property(days, days, fc.double({ min: -2, max: 2, noNaN: true }), (one, other, k) => {
        expect(varianceOf(Math.min(one, other), k)).toBeLessThanOrEqual(varianceOf(Math.max(one, other), k) * (1 + 1e-12))
      }),
      propertyRuns,
    )
  })
  it('says when a strike is outside what was quoted', () => {
    expect(vol(surfaceVol(surface, at(21), 5_000)).quoted).toBe(false)
    expect(vol(surfaceVol(surface, at(40), 5_000)).quoted).toBe(false)
    expect(vol(surfaceVol(surface, at(40), 2_000)).quoted).toBe(true)
  })
  it('is unavailable without slices, and guards its arguments', () => {
    expect(surfaceVol(empty, at(7), 2_000)).toEqual({ kind: 'unavailable', reason: 'noSlices' })
    expectInvalid('expiry', () => surfaceVol(surface, chainTime, 2_000))
    expectInvalid('expiry', () => surfaceVol(surface, at(7) + 0.5, 2_000))
    expectInvalid('strike', () => surfaceVol(surface, at(7), 0))
    expectInvalid('strike', () => surfaceVol(surface, at(7), Number.NaN))
  })
})

describe('constantMaturityVol', () => {
  it('is the vol at the money, variance linear in time, with the half spread', () => {
    const month = constantMaturityVol(surface, 30)
    const expected = Math.sqrt(varianceOf(30, 0) / (30 / 365))
    expect(month).toMatchObject({ kind: 'vol', basis: 'between' })
    if (month.kind !== 'vol') return
    expect(month.vol).toBeCloseTo(expected, 12)
    expect(month.halfSpread).toBeCloseTo(0.005, 4)
  })
  it('answers up to a factor of two outside the listed expiries, and no further', () => {
    expect(constantMaturityVol(surface, 3.6)).toMatchObject({ kind: 'vol', basis: 'beforeFirst' })
    expect(constantMaturityVol(surface, 3.4)).toEqual({ kind: 'unavailable', reason: 'tooFar' })
    expect(constantMaturityVol(surface, 119)).toMatchObject({ kind: 'vol', basis: 'afterLast' })
    expect(constantMaturityVol(surface, 121)).toEqual({ kind: 'unavailable', reason: 'tooFar' })
    expect(constantMaturityVol(empty, 30)).toEqual({ kind: 'unavailable', reason: 'noSlices' })
    expectInvalid('days', () => constantMaturityVol(surface, 0))
  })
  it('has no half spread where no quote near the term has two sides', () => {
    const oneSided = { ...surface, slices: surface.slices.map((slice) => ({ ...slice, atmHalfSpread: null })) }
    expect(constantMaturityVol(oneSided, 30)).toMatchObject({ kind: 'vol', halfSpread: null })
    const only = { ...surface, slices: surface.slices.map((slice, i) => (i === 2 ? slice : { ...slice, atmHalfSpread: null })) }
    expect(constantMaturityVol(only, 31)).toMatchObject({ halfSpread: surface.slices[2]!.atmHalfSpread })
    expect(constantMaturityVol(only, 29)).toMatchObject({ halfSpread: null })
  })
})

describe('smileMeasures', () => {
  it.each([0.25, 0.1])('finds the strikes at which Black-76 has delta %d', (delta) => {
    const measures = smileMeasures(surface, at(21), delta)
    if (measures.kind !== 'measures') throw new Error(measures.reason)
    const { timeToExpiry, forward, svi } = surface.slices[1]!
    const strikeWith = (wanted: number): number => {
      let [low, high] = [-3, 3]
      for (let i = 0; i < 200; i++) {
        const middle = (low + high) / 2
        if ((Math.sqrt(totalVariance(svi, middle) / timeToExpiry) > wanted === wanted > measures.atm) === middle > 0) high = middle
        else low = middle
      }
      return forward.forward * Math.exp((low + high) / 2)
    }
    // The wing that rises is unique in its vol, so the strike follows back from it.
    const strike = strikeWith(measures.put)
    const greeks = black76Greeks({ type: 'put', forward: forward.forward, strike, timeToExpiry, vol: measures.put, rate: 0 })
    expect(greeks.delta).toBeCloseTo(-delta, 6)
    expect(measures.riskReversal).toBeCloseTo(measures.call - measures.put, 14)
    expect(measures.butterfly).toBeCloseTo((measures.call + measures.put) / 2 - measures.atm, 14)
  })
  it('has a negative risk reversal where puts are dearer, none on a symmetric smile, and nothing on a flat one', () => {
    const of = (rho: number) =>
      smileMeasures(buildSurface(syntheticChain([{ days: 30, svi: sliceOf(30, 0.6, rho), forward: 2_000 }])), at(30), 0.25)
    const [down, even] = [of(-0.4), of(0)]
    if (down.kind !== 'measures' || even.kind !== 'measures') throw new Error('unavailable')
    expect(down.riskReversal).toBeLessThan(-0.03)
    expect(down.butterfly).toBeGreaterThan(0)
    // 25-delta strikes are not quite symmetric in k: the call's lies further out.
    expect(even.riskReversal).toBeGreaterThan(0)
    expect(even.riskReversal).toBeLessThan(-down.riskReversal / 2)
    const flat = syntheticChain([{ days: 30, svi: { a: 0.03, b: 0, rho: 0, m: 0, sigma: 1 }, forward: 2_000 }])
    const level = smileMeasures(buildSurface(flat), at(30), 0.25)
    if (level.kind !== 'measures') throw new Error(level.reason)
    expect(Math.max(Math.abs(level.riskReversal), Math.abs(level.butterfly))).toBeLessThan(2e-4)
  })
  it('is unavailable without slices, and guards its arguments', () => {
    expect(smileMeasures(empty, at(30), 0.25)).toEqual({ kind: 'unavailable', reason: 'noSlices' })
    expectInvalid('delta', () => smileMeasures(surface, at(30), 0.5))
    expectInvalid('expiry', () => smileMeasures(surface, chainTime - 1, 0.25))
  })
})

describe('marginMarket', () => {
  it('gives margin the same vols, at listed expiries and between them', () => {
    const result = marginMarket(surface, [at(60), at(21), at(33), at(21)])
    if (result.kind !== 'market') throw new Error(result.reason)
    expect(result.market.expiries.map(({ expiry, smile }) => [expiry, smile.kind])).toEqual([
      [at(21), 'svi'],
      [at(33), 'points'],
      [at(60), 'svi'],
    ])
    for (const quote of result.market.expiries)
      for (const strike of [1_300, 1_900, 2_000, 2_400, 3_000]) {
        const asked = vol(surfaceVol(surface, quote.expiry, strike))
        const margined = smileVol(quote, strike, chainSpot * quote.forwardRatio, asked.timeToExpiry)
        expect(Math.abs(margined - asked.vol)).toBeLessThan(quote.smile.kind === 'svi' ? 1e-12 : 2e-4)
      }
  })
  it('caps a smile whose wing would pass 1,000 %', () => {
    const steep: VolSurface = {
      ...surface,
      slices: [
        { ...surface.slices[0]!, expiry: at(0.02), timeToExpiry: 0.02 / 365, svi: { a: 0.000_01, b: 0.5, rho: 0, m: 0, sigma: 0.01 } },
      ],
    }
    const result = marginMarket(steep, [at(0.02)])
    if (result.kind !== 'market') throw new Error(result.reason)
    const [quote] = result.market.expiries
    expect(quote!.smile.kind).toBe('points')
    expect(smileVol(quote!, 6_000, 2_000, 0.02 / 365)).toBe(10)
  })
  it('marks a book: margin accepts it', () => {
    const result = marginMarket(surface, [at(33)])
    if (result.kind !== 'market') throw new Error(result.reason)
    const option = { kind: 'option', id: 'P', type: 'put', strike: 1_900, expiry: at(33) } as const
    const portfolio = { account: 'A', cash: 1_000, collateral: 0, positions: [{ instrument: 0, quantity: 3 }] }
    const parameters = {
      priceScanRange: 0.2,
      initialRange: 0.25,
      volScanUp: 0.3,
      volScanDown: 0.2,
      initialMultiplier: 1.3,
      shortOptionMinimum: 0.01,
      tailWeight: 0.7,
      haircut: 0.2,
    }
    const { equity } = assessAccount(portfolio, [option], result.market, parameters)
    const asked = vol(surfaceVol(surface, at(33), 1_900))
    const price = black76Price({
      type: 'put',
      forward: asked.forward,
      strike: 1_900,
      timeToExpiry: asked.timeToExpiry,
      vol: asked.vol,
      rate: 0,
    })
    expect(Math.abs(equity - 1_000 - 3 * price)).toBeLessThan(0.05)
    expect(price).toBeGreaterThan(50)
  })
  it('is unavailable without slices, and guards its arguments', () => {
    expect(marginMarket(empty, [at(7)])).toEqual({ kind: 'unavailable', reason: 'noSlices' })
    expectInvalid('expiry', () => marginMarket(surface, [chainTime]))
  })
})

describe('the document', () => {
  const text = JSON.stringify(surface)
  it('reads back what was written', () => {
    expect(parseSurface(JSON.parse(text))).toEqual(surface)
    expect(surface.slices.every(({ svi }) => checkButterfly(svi).free)).toBe(true)
  })
  it('refuses another schema, slices out of order, and parameters outside their domain', () => {
    const change = (edit: (document: { version: number; slices: { expiry: number; svi: { b: number } }[] }) => void): unknown => {
      const document = JSON.parse(text)
      edit(document)
      return document
    }
    expectInvalid('surface.version', () => parseSurface(change((document) => (document.version = 2))))
    expectInvalid('slices[1].expiry', () => parseSurface(change(({ slices }) => slices.reverse())))
    expectInvalid('slices[0].svi.b', () => parseSurface(change(({ slices }) => (slices[0]!.svi.b = -1))))
    expectInvalid('surface.', () => parseSurface(null))
  })
})
