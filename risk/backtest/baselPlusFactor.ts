import { InvalidInputError } from '../errors/index.ts'

/** For 5 to 9 breaches. */
const yellow = [0.4, 0.5, 0.65, 0.75, 0.85] as const

/**
 * What the Basel Committee adds to the multiplier of 3 for breaches in 250 days at 1 %.
 *
 * @throws {InvalidInputError} `breaches` is not a whole number of at least 0.
 * @see Basel Committee (1996), table 2.
 */
export function baselPlusFactor(breaches: number): number {
  if (!(Number.isInteger(breaches) && breaches >= 0))
    throw new InvalidInputError({ argument: 'breaches', got: breaches, limit: 'a whole number of at least 0' })
  return breaches < 5 ? 0 : (yellow[breaches - 5] ?? 1)
}
