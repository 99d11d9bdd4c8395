import { InvalidInputError } from '../errors/index.ts'

/** @throws {InvalidInputError} `value` is NaN or outside [floor, ceiling]. */
export function assertInRange(argument: string, value: number, floor: number, ceiling: number): void {
  if (!(value >= floor && value <= ceiling)) throw new InvalidInputError({ argument, got: value, limit: `in [${floor}, ${ceiling}]` })
}
