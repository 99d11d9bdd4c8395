import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from '../math/index.ts'

/** Limits of what this folder takes for a price or an amount: wide enough for any market, narrow enough that squares and sums stay finite. */
const LEAST = 1e-15
const LARGEST_PRICE = 1e15
const LARGEST_AMOUNT = 1e30

/** @throws {InvalidInputError} `value` is no price: outside [1e-15, 1e15]. */
export function assertPrice(argument: string, value: number): void {
  assertInRange(argument, value, LEAST, LARGEST_PRICE)
}

/** @throws {InvalidInputError} `value` is no amount traded or on offer: outside [1e-15, 1e30]. */
export function assertQuantity(argument: string, value: number): void {
  assertInRange(argument, value, LEAST, LARGEST_AMOUNT)
}

/** @throws {InvalidInputError} `value` is neither 0 nor an amount: outside [1e-15, 1e30]. */
export function assertQuantityOrZero(argument: string, value: number): void {
  if (!(value === 0 || (value >= LEAST && value <= LARGEST_AMOUNT)))
    throw new InvalidInputError({ argument, got: value, limit: `0 or in [${LEAST}, ${LARGEST_AMOUNT}]` })
}

/** @throws {InvalidInputError} A value is not finite or larger than 1e30 in size; the index is named. */
export function assertMagnitudes(argument: string, values: ArrayLike<number>): void {
  if (values.length === 0) throw new InvalidInputError({ argument, got: 'empty', limit: 'one or more numbers' })
  for (let i = 0; i < values.length; i++) assertInRange(`${argument}[${i}]`, values[i]!, -LARGEST_AMOUNT, LARGEST_AMOUNT)
}
