import { OutOfRangeError } from '../../risk/errors/index.ts'
import type { ParameterValue } from '../../risk/types/index.ts'

/**
 * A stored word as a parameter value.
 *
 * @throws {OutOfRangeError} It is outside [0, 2^48 - 1], which the contracts never store.
 */
export function decodeValue(word: bigint): ParameterValue {
  const value = Number(word)
  if (!(value >= 0 && value <= 2 ** 48 - 1))
    throw new OutOfRangeError({ quantity: 'parameter value', got: word, floor: 0, ceiling: 2 ** 48 - 1 })
  return value as ParameterValue
}

/**
 * A count or sum of the chain as a number.
 *
 * @throws {OutOfRangeError} It is beyond 2^53 - 1 and would lose digits.
 */
export function decodeInteger(word: bigint): number {
  const value = Number(word)
  if (!Number.isSafeInteger(value))
    throw new OutOfRangeError({
      quantity: 'integer of the chain',
      got: word,
      floor: Number.MIN_SAFE_INTEGER,
      ceiling: Number.MAX_SAFE_INTEGER,
    })
  return value
}

/** An hour, a value or a timestamp for an argument that the ABI types as bigint. */
export function encodeInteger(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new OutOfRangeError({ quantity: 'integer for the chain', got: value, floor: 0, ceiling: Number.MAX_SAFE_INTEGER })
  return BigInt(value)
}
