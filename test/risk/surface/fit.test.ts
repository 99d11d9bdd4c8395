import { describe, expect, it } from 'vitest'
import { canonicalJson, contentHash } from '../../../risk/hash/index.ts'
import { fitSlice } from '../../../risk/surface/fitSlice.ts'
import { fitCost } from '../../../risk/surface/fitTargets.ts'
import { buildSurface, type RawSvi } from '../../../risk/surface/index.ts'
import { levenbergMarquardt } from '../../../risk/surface/levenbergMarquardt.ts'
import { planSlice, type SlicePlan } from '../../../risk/surface/planSlice.ts'
import { totalVariance } from '../../../risk/surface/totalVariance.ts'
import type { Json } from '../../../risk/types/index.ts'
import { deep } from '../support/propertyRuns.ts'
import { sliceOf, syntheticChain } from '../support/syntheticChain.ts'
import { uniforms } from '../support/uniforms.ts'

/** A plan of noisy quotes: each strike's quotes moved together by up to 1.5 half spreads. */
function noisyPlan(seed: number): SlicePlan {
  const draws = uniforms(seed, 200)
  const days = [2, 7, 30, 120][seed % 4]!
  const chain = syntheticChain([
    { days, svi: sliceOf(days, 0.3 + draws[0]!, draws[1]! - 0.6, 0.6 + draws[2]!), forward: 2_000, halfSpread: 0.01 },
  ])
  const [expiry] = chain.expiries
  const quotes = expiry!.quotes.map((quote, i) => {
    const shift = 1.5 * (2 * draws[3 + Math.floor(i / 2)]! - 1) * ((quote.ask! - quote.bid!) / 2)
    return { ...quote, bid: Math.max(0, quote.bid! + shift), ask: quote.ask! + shift }
  })
  const plan = planSlice(chain, { ...expiry!, quotes }, 300)
  if (plan.kind !== 'plan') throw new Error(plan.reason)
  return plan
}

const costOf = ({ targets, timeToExpiry }: SlicePlan, svi: RawSvi): number =>
  fitCost(targets, (k) => Math.sqrt(Math.max(0, totalVariance(svi, k)) / timeToExpiry))

/** Least cost by pattern search from many random starts: moves one parameter at a time and halves its steps. Shares nothing with the fit. */
function searchedCost(plan: SlicePlan, seed: number, starts: number): number {
  const draws = uniforms(seed, 5 * starts)
  const deviation = Math.sqrt(plan.theta)
  let best = Number.POSITIVE_INFINITY
  for (let start = 0; start < starts; start++) {
    const [d0, d1, d2, d3, d4] = draws.slice(5 * start) as [number, number, number, number, number]
    // Least variance and slope in standardised units, rho, m, ln sigma.
    let x = [0.3 + d0, 0.2 + d1, 1.6 * d2 - 0.8, 2 * d3 - 1, 2 * d4 - 1]
    const sviOf = ([least, b, rho, m, width]: readonly number[]): RawSvi => {
      const slope = Math.abs(b!) * deviation
      const tilt = Math.max(-0.99, Math.min(0.99, rho!))
      const sigma = Math.max(0.02, Math.exp(width!)) * deviation
      return {
        a: plan.theta * Math.max(1e-4, least!) - slope * sigma * Math.sqrt(1 - tilt * tilt),
        b: slope,
        rho: tilt,
        m: m! * deviation,
        sigma,
      }
    }
    let cost = costOf(plan, sviOf(x))
    for (let step = 0.3; step > 1e-4; ) {
      let improved = false
      for (let i = 0; i < 5; i++)
        for (const sign of [1, -1]) {
          const next = x.map((value, j) => (j === i ? value + sign * step : value))
          const nextCost = costOf(plan, sviOf(next))
          if (nextCost < cost - 1e-12) {
            x = next
            cost = nextCost
            improved = true
          }
        }
      if (!improved) step /= 2
    }
    best = Math.min(best, cost)
  }
  return best
}

describe('the fit', () => {
  it('costs no more than the best of a pattern search from random starts', () => {
    for (let seed = 1; seed <= (deep ? 40 : 8); seed++) {
      const plan = noisyPlan(seed)
      const searched = searchedCost(plan, seed, deep ? 12 : 4)
      expect(costOf(plan, fitSlice(plan)), `seed ${seed}`).toBeLessThanOrEqual(1.01 * searched + 1e-6)
    }
  }, 60_000)
  it('has the same bits everywhere: the hash of a surface', () => {
    const chain = syntheticChain(
      [2, 9, 30, 91].map((days, i) => ({ days, svi: sliceOf(days, 0.8 - 0.1 * i, -0.3, 1.6), forward: 2_000 + i })),
    )
    expect(contentHash(canonicalJson(buildSurface(chain) as unknown as Json))).toBe(
      '0xb09f4a2f754cc1d1f9cfce73f02ec0d412027c116e0e44315ccf31eba746e727',
    )
  })
})

describe('levenbergMarquardt', () => {
  const solve = (start: readonly number[], lower: readonly number[], upper: readonly number[]) =>
    levenbergMarquardt({
      start,
      lower,
      upper,
      count: 2,
      robust: 0,
      iterations: 500,
      // Rosenbrock's valley as residuals.
      residuals: ([x = 0, y = 0], out) => {
        out[0] = 10 * (y - x * x)
        out[1] = 1 - x
      },
    })
  it("finds the floor of Rosenbrock's valley", () => {
    const { x, cost } = solve([-1.2, 1], [-5, -5], [5, 5])
    expect(x[0]).toBeCloseTo(1, 6)
    expect(x[1]).toBeCloseTo(1, 6)
    expect(cost).toBeLessThan(1e-12)
  })
  it('stays in its box and finds the best point of its edge', () => {
    const { x } = solve([-1.2, 1], [-5, -5], [0.5, 5])
    expect(x[0]).toBe(0.5)
    expect(x[1]).toBeCloseTo(0.25, 6)
  })
  it('gives the mean to squares and the median to robust residuals', () => {
    const values = [0, 1, 2, 3, 1_000]
    const centre = (robust: number): number =>
      levenbergMarquardt({
        start: [10],
        lower: [-1e4],
        upper: [1e4],
        count: 5,
        robust,
        iterations: 500,
        residuals: ([x = 0], out) => {
          for (const [i, value] of values.entries()) out[i] = (x - value) * 100
        },
      }).x[0]!
    expect(centre(0)).toBeCloseTo(201.2, 4)
    expect(Math.abs(centre(5) - 2)).toBeLessThan(0.02)
  })
})
