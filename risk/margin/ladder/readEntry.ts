import { log } from '../../math/index.ts'
import { type PricingModule, type ValueBounds, yearsBetween } from '../../pricing/index.ts'
import type { Instrument, Usd, Vol } from '../../types/index.ts'
import { cubicWeights } from './cubicWeights.ts'
import { unitOf } from './exponents.ts'
import { farMultiples, nearRow, nodePrices } from './nodePrices.ts'
import type { LadderEntry, LadderHeader, NodeRow } from './types.ts'
import { wordVols } from './volScale.ts'
import { unpackFar, unpackNodes, unpackSigned } from './words.ts'

/** Parts of a unit in which the skew is posted. */
export const SKEW_PARTS = 64
/** Rounding of a position that is meant to be a node. */
const NODE_NOISE = 1e-9

/** Value of a posted instrument in one state: equal for both sides where it is known, else the bound against either. */
export type Reading = { readonly long: Usd; readonly short: Usd }

/** Reads one entry at any index price and any vol of its strike. */
export type EntryReader = {
  readonly read: (spot: Usd, vol: Vol) => Reading
  readonly skew: (spot: Usd) => Usd
}

/**
 * Decodes an entry once. A price is read with the cubic through four nodes in ln S; a vol with the parabola through down word, mark and up word near the base, and
 * linearly between the two words elsewhere on the grid. Beyond the grid the value is bounded from the far word and the edge, never extrapolated (risk policy B2).
 */
export function readEntry(
  header: LadderHeader,
  entry: LadderEntry,
  module: PricingModule<Instrument>,
  instrument: Instrument,
): EntryReader {
  const { base, grid, forwardRatio } = header
  const words = wordVols(header, entry, yearsBetween(header.asOf, header.expiry))
  const unit = unitOf(entry.exponent)
  const up = unpackNodes(entry.up).map((x) => x * unit)
  const down = unpackNodes(entry.down).map((x) => x * unit)
  const mark = unpackNodes([entry.mark]).map((x) => x * unit)
  const skew = unpackSigned(entry.skew).map((x) => (x * unit) / SKEW_PARTS)
  const prices = nodePrices(base, grid)
  const nearNodes = nearRow(grid)
  const last = grid.nodes - 1
  const far = unpackFar(entry.far).map((x, i) => ({ spot: base * farMultiples[i]!, value: x * unit }))

  const outside = (spot: Usd, vol: Vol): Reading => {
    const edge = spot < base ? 0 : last
    const nearest = { spot: prices[edge]!, value: between(words.down, down[edge]!, words.up, up[edge]!, vol) }
    // The far word stands for the up word's vol. At any lower one it is still a bound from above; from below only the edge of the grid is.
    const known = [...far, nearest]
      .filter((each) => (spot < base ? each.spot <= nearest.spot : each.spot >= nearest.spot))
      .sort((a, b) => a.spot - b.spot)
    const around = [known.filter((each) => each.spot <= spot).at(-1), known.find((each) => each.spot > spot)].filter(
      (each) => each !== undefined,
    )
    return { long: boundsFrom([nearest], spot).least, short: boundsFrom(around, spot).most }
  }
  const boundsFrom = (known: readonly { readonly spot: Usd; readonly value: Usd }[], spot: Usd): ValueBounds => {
    const forwards = known.map(({ spot: at, value }) => ({ forward: at * forwardRatio, value }))
    return module.bounds(instrument, { spot, forward: spot * forwardRatio }, forwards)
  }
  return {
    read: (spot, vol) => {
      const distance = log(spot / base)
      const position = positionOn(grid, distance)
      if (position === null) return outside(spot, vol)
      const low = cubic(down, position)
      const high = cubic(up, position)
      const near = positionOn(nearNodes, distance)
      const value =
        near === null
          ? between(words.down, low, words.up, high, vol)
          : parabola(words.down, low, words.mark, cubic(mark, near), words.up, high, vol)
      return { long: value, short: value }
    },
    skew: (spot) => {
      const position = (log(spot / base) - nearNodes.first) / nearNodes.spacing
      return cubic(skew, Math.min(nearNodes.nodes - 1, Math.max(0, position)))
    },
  }
}

/** Place on a grid in node steps; null beyond its ends. */
function positionOn({ first, spacing, nodes }: NodeRow, distance: number): number | null {
  const position = (distance - first) / spacing
  if (position < -NODE_NOISE || position > nodes - 1 + NODE_NOISE) return null
  return Math.min(nodes - 1, Math.max(0, position))
}

function cubic(values: readonly number[], position: number): number {
  const { first, weights } = cubicWeights(position, values.length)
  return weights[0] * values[first]! + weights[1] * values[first + 1]! + weights[2] * values[first + 2]! + weights[3] * values[first + 3]!
}

/** The line through two values; with one vol only, the second. */
function between(x0: Vol, y0: number, x1: Vol, y1: number, x: Vol): number {
  return x1 > x0 ? y0 + ((x - x0) / (x1 - x0)) * (y1 - y0) : y1
}

/** The parabola through three values (Newton's form); the line through the outer two where the middle vol is not between them. */
function parabola(x0: Vol, y0: number, x1: Vol, y1: number, x2: Vol, y2: number, x: Vol): number {
  if (!(x0 < x1 && x1 < x2)) return between(x0, y0, x2, y2, x)
  const first = (y1 - y0) / (x1 - x0)
  const second = ((y2 - y1) / (x2 - x1) - first) / (x2 - x0)
  return y0 + (x - x0) * (first + (x - x1) * second)
}
