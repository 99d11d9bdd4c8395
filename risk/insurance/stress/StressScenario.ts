import { assertInRange } from '../../math/index.ts'
import type { Fraction } from '../../types/index.ts'

/** One state of the world in which the fund has to hold. */
export type StressScenario = {
  readonly name: string
  /** Move of the index, in (-1, 10]; -0.5 halves it. */
  readonly spotMove: Fraction
  /** Factor on vols of 30 days or less, in [0.1, 10]; the excess over 1 falls with (30 d / T)^0.3 beyond. */
  readonly volMultiple: number
  /** Forwards and perpetuals against the index, relative, in [-0.5, 0.5]. */
  readonly basis: Fraction
  /** Depth is divided by it, in [1, 1000]. */
  readonly depthDivisor: number
  /** Gas costs are multiplied by it, in [1, 1000]. */
  readonly gasMultiple: number
}

/** @throws {InvalidInputError} A component is outside its range. */
export function assertScenario({ name, spotMove, volMultiple, basis, depthDivisor, gasMultiple }: StressScenario): void {
  assertInRange(`spotMove of ${name}`, spotMove, -1 + 1e-9, 10)
  assertInRange(`volMultiple of ${name}`, volMultiple, 0.1, 10)
  assertInRange(`basis of ${name}`, basis, -0.5, 0.5)
  assertInRange(`depthDivisor of ${name}`, depthDivisor, 1, 1000)
  assertInRange(`gasMultiple of ${name}`, gasMultiple, 1, 1000)
}
