import { BPS, smaller, sqrtDown, WAD } from './integers.ts'
import { exponential, logRatio } from './logarithms.ts'

const DAY = 86_400n
const REFERENCE = 30n * DAY
const LONG_POWER = 300_000_000_000_000_000n
const DOWN_FLOOR = 350_000_000_000_000_000n
const DOWN_CEILING = 1_600_000_000_000_000_000n
/** Lowest vol that the up state starts from, wad. */
export const UP_FLOOR = 400_000_000_000_000_000n

/** m(T) = (30 d / max(T, 1 d))^p, wad: `VolScale.scaleOf`. */
export function scaleOf(time: bigint): bigint {
  const longest = time < DAY ? DAY : time
  if (longest < REFERENCE) return sqrtDown((REFERENCE * WAD * WAD) / longest)
  return exponential((logRatio(REFERENCE, longest) * LONG_POWER) / WAD)
}

/** What the up state multiplies max(vol, 40 %) by, wad; the scan in bps. */
export function upFactor(scan: bigint, scale: bigint): bigint {
  return WAD + (scan * scale) / BPS
}

/** What the down state multiplies the vol by, wad; the scan in bps. */
export function downFactor(scan: bigint, scale: bigint): bigint {
  const cut = (scan * smaller(scale, DOWN_CEILING)) / BPS
  return cut < WAD - DOWN_FLOOR ? WAD - cut : DOWN_FLOOR
}
