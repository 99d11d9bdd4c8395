import { assertInRange, compensatedSum } from '../../math/index.ts'
import type { Fraction, Usd } from '../../types/index.ts'
import type { StressScenario } from './StressScenario.ts'
import { assertClosingCosts, type ClosingCosts, shortfallsIn } from './stressedShortfalls.ts'
import type { StressExtremes } from './stressSet.ts'
import type { BookValuer } from './valueBook.ts'

/** The smallest stress found that empties the fund. */
export type ReverseStress =
  | {
      readonly kind: 'found'
      /** Euclidean length in units of the stress set: one for each component at its extreme, two for all four. */
      readonly size: number
      /** Components in those units: spot is negative for a fall. */
      readonly components: Components
      readonly scenario: StressScenario
      /** Sum of all shortfalls there. */
      readonly shortfall: Usd
      /** How often the book was revalued. */
      readonly evaluations: number
    }
  | {
      readonly kind: 'unavailable'
      readonly reason: 'fundOutlastsSearch'
      /** Largest sum of shortfalls met, and how far was searched. */
      readonly shortfall: Usd
      readonly searchedTo: number
      readonly evaluations: number
    }

export type Components = { readonly spot: number; readonly vol: number; readonly basis: number; readonly depth: number }

/** Farthest stress looked at: twice the whole set. */
const FARTHEST = 4
/** Steps of the march along a direction; a loss that shows only between two of them is missed. */
const STEP = 0.125
const BISECTIONS = 20
/** Passes of the search that takes off every component what is not needed. */
const PASSES = 4

/**
 * Searches the smallest (spot, vol, basis, depth) that leaves shortfalls of at least the fund.
 *
 * Components are measured in the extremes of the stress set; gas moves with depth. Directions: all combinations of {-2..2} for spot and basis and {0, 1, 2} for vol
 * and depth, normalised. Each is marched in steps of 1/8 up to the best size so far, then bisected; the best point is refined by shrinking one component after the other
 * as long as the fund still empties. The figure is an upper bound of the true minimum, exact along the directions searched where the loss grows with the move.
 *
 * @param fund - USD, above 0.
 * @throws {InvalidInputError} The fund or a cost is outside its domain.
 * @see risk-policy E2; Basel Committee, Principles for sound stress testing (2009), principle 9, for reverse stress.
 */
export function reverseStress(valuer: BookValuer, costs: ClosingCosts, extremes: StressExtremes, fund: Usd): ReverseStress {
  assertInRange('fund', fund, 1e-9, 1e18)
  assertClosingCosts(costs)
  let evaluations = 0
  let largest = 0
  const lossAt = (components: Components): Usd => {
    evaluations++
    const loss = compensatedSum(shortfallsIn(valuer, costs, scenarioAt(components, extremes)))
    largest = Math.max(largest, loss)
    return loss
  }
  const empties = (components: Components): boolean => lossAt(components) >= fund

  let best: Components | null = null
  let bestSize = FARTHEST
  for (const direction of directions) {
    const limit = Math.min(bestSize, spotLimit(direction, extremes))
    const size = crossing((length) => empties(scaled(direction, length)), limit)
    if (size !== null && size < bestSize) {
      best = scaled(direction, size)
      bestSize = size
    }
  }
  if (best === null) return { kind: 'unavailable', reason: 'fundOutlastsSearch', shortfall: largest, searchedTo: FARTHEST, evaluations }
  const components = shrunk(best, empties)
  const shortfall = lossAt(components)
  return { kind: 'found', size: lengthOf(components), components, scenario: scenarioAt(components, extremes), shortfall, evaluations }
}

/** First length at which it empties, or null up to `limit`. */
function crossing(empties: (length: number) => boolean, limit: number): number | null {
  for (let from = 0; from < limit; from += STEP) {
    const to = Math.min(limit, from + STEP)
    if (!empties(to)) continue
    let [short, enough] = [from, to]
    for (let i = 0; i < BISECTIONS; i++) {
      const middle = 0.5 * (short + enough)
      if (empties(middle)) enough = middle
      else short = middle
    }
    return enough
  }
  return null
}

/** Takes off each component in turn what emptying the fund does not need. */
function shrunk(start: Components, empties: (components: Components) => boolean): Components {
  let best = start
  for (let pass = 0; pass < PASSES; pass++) {
    for (const name of ['spot', 'vol', 'basis', 'depth'] as const) {
      const full = best[name]
      if (full === 0) continue
      if (empties({ ...best, [name]: 0 })) {
        best = { ...best, [name]: 0 }
        continue
      }
      let [short, enough] = [0, 1]
      for (let i = 0; i < BISECTIONS; i++) {
        const middle = 0.5 * (short + enough)
        if (empties({ ...best, [name]: full * middle })) enough = middle
        else short = middle
      }
      best = { ...best, [name]: full * enough }
    }
  }
  return best
}

function scenarioAt({ spot, vol, basis, depth }: Components, extremes: StressExtremes): StressScenario {
  return {
    name: 'reverse stress',
    spotMove: spotMoveOf(spot, extremes),
    volMultiple: 1 + vol * (extremes.volMultiple - 1),
    basis: basis * extremes.basis,
    depthDivisor: 1 + depth * (extremes.depthDivisor - 1),
    gasMultiple: 1 + depth * (extremes.gasMultiple - 1),
  }
}

function spotMoveOf(spot: number, { fall, rise }: StressExtremes): Fraction {
  return spot * (spot < 0 ? fall : rise)
}

/** The index cannot fall by more than everything. */
function spotLimit({ spot }: Components, { fall }: StressExtremes): number {
  return spot < 0 ? (1 - 1e-6) / (-spot * fall) : FARTHEST
}

function scaled({ spot, vol, basis, depth }: Components, length: number): Components {
  return { spot: spot * length, vol: vol * length, basis: basis * length, depth: depth * length }
}

function lengthOf({ spot, vol, basis, depth }: Components): number {
  return Math.sqrt(spot * spot + vol * vol + basis * basis + depth * depth)
}

/** Unit vectors, those with the fewest components first, so that the march along the others is short. */
const directions: readonly Components[] = buildDirections()

function buildDirections(): readonly Components[] {
  const seen = new Set<string>()
  const all: Components[] = []
  for (const spot of [-2, -1, 0, 1, 2])
    for (const basis of [-2, -1, 0, 1, 2])
      for (const vol of [0, 1, 2])
        for (const depth of [0, 1, 2]) {
          const length = lengthOf({ spot, vol, basis, depth })
          if (length === 0) continue
          const unit = scaled({ spot, vol, basis, depth }, 1 / length)
          const key = Object.values(unit)
            .map((component) => component.toFixed(12))
            .join()
          if (!seen.has(key)) all.push(unit)
          seen.add(key)
        }
  const parts = (each: Components): number => Object.values(each).filter((component) => component !== 0).length
  return all.sort((a, b) => parts(a) - parts(b))
}
