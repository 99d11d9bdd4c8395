import { getAddress, isAddress, padHex, toHex } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address } from '../../risk/types/index.ts'

/** A margin account: its owner, and the number of the sub-account below 2^96. */
export type AccountName = { readonly owner: Address; readonly sub: bigint }

const SUBS = 1n << 96n

/**
 * The number of an account as contracts have it: owner in the upper 160 bits, sub-account in the lower 96.
 *
 * @throws {InvalidInputError} The sub-account is negative or beyond 2^96.
 */
export function encodeAccountId({ owner, sub }: AccountName): bigint {
  if (sub < 0n || sub >= SUBS) throw new InvalidInputError({ argument: 'sub-account', got: sub, limit: 'a whole number in [0, 2^96)' })
  return (BigInt(owner) << 96n) | sub
}

/**
 * Owner and sub-account of a number.
 *
 * @throws {InvalidInputError} The number is negative or beyond 2^256.
 */
export function decodeAccountId(id: bigint): AccountName {
  if (id < 0n || id >> 256n !== 0n) throw new InvalidInputError({ argument: 'account', got: id, limit: 'a whole number in [0, 2^256)' })
  return { owner: getAddress(padHex(toHex(id >> 96n), { size: 20 })), sub: id % SUBS }
}

/** `0xOwner/0`: as people write and read an account. */
export function formatAccountId(id: bigint): string {
  const { owner, sub } = decodeAccountId(id)
  return `${owner}/${sub}`
}

/**
 * The account of {@link formatAccountId}; the sub-account is 0 when it is left out.
 *
 * @throws {InvalidInputError} It is not an address, or the sub-account not a whole number below 2^96.
 */
export function parseAccountId(text: string): bigint {
  const [owner = '', sub = '0', ...rest] = text.split('/')
  if (!isAddress(owner) || !/^\d+$/.test(sub) || rest.length > 0)
    throw new InvalidInputError({ argument: 'account', got: text, limit: 'an address, or an address and a sub-account like 0xAb.../1' })
  return encodeAccountId({ owner: getAddress(owner), sub: BigInt(sub) })
}
