import { concatHex, toHex } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Hex } from '../../risk/types/index.ts'

const WORD_DIGITS = 64

/** Words of a ladder as the contract takes them. */
export function encodeWords(words: readonly bigint[]): Hex {
  return concatHex(words.map((word) => toHex(word, { size: 32 })))
}

/**
 * Words out of a blob's code, whose first byte stops whoever would run it.
 *
 * @throws {InvalidInputError} The code is no blob of whole words.
 */
export function decodeBlob(code: Hex): readonly bigint[] {
  const digits = code.slice(4)
  if (!code.startsWith('0x00') || digits.length === 0 || digits.length % WORD_DIGITS !== 0)
    throw new InvalidInputError({
      argument: 'code',
      got: `${code.slice(0, 10)}..., ${code.length / 2 - 1} bytes`,
      limit: 'a zero byte and words of 32 bytes',
    })
  return Array.from({ length: digits.length / WORD_DIGITS }, (_, i) => BigInt(`0x${digits.slice(i * WORD_DIGITS, (i + 1) * WORD_DIGITS)}`))
}
