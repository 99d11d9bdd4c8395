import { InvalidInputError } from '../errors/index.ts'

/** @throws {InvalidInputError} `value` is no whole number. */
export function assertWhole(argument: string, value: number): void {
  if (!Number.isInteger(value)) throw new InvalidInputError({ argument, got: value, limit: 'a whole number' })
}
