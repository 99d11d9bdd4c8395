import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  excursionLoss,
  excursionLosses,
  expandingPurgedQuantiles,
  expectedShortfall,
  historicalMoves,
  historicalVar,
  purgedQuantile,
} from '../../../risk/tail/index.ts'
import { historicalTailCases, normalShortfall } from '../reference/tail.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { referenceNormals } from '../support/uniforms.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const sample = fc.array(real(-1e6, 1e6), { minLength: 1, maxLength: 120 })
const level = real(0.01, 0.99)

/** Second method: every scenario has weight 1/n; take the worst ones until 1 - level is used up. */
function weighedShortfall(pnl: readonly number[], tail: number): number {
  let left = (1 - tail) * pnl.length
  let sum = 0
  for (const profit of [...pnl].sort((a, b) => a - b)) {
    const weight = Math.min(1, left)
    sum -= weight * profit
    left -= weight
    if (left <= 0) break
  }
  return sum / ((1 - tail) * pnl.length)
}

describe('expectedShortfall and historicalVar', () => {
  it.each(historicalTailCases)(
    '$id',
    ({ seed, n, level: at, first3, shortfall, var7, shortfallOfWholeScenarios, varOrderStatistic, worst, abs }) => {
      const draws = referenceNormals(seed, n)
      for (const [i, figure] of first3.entries()) expectNear({ draw: i }, draws[i]!, figure, { abs: 1e-12 })
      expectNear({ seed, n }, expectedShortfall(draws, at), shortfall, { abs })
      expectNear({ seed, n }, historicalVar(draws, at), var7, { abs })
      // The other conventions of the table are these functions at the levels of whole scenarios.
      const whole = Math.floor(n * (1 - at) + 1e-9)
      expectNear({ whole }, expectedShortfall(draws, 1 - whole / n), shortfallOfWholeScenarios, { abs })
      expectNear({ seed, n }, historicalVar(draws, (Math.ceil(n * at) - 1) / (n - 1)), varOrderStatistic, { abs })
      expectNear({ seed, n }, expectedShortfall(draws, 1 - 0.5 / n), worst, { abs })
    },
  )
  it('approaches the closed form of the normal (seed 3, 200,000 draws)', () => {
    // Four standard errors: the tail holds 5,000 draws with a spread of about 0.35.
    expectNear('normal', expectedShortfall(referenceNormals(3, 200_000), normalShortfall.level), normalShortfall.expected, {
      abs: (4 * 0.35) / Math.sqrt(5000) + 0.01,
    })
  })
  it('equals the weighing of scenarios', () => {
    fc.assert(
      fc.property(sample, level, (pnl, at) =>
        expectNear({ pnl, at }, expectedShortfall(pnl, at), weighedShortfall(pnl, at), { abs: 1e-8 }),
      ),
      propertyRuns,
    )
  })
  it('ES is never below VaR, never above the worst loss', () => {
    fc.assert(
      fc.property(sample, level, (pnl, at) => {
        const shortfall = expectedShortfall(pnl, at)
        expect(shortfall, JSON.stringify({ pnl, at })).toBeGreaterThanOrEqual(historicalVar(pnl, at) - 1e-7)
        expect(shortfall, JSON.stringify({ pnl, at })).toBeLessThanOrEqual(-Math.min(...pnl) + 1e-7)
      }),
      propertyRuns,
    )
  })
  it('is subadditive, homogeneous, and shifts with cash', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(real(-1e3, 1e3), real(-1e3, 1e3)), { minLength: 1, maxLength: 60 }),
        level,
        real(0, 10),
        (pairs, at, factor) => {
          const a = pairs.map(([x]) => x)
          const b = pairs.map(([, y]) => y)
          const both = pairs.map(([x, y]) => x + y)
          expect(expectedShortfall(both, at), JSON.stringify({ pairs, at })).toBeLessThanOrEqual(
            expectedShortfall(a, at) + expectedShortfall(b, at) + 1e-9,
          )
          expectNear(
            { a, factor },
            expectedShortfall(
              a.map((x) => factor * x),
              at,
            ),
            factor * expectedShortfall(a, at),
            { abs: 1e-9 },
          )
          expectNear(
            { a, factor },
            expectedShortfall(
              a.map((x) => x + factor),
              at,
            ),
            expectedShortfall(a, at) - factor,
            { abs: 1e-9 },
          )
        },
      ),
      propertyRuns,
    )
  })
  it('gives the same bits in any order of scenarios', () => {
    fc.assert(
      fc.property(
        sample.chain((pnl) => fc.tuple(fc.constant(pnl), fc.shuffledSubarray(pnl, { minLength: pnl.length }))),
        level,
        ([pnl, shuffled], at) => {
          expect(expectedShortfall(shuffled, at) === expectedShortfall(pnl, at), JSON.stringify({ pnl, shuffled, at })).toBe(true)
        },
      ),
      propertyRuns,
    )
  })
  it('refuses an empty sample, NaN, and a level of 0 or 1', () => {
    for (const measure of [expectedShortfall, historicalVar]) {
      expectInvalid('pnl', () => measure([], 0.5))
      expectInvalid('pnl[1]', () => measure([1, Number.NaN], 0.5))
      for (const at of [0, 1, Number.NaN]) expectInvalid('level', () => measure([1], at))
    }
  })
})

