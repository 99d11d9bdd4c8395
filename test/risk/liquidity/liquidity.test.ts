import { describe, expect, it } from 'vitest'
import { amihud, amihudFromBars, liquidityStatistics, relativeSpread } from '../../../risk/liquidity/index.ts'
import { amihudCase } from '../reference/liquidity.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'

describe('relativeSpread', () => {
  it('is the spread over the mid', () => {
    expect(relativeSpread(99, 101)).toBe(0.02)
    expect(relativeSpread(100, 100)).toBe(0)
  })
  it('refuses a crossed book and quotes that are not prices', () => {
    expectInvalid('bid', () => relativeSpread(101, 100))
    expectInvalid('bid', () => relativeSpread(0, 100))
    expectInvalid('ask', () => relativeSpread(1, Number.NaN))
  })
})

describe('liquidityStatistics', () => {
  const observations = Array.from({ length: 21 }, (_, i) => ({ knownAt: 100 * i, spread: 0.001 * i, depthUsd: 1000 + 100 * i }))
  it('takes the tenth and ninetieth percentile of the window that is known', () => {
    const all = liquidityStatistics(observations, 2000, 10_000)!
    expectNear('spread q10', all.spread.q10, 0.002, { rel: 1e-12 })
    expectNear('spread q90', all.spread.q90, 0.018, { rel: 1e-12 })
    expect(all.depthUsd).toEqual({ count: 21, q10: 1200, q90: 2800 })
  })
  it('given later observations, does not see them; given older ones than the window, forgets them', () => {
    expect(liquidityStatistics(observations, 999, 10_000)!.spread.count).toBe(10)
    expect(liquidityStatistics(observations, 2000, 500)!.depthUsd).toEqual({ count: 5, q10: 2640, q90: 2960 })
    expect(liquidityStatistics(observations, 2000, 100)!.depthUsd).toEqual({ count: 1, q10: 3000, q90: 3000 })
  })
  it('given nothing in the window, says null', () => {
    expect(liquidityStatistics([], 0, 1)).toBeNull()
    expect(liquidityStatistics(observations, 9999, 100)).toBeNull()
  })
  it('refuses disorder and what is no spread or depth', () => {
    const one = { knownAt: 5, spread: 0.1, depthUsd: 1 }
    expectInvalid('observations[1].knownAt', () => liquidityStatistics([one, { ...one, knownAt: 4 }], 9, 9))
    expectInvalid('observations[0].knownAt', () => liquidityStatistics([{ ...one, knownAt: Number.NaN }], 9, 9))
    expectInvalid('observations[0].spread', () => liquidityStatistics([{ ...one, spread: -0.1 }], 9, 9))
    expectInvalid('observations[0].depthUsd', () => liquidityStatistics([{ ...one, depthUsd: 0 }], 9, 9))
    expectInvalid('window', () => liquidityStatistics([one], 9, 0))
  })
})

describe('amihud', () => {
  it(amihudCase.id, () => {
    const { returns, dollarVolume, scale, expected, rel } = amihudCase
    expectNear(amihudCase.id, scale * amihud(returns, dollarVolume)!, expected, { rel })
  })
  it('leaves out periods without volume, and says null when none has any', () => {
    expect(amihud([0.01, 0.5], [100, 0])).toBe(0.0001)
    expect(amihud([0.01], [0])).toBeNull()
    expect(amihud([], [])).toBeNull()
  })
  it('from bars uses log returns between closes and volume in USD', () => {
    const bars = [
      { end: 1, close: 100, volume: 7 },
      { end: 2, close: 110, volume: 10 },
      { end: 3, close: 99, volume: 20 },
    ]
    expectNear('bars', amihudFromBars(bars)!, (Math.log(1.1) / 1100 + Math.log(110 / 99) / 1980) / 2, { rel: 1e-12 })
  })
  it('refuses unequal lengths, bad numbers, too few bars and disorder', () => {
    expectInvalid('volumes', () => amihud([1], []))
    expectInvalid('returns[0]', () => amihud([Number.NaN], [1]))
    expectInvalid('volumes[0]', () => amihud([1], [-1]))
    expectInvalid('bars', () => amihudFromBars([{ end: 1, close: 1, volume: 1 }]))
    expectInvalid('bars[1].end', () =>
      amihudFromBars([
        { end: 1, close: 1, volume: 1 },
        { end: 1, close: 1, volume: 1 },
      ]),
    )
  })
})
