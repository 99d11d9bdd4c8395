import { InvalidInputError } from '../../errors/index.ts'
import { yearsBetween } from '../../pricing/index.ts'
import { volStates } from '../../scenarios/index.ts'
import type { AnchorBps, ContractGrid, ListedChain, SurfaceSlice } from './listedChain.ts'
import type { LadderChain, LadderEntry } from './types.ts'

const STRIKES_PER_WORD = 4
const WORD_BITS = 256
const BIAS = 128
const SCALE_UNITS = 1e12
const BPS = 10_000

/** A field of a word: its bits and its value, which may be negative where the contract reads two's complement. */
type Field = readonly [bits: number, value: bigint]

/**
 * The words of a chain's blob, without its first byte, by the table of contracts/margin/README.md.
 *
 * @param chain - Of {@link postListedChain} from the same arguments.
 * @throws {InvalidInputError} The chain has other entries than the listing, or a value outgrows its field.
 */
export function ladderWords(
  chain: LadderChain,
  listed: ListedChain,
  slice: SurfaceSlice,
  grid: ContractGrid,
  anchors: AnchorBps,
): readonly bigint[] {
  const { entries, header } = chain
  if (entries.length !== listed.multiples.length)
    throw new InvalidInputError({ argument: 'entries', got: entries.length, limit: `${listed.multiples.length}, as listed` })
  // The states of a vol of one are the scales of every other.
  const { up, down } = volStates(1, yearsBetween(slice.asOf, listed.expiry), anchors.volScanUp / BPS, anchors.volScanDown / BPS)
  return [
    word([128, slice.spot], [64, slice.forwardRatio], [64, slice.atmVol]),
    word(
      [32, BigInt(slice.version)],
      [40, BigInt(slice.asOf)],
      [32, BigInt(listed.chain)],
      [16, BigInt(anchors.volScanUp)],
      [16, BigInt(anchors.volScanDown)],
      [48, BigInt(Math.round(up * SCALE_UNITS))],
      [48, BigInt(Math.round(down * SCALE_UNITS))],
      [8, BigInt(entries.length)],
      [8, BigInt(grid.nodes)],
      [8, BigInt(header.unitExponent + BIAS)],
    ),
    word(
      [32, BigInt(grid.first)],
      [32, BigInt(grid.spacing)],
      [32, BigInt(grid.nearSpacing)],
      [8, listed.kind === 'vanilla' ? 0n : 1n],
      [64, grid.lowest],
      [64, grid.ratio],
    ),
    word([128, listed.tick], [40, BigInt(listed.expiry)], [40, BigInt(slice.validUntil)]),
    ...tableWords(entries, listed),
    ...entries.flatMap(({ up, down, far, mark, skew }) => [...up, ...down, far, mark, skew]),
  ]
}

function tableWords(entries: readonly LadderEntry[], { multiples }: ListedChain): bigint[] {
  return Array.from({ length: Math.ceil(entries.length / STRIKES_PER_WORD) }, (_, row) => {
    const first = row * STRIKES_PER_WORD
    const fields = entries.slice(first, first + STRIKES_PER_WORD).flatMap(({ volBps, exponent }, i): Field[] => [
      [32, BigInt(multiples[first + i]!)],
      [24, BigInt(volBps)],
      [8, BigInt(exponent + BIAS)],
    ])
    return word(...fields)
  })
}

/** Fields from the lowest bit up. */
function word(...fields: readonly Field[]): bigint {
  let packed = 0n
  let shift = 0n
  for (const [bits, value] of fields) {
    const size = BigInt(bits)
    if (value >= 1n << size || value < -(1n << (size - 1n)))
      throw new InvalidInputError({ argument: `field at bit ${shift}`, got: String(value), limit: `${bits} bits` })
    packed |= BigInt.asUintN(bits, value) << shift
    shift += size
  }
  return BigInt.asUintN(WORD_BITS, packed)
}
