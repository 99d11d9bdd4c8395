import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, assertPositive } from '../math/index.ts'
import { assertProbability } from './assertCounts.ts'

/** Outcomes and the forecasts made for them, one each; losses are negative profits, the risk measures positive when they are losses. */
export type TailForecasts = {
  readonly profits: ArrayLike<number>
  readonly valueAtRisk: ArrayLike<number>
  readonly expectedShortfall: ArrayLike<number>
  /** Of both measures, for example 0.975. */
  readonly level: number
}

/**
 * @throws {InvalidInputError} Lengths differ, the level is outside (0, 1), a number is not finite, or an expected shortfall is not positive
 * or below its value at risk.
 */
export function assertTailForecasts({ profits, valueAtRisk, expectedShortfall, level }: TailForecasts): void {
  assertProbability('level', level)
  assertFiniteValues('profits', profits)
  for (const [name, values] of [
    ['valueAtRisk', valueAtRisk],
    ['expectedShortfall', expectedShortfall],
  ] as const) {
    assertFiniteValues(name, values)
    if (values.length !== profits.length)
      throw new InvalidInputError({ argument: name, got: `${values.length} values`, limit: `${profits.length}, as many as profits` })
  }
  for (let t = 0; t < profits.length; t++) {
    assertPositive(`expectedShortfall[${t}]`, expectedShortfall[t]!)
    if (!(expectedShortfall[t]! >= valueAtRisk[t]!))
      throw new InvalidInputError({
        argument: `expectedShortfall[${t}]`,
        got: expectedShortfall[t],
        limit: `at least ${valueAtRisk[t]}, the value at risk`,
      })
  }
}
