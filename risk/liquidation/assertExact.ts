import { InvalidInputError } from '../errors/index.ts'

/** Amounts fit 128 bits signed, so that no product of two overflows what a contract multiplies in. */
const LARGEST = 2n ** 127n - 1n
const BPS = 10_000

/** @throws {InvalidInputError} `value` is negative or beyond 2^127. */
export function assertAmount(argument: string, value: bigint): void {
  if (typeof value !== 'bigint' || value < 0n || value > LARGEST)
    throw new InvalidInputError({ argument, got: value, limit: 'a whole number in [0, 2^127)' })
}

/** @throws {InvalidInputError} `value` is beyond 2^127 in size. */
export function assertSigned(argument: string, value: bigint): void {
  if (typeof value !== 'bigint' || value < -LARGEST || value > LARGEST)
    throw new InvalidInputError({ argument, got: value, limit: 'a whole number below 2^127 in size' })
}

/** @throws {InvalidInputError} `value` is no whole number of basis points in [0, ceiling]. */
export function assertBps(argument: string, value: number, ceiling: number = BPS): void {
  if (!Number.isInteger(value) || value < 0 || value > ceiling)
    throw new InvalidInputError({ argument, got: value, limit: `a whole number of bps in [0, ${ceiling}]` })
}

/** @throws {InvalidInputError} `value` is no whole number of seconds in [least, 2^32). */
export function assertSeconds(argument: string, value: number, least = 0): void {
  if (!Number.isInteger(value) || value < least || value >= 4_294_967_296)
    throw new InvalidInputError({ argument, got: value, limit: `a whole number of seconds in [${least}, 2^32)` })
}
