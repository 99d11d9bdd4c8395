import { ceilDiv, smaller, WAD } from './integers.ts'
import { logOfRatio, signedLog } from './logarithms.ts'
import type { Cells, MarketRule } from './types.ts'

export const SIDE = 16
export const IN_RANGE = 2 * SIDE + 1
/** Far multiples of the price, in hundredths. */
export const farMultiples = [34n, 50n, 67n, 150n, 200n, 300n, 400n, 600n] as const
/** Cells that every account visits; those at strikes come behind. */
export const COMMON = IN_RANGE + farMultiples.length

/**
 * The states an account is valued in: 33 equally spaced prices over the range with vol up and down, the far multiples with vol up, strikes.
 *
 * @param strikes - USD wad, inside the range.
 */
export function scanCells(price: bigint, { range, tailWeight }: MarketRule, strikes: readonly bigint[]): Cells {
  const unit = BigInt(SIDE) * WAD
  const scaled = Array.from({ length: IN_RANGE }, (_, i) => unit + range * BigInt(i - SIDE))
  return {
    prices: [...scaled.map((share) => (price * share) / unit), ...farMultiples.map((multiple) => (price * multiple) / 100n), ...strikes],
    logs: [
      ...scaled.map((share) => (share < unit ? -logOfRatio(share, unit) : share === unit ? 0n : logOfRatio(unit, share))),
      ...farMultiples.map((multiple) => signedLog(multiple, 100n)),
      ...strikes.map((strike) => signedLog(strike, price)),
    ],
    weights: [
      ...new Array<bigint>(IN_RANGE).fill(WAD),
      ...farMultiples.map((multiple) => {
        const move = multiple < 100n ? 100n - multiple : multiple - 100n
        return smaller(WAD, ceilDiv(tailWeight * range, 100n * move))
      }),
      ...strikes.map(() => WAD),
    ],
  }
}
