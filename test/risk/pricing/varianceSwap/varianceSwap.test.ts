import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hestonVarianceSwap } from '../../../../risk/pricing/heston/index.ts'
import { type OptionStrip, varianceFromStrip, varianceOfSmile, varianceSwapValue } from '../../../../risk/pricing/varianceSwap/index.ts'
import { modelCases } from '../../reference/varianceSwap.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import { propertyRuns } from '../../support/propertyRuns.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const published = modelCases[0]!.inputs as unknown as OptionStrip

/** Strikes every `gap` from `from` to `to` with the vols of a smile. */
const strip = (smile: (strike: number) => number, gap: number, from: number, to: number): OptionStrip => {
  const count = Math.round((to - from) / gap)
  const strikes = Array.from({ length: count + 1 }, (_, i) => from + gap * i)
  const puts = strikes.filter((strike) => strike <= 100)
  const calls = strikes.filter((strike) => strike >= 100)
  return { ...published, boundary: 100, putStrikes: puts, putVols: puts.map(smile), callStrikes: calls, callVols: calls.map(smile) }
}

describe('fair variance', () => {
  it('of a flat smile is its square', () => {
    fc.assert(
      fc.property(real(0.02, 3), real(0.01, 5), (vol, timeToExpiry) => {
        expectNear(
          { vol, timeToExpiry },
          varianceOfSmile(() => vol, timeToExpiry),
          vol * vol,
          { rel: 1e-9 },
        )
      }),
      propertyRuns,
    )
  })
  it('of ever denser strips tends to that of the smile, from above', () => {
    const forward = 100 * Math.exp(0.05 * published.timeToExpiry)
    const smile = (strike: number): number => 0.25 + 0.1 * Math.tanh((100 - strike) / 60)
    const limit = varianceOfSmile((k) => smile(forward * Math.exp(k)), published.timeToExpiry)
    const errors = [10, 5, 2].map((gap) => varianceFromStrip(strip(smile, gap, 10, 300)) - limit)
    for (const error of errors) expect(error).toBeGreaterThan(0)
    expect(errors[0]! / errors[1]!).toBeCloseTo(4, 0)
    expect(errors[1]! / errors[2]!).toBeCloseTo(6.25, 0)
    expectNear('dense', varianceFromStrip(strip(smile, 0.25, 10, 300)), limit, { rel: 1e-4 })
  })
  it('of the published strip is the printed figure to its last digit', () => {
    expect(varianceFromStrip(published).toFixed(5)).toBe('0.04189')
  })
  it('does not depend on where puts give way to calls', () => {
    const smile = (strike: number): number => 0.2 + 0.001 * (100 - strike)
    const at = (boundary: number): number => {
      const strikes = Array.from({ length: 111 }, (_, i) => 40 + i)
      const puts = strikes.filter((strike) => strike <= boundary)
      const calls = strikes.filter((strike) => strike >= boundary)
      return varianceFromStrip({
        ...published,
        boundary,
        putStrikes: puts,
        putVols: puts.map(smile),
        callStrikes: calls,
        callVols: calls.map(smile),
      })
    }
    expectNear('boundary', at(97), at(103), { rel: 1e-10 })
  })
})

describe('a swap', () => {
  const swap = {
    realizedVariance: 0.3,
    elapsed: 0.1,
    fairVariance: 0.4,
    timeToExpiry: 0.15,
    strikeVariance: 0.35,
    rate: 0.04,
    notional: 1_000_000,
  }
  it('is worth nothing at its fair strike, and what has been realised when it ends', () => {
    const { fairVariance } = hestonVarianceSwap({ v0: 0.3, kappa: 2, theta: 0.4, sigma: 0.8, timeToExpiry: 0.15 })
    expect(varianceSwapValue({ ...swap, elapsed: 0, fairVariance, strikeVariance: fairVariance })).toBe(0)
    expectNear('end', varianceSwapValue({ ...swap, timeToExpiry: 0 }), -50_000, { abs: 1e-6 })
  })
  it('is linear in notional and falls with the strike', () => {
    fc.assert(
      fc.property(real(-100, 100), real(0, 1), (factor, strikeVariance) => {
        const value = varianceSwapValue({ ...swap, strikeVariance })
        expectNear(
          { factor, strikeVariance },
          varianceSwapValue({ ...swap, strikeVariance, notional: factor * swap.notional }),
          factor * value,
          {
            abs: 1e-6,
          },
        )
        expect(varianceSwapValue({ ...swap, strikeVariance: strikeVariance + 0.1 })).toBeLessThan(value)
      }),
      propertyRuns,
    )
  })
})

describe('bad input', () => {
  it('is refused by name', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      for (const field of ['spot', 'timeToExpiry', 'boundary'] as const)
        expectInvalid(field, () => varianceFromStrip({ ...published, [field]: bad }))
      expectInvalid('timeToExpiry', () => varianceOfSmile(() => 0.2, bad))
      expectInvalid('vol at', () => varianceOfSmile(() => bad, 1))
    }
    const { putStrikes, putVols } = published
    expectInvalid('putStrikes', () => varianceFromStrip({ ...published, putStrikes: [] }))
    expectInvalid('putStrikes', () => varianceFromStrip({ ...published, putStrikes: [100], putVols: [0.2] }))
    expectInvalid('putVols', () => varianceFromStrip({ ...published, putVols: putVols.slice(1) }))
    expectInvalid('putVols[3]', () => varianceFromStrip({ ...published, putVols: putVols.map((vol, i) => (i === 3 ? Number.NaN : vol)) }))
    expectInvalid('putStrikes[1]', () =>
      varianceFromStrip({ ...published, putStrikes: putStrikes.map((strike, i) => (i === 1 ? 50 : strike)) }),
    )
    expectInvalid('first of callStrikes', () =>
      varianceFromStrip({ ...published, callStrikes: published.callStrikes.map((strike) => strike + 1) }),
    )
    expectInvalid('elapsed + timeToExpiry', () =>
      varianceSwapValue({ realizedVariance: 0, elapsed: 0, fairVariance: 0, timeToExpiry: 0, strikeVariance: 0, rate: 0, notional: 1 }),
    )
    expectInvalid('notional', () =>
      varianceSwapValue({
        realizedVariance: 0,
        elapsed: 1,
        fairVariance: 0,
        timeToExpiry: 0,
        strikeVariance: 0,
        rate: 0,
        notional: Number.NaN,
      }),
    )
  })
})
