import { assertInRange } from '../math/index.ts'
import type { Seconds } from '../types/index.ts'
import { assertChain } from './assertChain.ts'
import { describeSlice } from './describeSlice.ts'
import { fitSlice } from './fitSlice.ts'
import { planSlice, type SlicePlan, type UnavailablePlan } from './planSlice.ts'
import { crosses, type RepairedSlice, repairSlices } from './repairSlices.ts'
import type { OptionChain, RawSvi, SurfaceSlice, VolSurface } from './types.ts'

const DEFAULT_MAX_AGE: Seconds = 300

/**
 * An arbitrage-free volatility surface from a chain of quotes.
 *
 * Expiries with a full fit are repaired together. Expiries on a lower rung are then put in where they cross neither neighbour; one that does has no smile of its own and is interpolated.
 * Bad quotes never throw; the ladder of the README says what they leave.
 *
 * @param rules - `maxAge`: oldest quote that counts, seconds; 300 when absent.
 * @throws {InvalidInputError} `chain` cannot be one: times not whole, expiries not ascending, a price that is not finite, a line twice.
 * @see risk/surface/README.md for rules, accuracy and sources.
 */
export function buildSurface(chain: OptionChain, rules: { readonly maxAge?: Seconds } = {}): VolSurface {
  assertChain(chain)
  const maxAge = rules.maxAge ?? DEFAULT_MAX_AGE
  assertInRange('rules.maxAge', maxAge, 0, Number.MAX_SAFE_INTEGER)
  const planned = chain.expiries.map((quotes) => planSlice(chain, quotes, maxAge))
  const plans = planned.filter((each): each is SlicePlan => each.kind === 'plan')
  const fitted = repairFull(plans)
  const crossing: UnavailablePlan[] = []
  for (const plan of plans.filter(({ model }) => model !== 'svi')) {
    const svi = fitSlice(plan)
    if (crossesNeighbour(plan, svi, fitted)) crossing.push({ kind: 'unavailable', expiry: plan.expiry, reason: 'crossesNeighbours' })
    else fitted.set(plan, { svi, repairs: [] })
  }
  const slices: SurfaceSlice[] = plans.flatMap((plan) => {
    const slice = fitted.get(plan)
    return slice === undefined ? [] : [describeSlice(plan, slice)]
  })
  const unavailable = [...planned.filter((each): each is UnavailablePlan => each.kind === 'unavailable'), ...crossing]
    .sort((left, right) => left.expiry - right.expiry)
    .map(({ expiry, reason }) => ({ expiry, reason }))
  return { schema: 'ballast.surface', version: 1, time: chain.time, spot: chain.spot, slices, unavailable }
}

function repairFull(plans: readonly SlicePlan[]): Map<SlicePlan, RepairedSlice> {
  const full = plans.filter(({ model }) => model === 'svi')
  const repaired = repairSlices(full, full.map(fitSlice))
  return new Map(full.map((plan, i) => [plan, repaired[i]!]))
}

function crossesNeighbour({ expiry }: SlicePlan, svi: RawSvi, fitted: ReadonlyMap<SlicePlan, RepairedSlice>): boolean {
  return [...fitted].some(([other, slice]) => (other.expiry < expiry ? crosses(slice.svi, svi) : crosses(svi, slice.svi)))
}
