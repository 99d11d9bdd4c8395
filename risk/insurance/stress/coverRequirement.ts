import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, compensatedSum } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import type { ScenarioShortfalls } from './stressedShortfalls.ts'

/** Share of the sum of all shortfalls that counts, however many accounts they are spread over. */
const SYBIL_SHARE = 0.5
/** A group keeps this many of its worst on chain (contract-rules B15). */
const WORST = 8

/** What the fund must be able to pay. */
export type CoverRequirement = {
  /** Largest over scenarios of the two largest shortfalls together. */
  readonly coverTwo: Usd
  /** Largest over scenarios of max(two largest, half of the sum of all): splitting an account does not lower it below half of what it was. */
  readonly requirement: Usd
  /** Scenario that sets the requirement, the first of equals, and which rule did. */
  readonly scenario: string
  readonly rule: 'coverTwo' | 'halfOfAll'
  /** Sum of all shortfalls in that scenario. */
  readonly total: Usd
  /** Up to eight largest shortfalls of that scenario, largest first, by account index. */
  readonly worst: readonly { readonly account: number; readonly shortfall: Usd }[]
}

/**
 * Cover-2 and its Sybil-safe form. Two largest accounts mean little where one trader may hold a hundred.
 *
 * @param stressed - One entry or more, all of the same accounts; shortfalls at least 0.
 * @throws {InvalidInputError} There is no scenario, lengths differ, or a shortfall is negative or not finite.
 * @see risk-policy E1; PFMI principle 4 for Cover-2.
 */
export function coverRequirement(stressed: readonly ScenarioShortfalls[]): CoverRequirement {
  const first = stressed[0]
  if (first === undefined) throw new InvalidInputError({ argument: 'stressed', got: 'empty', limit: 'one scenario or more' })
  const covers = stressed.map(({ scenario, shortfalls }) => {
    if (shortfalls.length !== first.shortfalls.length)
      throw new InvalidInputError({
        argument: `shortfalls of ${scenario.name}`,
        got: `${shortfalls.length} accounts`,
        limit: `${first.shortfalls.length} accounts`,
      })
    return coverOf(scenario.name, shortfalls)
  })
  const binding = covers.reduce((most, cover) => (cover.requirement > most.requirement ? cover : most))
  return { ...binding, coverTwo: covers.reduce((most, cover) => Math.max(most, cover.coverTwo), 0) }
}

function coverOf(scenario: string, shortfalls: Float64Array): CoverRequirement {
  shortfalls.forEach((shortfall, account) => {
    assertInRange(`shortfalls[${account}] of ${scenario}`, shortfall, 0, 1e30)
  })
  const ranked = Array.from(shortfalls, (shortfall, account) => ({ account, shortfall }))
    .filter(({ shortfall }) => shortfall > 0)
    .sort((a, b) => b.shortfall - a.shortfall || a.account - b.account)
  const coverTwo = (ranked[0]?.shortfall ?? 0) + (ranked[1]?.shortfall ?? 0)
  const total = compensatedSum(ranked.map(({ shortfall }) => shortfall))
  const half = SYBIL_SHARE * total
  return {
    coverTwo,
    requirement: Math.max(coverTwo, half),
    scenario,
    rule: half > coverTwo ? 'halfOfAll' : 'coverTwo',
    total,
    worst: ranked.slice(0, WORST),
  }
}