describe('excursion losses', () => {
  const bars = [
    { end: 1, high: 101, low: 99, close: 100 },
    { end: 2, high: 104, low: 95, close: 103 },
    { end: 3, high: 120, low: 102, close: 110 },
    { end: 4, high: 112, low: 111, close: 111 },
  ]
  it('count lows for the long and highs for the short, as a share of the entry price', () => {
    expect(excursionLoss(100, bars.slice(1, 3))).toEqual({ long: 0.05, short: 0.2 })
    expect(excursionLoss(200, bars.slice(3))).toEqual({ long: 89 / 200, short: 0 })
  })
  it('of a series leave out the entry bar and end where the horizon is incomplete', () => {
    const { long, short } = excursionLosses(bars, 2)
    expect([...long]).toEqual([0.05, 1 / 103])
    expect([...short]).toEqual([0.2, 17 / 103])
    expect(excursionLosses(bars, 4).long).toHaveLength(0)
  })
  it('refuse bad prices, a bad horizon and disorder', () => {
    expectInvalid('entry', () => excursionLoss(0, bars))
    expectInvalid('path', () => excursionLoss(1, []))
    expectInvalid('path[0].low', () => excursionLoss(1, [{ high: 1, low: Number.NaN }]))
    expectInvalid('horizon', () => excursionLosses(bars, 0.5))
    expectInvalid('bars[1].end', () => excursionLosses([bars[1]!, bars[0]!], 1))
    expectInvalid('bars[0].high', () => excursionLosses([{ ...bars[0]!, high: -1 }], 1))
  })
})

describe('purged quantiles', () => {
  it('use only outcomes whose horizon is over', () => {
    const outcomes = [1, 2, 3, 4, 1e9]
    expect(purgedQuantile(outcomes, 5, 1, 1)).toBe(4)
    expect(purgedQuantile(outcomes, 5, 3, 1)).toBe(2)
    expect(purgedQuantile(outcomes, 5, 5, 1)).toBeNull()
    expect(purgedQuantile(outcomes, 5, 3, 0.5, 3)).toBeNull()
    expect(purgedQuantile(outcomes, 99, 0, 0)).toBe(1)
  })
  it('do not look at what is not known yet, not even for NaN', () => {
    expect(purgedQuantile([1, 2, Number.NaN], 3, 1, 1)).toBe(2)
  })
  it('along a history equal one call per bar, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.array(real(0, 10), { maxLength: 80 }),
        fc.nat(10),
        level,
        fc.integer({ min: 1, max: 5 }),
        (outcomes, horizon, at, minimum) => {
          const expected = outcomes.map((_, t) => purgedQuantile(outcomes, t + 1, horizon, at, minimum))
          expect(expandingPurgedQuantiles(outcomes, horizon, at, minimum), JSON.stringify({ outcomes, horizon, at })).toEqual(expected)
        },
      ),
      propertyRuns,
    )
  })
  it('refuse counts and levels outside their range', () => {
    expectInvalid('horizon', () => purgedQuantile([1], 1, -1, 0.5))
    expectInvalid('knownBars', () => purgedQuantile([1], 0.5, 0, 0.5))
    expectInvalid('minimum', () => purgedQuantile([1], 1, 0, 0.5, 0))
    expectInvalid('level', () => expandingPurgedQuantiles([1], 0, 2))
    expectInvalid('outcomes[0]', () => purgedQuantile([Number.NaN], 1, 0, 0.5))
  })
})

describe('historicalMoves', () => {
  it('are relative moves over the horizon', () => {
    expect([...historicalMoves([100, 110, 99], 1)]).toEqual([0.1, -0.1])
    expect([...historicalMoves([100, 110, 99], 2)]).toEqual([-0.01])
    expect(historicalMoves([100], 5)).toHaveLength(0)
  })
  it('refuse a bad horizon and a bad close', () => {
    expectInvalid('horizon', () => historicalMoves([1], 0))
    expectInvalid('closes[1]', () => historicalMoves([1, 0], 1))
  })
})
