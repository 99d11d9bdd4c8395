import { ceilDiv, smaller, sqrtDown, WAD } from './integers.ts'
import { logOfRatio, signedLog } from './logarithms.ts'
import type { Cells, MarketRule } from './types.ts'

export const SIDE = 8
export const IN_RANGE = 2 * SIDE + 1
/** Far multiples of the price, in hundredths. */
export const farMultiples = [34n, 50n, 67n, 150n, 200n, 300n, 400n, 600n] as const
/** Cells that every account visits; those at strikes come behind. */
export const COMMON = IN_RANGE + farMultiples.length

/**
 * The states an account is valued in: eight prices down and eight up to the ends of the range, evenly in ln, and the price itself, with vol up and down; the far
 * multiples with vol up; strikes.
 *
 * @param strikes - USD wad, inside the range.
 */
export function scanCells(price: bigint, { range, tailWeight }: MarketRule, strikes: readonly bigint[]): Cells {
  const lower = logOfRatio(WAD - range, WAD)
  const upper = logOfRatio(WAD, WAD + range)
  const down = powers(price, eighthRoot(WAD - range))
  const up = powers(price, eighthRoot(WAD + range))
  down[SIDE] = (price * (WAD - range)) / WAD
  up[SIDE] = (price * (WAD + range)) / WAD
  const steps = Array.from({ length: SIDE + 1 }, (_, i) => BigInt(i))
  return {
    prices: [...down.slice(1).reverse(), ...up, ...farMultiples.map((multiple) => (price * multiple) / 100n), ...strikes],
    logs: [
      ...steps
        .slice(1)
        .reverse()
        .map((i) => (-lower * i) / BigInt(SIDE)),
      ...steps.map((i) => (upper * i) / BigInt(SIDE)),
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

function eighthRoot(x: bigint): bigint {
  return sqrtDown(sqrtDown(sqrtDown(x * WAD) * WAD) * WAD)
}

function powers(price: bigint, ratio: bigint): bigint[] {
  const row = [price]
  for (let i = 0; i < SIDE; i++) row.push((row[i]! * ratio) / WAD)
  return row
}
