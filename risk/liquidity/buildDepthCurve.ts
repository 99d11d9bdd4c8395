import { InvalidInputError } from '../errors/index.ts'
import type { Usd } from '../types/index.ts'
import { assertQuantity } from './assertMagnitude.ts'
import type { DepthCurve, SizedQuote } from './depthCurve.ts'

/**
 * Fits a convex cost curve to quotes: mean cost per distinct size, then slopes between neighbours pooled wherever a larger size looked cheaper at the margin
 * (pool adjacent violators, weighted by the width of the step).
 *
 * @param quotes - One or more, any order; `size` above 0 USD, `impact` in [0, 1).
 * @throws {InvalidInputError} There are none, or one is outside its domain.
 * @see Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order Restrictions (1972), 1.2, for the pooling.
 */
export function buildDepthCurve(quotes: readonly SizedQuote[]): DepthCurve {
  if (quotes.length === 0) throw new InvalidInputError({ argument: 'quotes', got: 'empty', limit: 'one quote or more' })
  quotes.forEach(({ size, impact }, i) => {
    assertQuantity(`quotes[${i}].size`, size)
    if (!(impact >= 0 && impact < 1)) throw new InvalidInputError({ argument: `quotes[${i}].impact`, got: impact, limit: 'in [0, 1)' })
  })
  const points = meanCosts(quotes)
  const steps = points.map(({ size, cost }, i) => {
    const before = points[i - 1] ?? { size: 0, cost: 0 }
    return { width: size - before.size, rise: cost - before.cost }
  })
  const sizes: Usd[] = []
  const costs: Usd[] = []
  let [size, cost] = [0, 0]
  for (const { width, rise } of poolSteps(steps)) {
    size += width
    cost += Math.max(0, rise)
    sizes.push(size)
    costs.push(cost)
  }
  return { sizes, costs }
}

type Step = { readonly width: number; readonly rise: number }

function meanCosts(quotes: readonly SizedQuote[]): { readonly size: Usd; readonly cost: Usd }[] {
  const sorted = [...quotes].sort((a, b) => a.size - b.size || a.impact - b.impact)
  const points: { size: Usd; cost: Usd }[] = []
  for (let i = 0; i < sorted.length; ) {
    const { size } = sorted[i]!
    let [sum, count] = [0, 0]
    for (; i < sorted.length && sorted[i]!.size === size; i++, count++) sum += sorted[i]!.impact
    points.push({ size, cost: (size * sum) / count })
  }
  return points
}

function poolSteps(steps: readonly Step[]): readonly Step[] {
  const pooled: Step[] = []
  for (const step of steps) {
    let last = step
    for (let before = pooled.at(-1); before !== undefined && before.rise * last.width >= last.rise * before.width; before = pooled.at(-1)) {
      last = { width: before.width + last.width, rise: before.rise + last.rise }
      pooled.pop()
    }
    pooled.push(last)
  }
  return pooled
}
