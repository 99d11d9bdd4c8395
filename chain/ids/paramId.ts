import { bytesToString, hexToBytes, stringToHex } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Hex, ParamId } from '../../risk/types/index.ts'

const name = /^[!-~]{1,31}$/

/**
 * The bytes32 of a parameter id: its ASCII name, left-aligned, zero-padded.
 *
 * @throws {InvalidInputError} The name is empty, longer than 31 characters or not printable ASCII without spaces.
 */
export function encodeParamId(id: ParamId): Hex {
  if (!name.test(id))
    throw new InvalidInputError({
      argument: 'id',
      got: id,
      limit: '1 to 31 printable ASCII characters without spaces',
    })
  return stringToHex(id, { size: 32 })
}

/**
 * The name in a bytes32 parameter id.
 *
 * @throws {InvalidInputError} The bytes are not a name that {encodeParamId} makes.
 */
export function decodeParamId(bytes: Hex): ParamId {
  return decodeName(bytes, 'id', 0)
}

/** Left-aligned, zero-padded printable ASCII from byte `offset` of 32 bytes on. */
export function decodeName(bytes: Hex, argument: string, offset: number): string {
  const raw = hexToBytes(bytes)
  const text = bytesToString(raw.subarray(offset)).replace(/\0+$/, '')
  if (raw.length !== 32 || !name.test(text))
    throw new InvalidInputError({
      argument,
      got: bytes,
      limit: '32 bytes with a left-aligned ASCII name of 1 to 31 characters',
    })
  return text
}
