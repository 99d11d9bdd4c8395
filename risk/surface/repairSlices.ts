import { inspectButterfly } from './checkButterfly.ts'
import { inspectCalendar } from './checkCalendar.ts'
import { checkGrid, penaltyGrid } from './checkGrid.ts'
import { fitSsvi } from './fitSsvi.ts'
import { type ArbitragePenalty, fitSvi } from './fitSvi.ts'
import { fitCost } from './fitTargets.ts'
import type { SlicePlan } from './planSlice.ts'
import { totalVariance } from './totalVariance.ts'
import type { RawSvi, Repair } from './types.ts'

export type RepairedSlice = { readonly svi: RawSvi; readonly repairs: readonly Repair[] }

/** Weights of the penalty, one sweep over the expiries each, until nothing is violated. */
const SWEEP_WEIGHTS = [1, 3, 10, 30, 100]
/** Weights with which a slice that still has a violation is then pressed below the next longer one. */
const PRESSING_WEIGHTS = [100, 1_000, 10_000]
/** Rounding that a scaled slice leaves below the longer one. */
const SCALE_ROOM = 1e-9

/**
 * Takes butterfly and calendar arbitrage out of fitted slices.
 *
 * Rule: (1) sweeps over the expiries, there and back, fit each slice that has a violation again with a penalty on it, whose weight rises from sweep to sweep: of two slices
 * that cross, the one that its quotes hold less gives way. (2) From the longest to the shortest, a slice that still has a violation is pressed below the next longer one,
 * which stays as it is; (3) if butterfly arbitrage is left it takes the two-parameter smile, which has none; (4) if it still crosses, it is scaled down by the worst ratio,
 * or takes the shape of the longer one scaled to its own level at the money: whichever is free and fits better. Scaling down cannot bring butterfly arbitrage in: with
 * g = A - B - C + D for w, that of s w is A - s B - s^2 C + s D, and g(s w) - s g(w) = (1 - s) A + s (1 - s) C >= 0 for s <= 1. So the result has neither, whatever the fits do.
 *
 * @param plans - Ascending by expiry, all with a full fit.
 * @param fitted - Their slices.
 */
export function repairSlices(plans: readonly SlicePlan[], fitted: readonly RawSvi[]): RepairedSlice[] {
  const slices = [...fitted]
  const repairs = plans.map(() => new Set<Repair>())
  refitInSweeps(plans, slices, repairs)
  for (let i = slices.length - 1; i >= 0; i--) slices[i] = settle(plans[i]!, slices[i]!, slices[i + 1] ?? null, repairs[i]!)
  return slices.map((svi, i) => ({ svi, repairs: [...repairs[i]!] }))
}

/** Step 1. */
function refitInSweeps(plans: readonly SlicePlan[], slices: RawSvi[], repairs: readonly Set<Repair>[]): void {
  const order = plans.map((_, i) => i)
  for (const weight of SWEEP_WEIGHTS) {
    let violations = 0
    for (const i of order.reverse()) {
      const [svi, longer, shorter] = [slices[i]!, slices[i + 1] ?? null, slices[i - 1] ?? null]
      const bent = isBent(svi)
      const crossing = crosses(svi, longer) || crosses(shorter, svi)
      if (!bent && !crossing) continue
      violations++
      slices[i] = refit(plans[i]!, svi, { weight, grid: gridOf(penaltyGrid, plans[i]!, longer, shorter), longer, shorter })
      if (bent) repairs[i]!.add('butterflyRefit')
      if (crossing) repairs[i]!.add('calendarRefit')
    }
    if (violations === 0) return
  }
}

/** Steps 2 to 4 for one slice, against the next longer one, which is settled. */
function settle(plan: SlicePlan, fitted: RawSvi, longer: RawSvi | null, repairs: Set<Repair>): RawSvi {
  let svi = fitted
  for (const weight of PRESSING_WEIGHTS) {
    const bent = isBent(svi)
    const crossing = crosses(svi, longer)
    if (!bent && !crossing) return svi
    svi = refit(plan, svi, { weight, grid: gridOf(checkGrid, plan, longer, null), longer, shorter: null })
    if (bent) repairs.add('butterflyRefit')
    if (crossing) repairs.add('calendarRefit')
  }
  if (isBent(svi)) {
    svi = fitSsvi(plan.targets, plan.timeToExpiry, plan.theta)
    repairs.add('ssviFallback')
  }
  return longer !== null && crosses(svi, longer) ? scaleBelow(plan, svi, longer, repairs) : svi
}

/** Step 4. */
function scaleBelow({ targets, timeToExpiry, theta }: SlicePlan, svi: RawSvi, longer: RawSvi, repairs: Set<Repair>): RawSvi {
  const own = scaleSlice(svi, (1 - SCALE_ROOM) / inspectCalendar(svi, longer).greatest.ratio)
  const borrowed = scaleSlice(longer, Math.min(1 - SCALE_ROOM, theta / totalVariance(longer, 0)))
  const costOf = (each: RawSvi): number => fitCost(targets, (k) => Math.sqrt(totalVariance(each, k) / timeToExpiry))
  const ownIsFree = totalVariance(own, 0) > 0 && !isBent(own) && !crosses(own, longer)
  if (ownIsFree && costOf(own) <= costOf(borrowed)) {
    repairs.add('calendarScale')
    return own
  }
  repairs.add('longerShape')
  return borrowed
}

function refit({ targets, timeToExpiry, theta }: SlicePlan, svi: RawSvi, penalty: ArbitragePenalty): RawSvi {
  return fitSvi(targets, timeToExpiry, theta, penalty, svi)
}

function gridOf(kind: typeof checkGrid, { theta }: SlicePlan, longer: RawSvi | null, shorter: RawSvi | null): readonly number[] {
  return kind(
    Math.sqrt(theta),
    [longer, shorter].filter((each) => each !== null),
  )
}

const isBent = (svi: RawSvi): boolean => !inspectButterfly(svi).free

/** Whether a shorter slice rises above a longer one; false when either is not there. */
export function crosses(shorter: RawSvi | null, longer: RawSvi | null): boolean {
  return shorter !== null && longer !== null && !inspectCalendar(shorter, longer).free
}

function scaleSlice({ a, b, rho, m, sigma }: RawSvi, factor: number): RawSvi {
  return { a: a * factor, b: b * factor, rho, m, sigma }
}
