import { InvalidInputError } from '../../risk/errors/index.ts'

/** Leg of a chain's dated future. */
export const FUTURE_LEG = 255

/** What an instrument is within its chain. `strike` is its place among the chain's strikes, ascending from 0. */
export type Leg = { readonly kind: 'future' } | { readonly kind: 'option'; readonly type: 'call' | 'put'; readonly strike: number }
export type InstrumentName = { readonly chain: number; readonly leg: Leg }

/**
 * The number of an instrument as contracts have it: chain in the upper 32 bits, leg in the lower 8.
 *
 * @throws {InvalidInputError} The chain is no 32-bit number, or the strike beyond the 127 places that a leg can name.
 */
export function encodeInstrumentId({ chain, leg }: InstrumentName): bigint {
  if (!Number.isInteger(chain) || chain < 0 || chain >= 2 ** 32)
    throw new InvalidInputError({ argument: 'chain', got: chain, limit: 'a whole number in [0, 2^32)' })
  if (leg.kind === 'option' && (!Number.isInteger(leg.strike) || leg.strike < 0 || leg.strike > 126))
    throw new InvalidInputError({ argument: 'strike', got: leg.strike, limit: 'a place in [0, 126]' })
  const code = leg.kind === 'future' ? FUTURE_LEG : 2 * leg.strike + (leg.type === 'call' ? 1 : 0)
  return (BigInt(chain) << 32n) | BigInt(code)
}

/**
 * Chain and leg of a number.
 *
 * @throws {InvalidInputError} A bit between chain and leg is set, or the number is beyond 2^64.
 */
export function decodeInstrumentId(id: bigint): InstrumentName {
  const code = Number(id & 0xffn)
  if (id < 0n || id >> 64n !== 0n || (id & 0xffff_ff00n) !== 0n)
    throw new InvalidInputError({ argument: 'instrument', got: id, limit: 'a chain in the upper 32 bits of 64 and a leg in the lower 8' })
  const chain = Number(id >> 32n)
  if (code === FUTURE_LEG) return { chain, leg: { kind: 'future' } }
  return { chain, leg: { kind: 'option', type: code % 2 === 1 ? 'call' : 'put', strike: code >> 1 } }
}
