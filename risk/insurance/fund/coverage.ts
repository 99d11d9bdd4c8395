import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Bps, Usd } from '../../types/index.ts'

/** Target of the fund, and how much of it is there. */
export type Coverage =
  | { readonly kind: 'measured'; readonly target: Usd; readonly ratio: number; readonly gap: Usd }
  /** No account can fall short in any scenario: there is nothing to cover. */
  | { readonly kind: 'unavailable'; readonly reason: 'nothingToCover' }

/**
 * Fund over target, target = requirement x `insurance.coverTarget`.
 *
 * @param fund - USD, at least 0.
 * @param requirement - From {@link coverRequirement}, at least 0.
 * @param coverTargetBps - 10,000 is the requirement itself.
 * @throws {InvalidInputError} An argument is outside its domain.
 */
export function coverage(fund: Usd, requirement: Usd, coverTargetBps: Bps): Coverage {
  assertInRange('fund', fund, 0, 1e18)
  assertInRange('requirement', requirement, 0, 1e18)
  if (!(Number.isInteger(coverTargetBps) && coverTargetBps >= 1 && coverTargetBps <= 100_000))
    throw new InvalidInputError({ argument: 'coverTargetBps', got: coverTargetBps, limit: 'a whole number in [1, 100000]' })
  if (requirement === 0) return { kind: 'unavailable', reason: 'nothingToCover' }
  const target = (requirement * coverTargetBps) / 10_000
  const ratio = fund / target
  if (ratio === Number.POSITIVE_INFINITY) return { kind: 'unavailable', reason: 'nothingToCover' }
  return { kind: 'measured', target, ratio, gap: Math.max(0, target - fund) }
}
