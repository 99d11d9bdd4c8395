import { InvalidInputError } from '../errors/index.ts'

/** How often a calm outcome was followed by a calm one, a calm one by a breach, a breach by a calm one, a breach by a breach. */
export type BreachTransitions = {
  readonly calmCalm: number
  readonly calmBreach: number
  readonly breachCalm: number
  readonly breachBreach: number
}

/**
 * Counts the transitions of a sequence of outcomes.
 *
 * @param breaches - Two or more, in time order, of windows that do not overlap: of overlapping ones no test is valid.
 * @throws {InvalidInputError} Fewer than two outcomes.
 */
export function breachTransitions(breaches: readonly boolean[]): BreachTransitions {
  if (breaches.length < 2) throw new InvalidInputError({ argument: 'breaches', got: `${breaches.length} outcomes`, limit: 'two or more' })
  const counts = { calmCalm: 0, calmBreach: 0, breachCalm: 0, breachBreach: 0 }
  for (let t = 1; t < breaches.length; t++) {
    if (breaches[t - 1]) counts[breaches[t] ? 'breachBreach' : 'breachCalm'] += 1
    else counts[breaches[t] ? 'calmBreach' : 'calmCalm'] += 1
  }
  return counts
}
