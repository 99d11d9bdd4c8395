import { InvalidInputError } from '../errors/index.ts'

/** Outcomes of a forecast that should fail with a given probability: how many there were, and in how many the loss went beyond it. */
export type BreachCount = { readonly observations: number; readonly breaches: number; readonly probability: number }

/** @throws {InvalidInputError} Counts are not whole, there are more breaches than observations, or the probability is outside (0, 1). */
export function assertCounts({ observations, breaches, probability }: BreachCount): void {
  if (!(Number.isInteger(observations) && observations >= 1 && observations <= 1e8))
    throw new InvalidInputError({ argument: 'observations', got: observations, limit: 'a whole number from 1 to 1e8' })
  if (!(Number.isInteger(breaches) && breaches >= 0 && breaches <= observations))
    throw new InvalidInputError({ argument: 'breaches', got: breaches, limit: `a whole number in [0, ${observations}]` })
  assertProbability('probability', probability)
}

/** @throws {InvalidInputError} The probability is outside (0, 1). */
export function assertProbability(argument: string, probability: number): void {
  if (!(probability > 0 && probability < 1)) throw new InvalidInputError({ argument, got: probability, limit: 'inside (0, 1)' })
}
