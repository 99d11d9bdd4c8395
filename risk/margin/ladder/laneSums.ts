import { InvalidInputError } from '../../errors/index.ts'
import type { LadderChain } from './types.ts'
import { unpackFar, unpackNodes, unpackSigned } from './words.ts'

/** Quantities are counted in lots: ten-thousandths of a contract. */
export const LOTS_PER_CONTRACT = 10_000
/** Bits of a scaled quantity without its sign: with 16-bit values and 256 positions a sum fits 64 bits. */
const QUANTITY_BITS = 39

/** Net values of one account in one chain: whole numbers, in units of 2^unitExponent dollars per lot. */
export type LaneSums = {
  readonly up: readonly bigint[]
  readonly down: readonly bigint[]
  readonly far: readonly bigint[]
  readonly mark: readonly bigint[]
  /** In 64ths of the unit. */
  readonly skew: readonly bigint[]
}

/**
 * Adds up one account's lanes in one chain in whole numbers, as a contract does: values x lots, shifted by how far the entry's exponent is above the chain's.
 *
 * @param positions - Index into the chain's entries, and whole lots; negative is short.
 * @throws {InvalidInputError} A position names no entry, is not a whole number of lots, or outgrows its lane.
 */
export function laneSums(
  { header, entries }: LadderChain,
  positions: readonly { readonly entry: number; readonly lots: number }[],
): LaneSums {
  const zeros = (count: number): bigint[] => new Array<bigint>(count).fill(0n)
  const { nodes } = header.grid
  const sums = { up: zeros(nodes), down: zeros(nodes), far: zeros(8), mark: zeros(16), skew: zeros(16) }
  for (const { entry: index, lots } of positions) {
    const entry = entries[index]
    if (entry === undefined)
      throw new InvalidInputError({ argument: 'entry', got: index, limit: `a whole number from 0 to ${entries.length - 1}` })
    const scaled = scaledLots(entry.id, lots, entry.exponent - header.unitExponent)
    addLanes(sums.up, unpackNodes(entry.up), scaled)
    addLanes(sums.down, unpackNodes(entry.down), scaled)
    addLanes(sums.far, unpackFar(entry.far), scaled)
    addLanes(sums.mark, unpackNodes([entry.mark]), scaled)
    addLanes(sums.skew, unpackSigned(entry.skew), scaled)
  }
  return sums
}

function scaledLots(id: string, lots: number, shift: number): bigint {
  if (!Number.isSafeInteger(lots)) throw new InvalidInputError({ argument: `lots of ${id}`, got: lots, limit: 'a whole number' })
  const scaled = BigInt(lots) << BigInt(shift)
  if ((scaled < 0n ? -scaled : scaled) >> BigInt(QUANTITY_BITS) !== 0n)
    throw new InvalidInputError({ argument: `lots of ${id}`, got: lots, limit: `below 2^${QUANTITY_BITS - shift}` })
  return scaled
}

function addLanes(sums: bigint[], values: readonly number[], scaled: bigint): void {
  for (let lane = 0; lane < sums.length; lane++) sums[lane]! += scaled * BigInt(values[lane]!)
}
