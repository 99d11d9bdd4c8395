import type { CheckInput, CheckResult } from './Check.ts'
import { checks } from './index.ts'

/** Runs every check, in order. One that cannot be made is an error, not a silence. */
export function runChecks(input: CheckInput): CheckResult[] {
  return checks.map(({ name, title, check }) => {
    try {
      return { name, title, ...check(input) }
    } catch (error) {
      return { name, title, info: [], warnings: [], errors: [`This check could not be made: ${(error as Error).message}`] }
    }
  })
}
