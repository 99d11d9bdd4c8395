import { InvalidInputError } from '../errors/index.ts'

/** @throws {InvalidInputError} `value` is not a finite number above zero. */
export function assertPositive(argument: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new InvalidInputError({ argument, got: value, limit: 'finite and above 0' })
}
