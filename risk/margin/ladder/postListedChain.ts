import type { Instrument } from '../../types/index.ts'
import { ladderGrid } from './ladderGrid.ts'
import type { AnchorBps, ContractGrid, ListedChain, SurfaceSlice } from './listedChain.ts'
import { postChain } from './postChain.ts'
import { strikeExponent } from './strikeExponent.ts'
import type { LadderChain } from './types.ts'

const WAD = 1e18
const BPS = 10_000

/**
 * Values a chain that is listed on chain from the surface stored there: one entry a strike, its put. The values are those of the slice's own time, so everything
 * follows from what anybody can read.
 *
 * @throws {InvalidInputError} As {@link postChain}.
 */
export function postListedChain(listed: ListedChain, slice: SurfaceSlice, grid: ContractGrid, anchors: AnchorBps): LadderChain {
  const { expiry } = listed
  const puts = putsOf(listed)
  const smile = {
    kind: 'svi',
    a: fraction(slice.a),
    b: fraction(slice.b),
    rho: fraction(slice.rho),
    m: fraction(slice.m),
    sigma: fraction(slice.sigma),
  } as const
  const quote = { expiry, forwardRatio: fraction(slice.forwardRatio), atmVol: fraction(slice.atmVol), smile }
  const exponents = listed.multiples.map((multiple) => strikeExponent(listed.kind, BigInt(multiple) * listed.tick))
  return postChain(
    puts,
    { time: slice.asOf, spot: fraction(slice.spot), expiries: [quote] },
    {
      expiry,
      grid: ladderGrid(grid),
      anchors: { volScanUp: anchors.volScanUp / BPS, volScanDown: anchors.volScanDown / BPS },
      surface: String(slice.version),
      listed: new Map(puts.map(({ id }, i) => [id, exponents[i]!])),
    },
  )
}

/** The puts of a listed chain, in the order of its strikes. Their ids name expiry and strike. */
export function putsOf({ expiry, kind, tick, multiples }: ListedChain): readonly Instrument[] {
  return multiples.map((multiple): Instrument => {
    const strike = fraction(BigInt(multiple) * tick)
    const id = `${expiry}-${strike}-put`
    return kind === 'vanilla'
      ? { kind: 'option', id, type: 'put', strike, expiry }
      : { kind: 'digital', id, type: 'put', pays: 'cash', strike, expiry }
  })
}

function fraction(wad: bigint): number {
  return Number(wad) / WAD
}
