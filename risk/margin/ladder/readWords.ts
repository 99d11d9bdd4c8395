import { InvalidInputError } from '../../errors/index.ts'
import { ladderGrid } from './ladderGrid.ts'
import type { AnchorBps, ContractGrid, ListedChain, SurfaceSlice } from './listedChain.ts'
import { putsOf } from './postListedChain.ts'
import type { LadderChain, LadderEntry } from './types.ts'

const WAD = 1e18
const BPS = 10_000
const BIAS = 128
const LANES = 16
const HEADER_WORDS = 4
const OTHER_WORDS = 3

/** A blob's words, read back: the chain as `risk/margin/ladder` knows it, and what its header says beside. */
export type LadderReading = {
  readonly chain: LadderChain
  readonly listed: ListedChain
  readonly grid: ContractGrid
  readonly anchors: AnchorBps
  readonly slice: Pick<SurfaceSlice, 'spot' | 'forwardRatio' | 'atmVol' | 'asOf' | 'validUntil' | 'version'>
}

/**
 * Reads the words of a blob, without its first byte: the inverse of `ladderWords`.
 *
 * @throws {InvalidInputError} There are fewer or more words than the header says, or it names nodes that no grid has.
 */
export function readWords(words: readonly bigint[]): LadderReading {
  if (words.length < HEADER_WORDS)
    throw new InvalidInputError({ argument: 'words', got: words.length, limit: `at least the ${HEADER_WORDS} of a header` })
  const [spot, forwardRatio, atmVol] = fields(words[0]!, 128, 64, 64)
  const second = fields(words[1]!, 32, 40, 32, 16, 16, 48, 48, 8, 8, 8).map(Number)
  const [version, asOf, chainId, volScanUp, volScanDown, , , strikes, nodes, biased] = second as Ten
  const [first, spacing, nearSpacing, kind, lowest, ratio] = fields(words[2]!, 32, 32, 32, 8, 64, 64)
  const [tick, expiry, validUntil] = fields(words[3]!, 128, 40, 40)
  if (nodes !== 16 && nodes !== 32 && nodes !== 48) throw new InvalidInputError({ argument: 'nodes', got: nodes, limit: '16, 32 or 48' })

  const rows = nodes / LANES
  const entryWords = 2 * rows + OTHER_WORDS
  const table = Math.ceil(strikes / 4)
  const expected = HEADER_WORDS + table + strikes * entryWords
  if (words.length !== expected) throw new InvalidInputError({ argument: 'words', got: words.length, limit: String(expected) })
  const strikesOf = Array.from({ length: strikes }, (_, i) => {
    const entry = words[HEADER_WORDS + Math.floor(i / 4)]! >> BigInt(64 * (i % 4))
    const [multiple, volBps, exponent] = fields(entry, 32, 24, 8).map(Number) as [number, number, number]
    return { multiple, volBps, exponent: exponent - BIAS }
  })
  const listed: ListedChain = {
    chain: chainId,
    expiry: Number(expiry),
    kind: kind === 0n ? 'vanilla' : 'digital',
    tick: tick!,
    multiples: strikesOf.map(({ multiple }) => multiple),
  }
  const grid: ContractGrid = {
    first: Number(BigInt.asIntN(32, first!)),
    spacing: Number(spacing),
    nearSpacing: Number(nearSpacing),
    nodes,
    lowest: lowest!,
    ratio: ratio!,
  }
  const entries = putsOf(listed).map((instrument, i): LadderEntry => {
    const { volBps, exponent } = strikesOf[i]!
    const at = HEADER_WORDS + table + i * entryWords
    return {
      id: instrument.id,
      instrument,
      exponent,
      volBps,
      up: words.slice(at, at + rows),
      down: words.slice(at + rows, at + 2 * rows),
      far: words[at + 2 * rows]!,
      mark: words[at + 2 * rows + 1]!,
      skew: words[at + 2 * rows + 2]!,
    }
  })
  return {
    listed,
    grid,
    anchors: { volScanUp, volScanDown },
    slice: { spot: spot!, forwardRatio: forwardRatio!, atmVol: atmVol!, asOf, validUntil: Number(validUntil), version },
    chain: {
      header: {
        expiry: Number(expiry),
        asOf,
        base: Number(spot) / WAD,
        grid: ladderGrid(grid),
        forwardRatio: Number(forwardRatio) / WAD,
        atmVol: Number(atmVol) / WAD,
        anchors: { volScanUp: volScanUp / BPS, volScanDown: volScanDown / BPS },
        unitExponent: biased - BIAS,
        surface: String(version),
      },
      entries,
    },
  }
}

type Ten = [number, number, number, number, number, number, number, number, number, number]

/** Fields of a word from the lowest bit up, unsigned. */
function fields(word: bigint, ...bits: readonly number[]): bigint[] {
  let rest = word
  return bits.map((size) => {
    const field = BigInt.asUintN(size, rest)
    rest >>= BigInt(size)
    return field
  })
}
