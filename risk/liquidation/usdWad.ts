import { assertInRange } from '../math/index.ts'
import type { Usd } from '../types/index.ts'
import type { WadUsd } from './types.ts'

const LARGEST: Usd = 1e15

/**
 * USD to 18 decimals. The double is taken as it is; what it has beyond 18 decimals is rounded as named, toward minus or plus infinity.
 *
 * @throws {InvalidInputError} `usd` is outside [-1e15, 1e15].
 */
export function toWadUsd(argument: string, usd: Usd, rounding: 'up' | 'down'): WadUsd {
  assertInRange(argument, usd, -LARGEST, LARGEST)
  const scaled = usd * 1e18
  return BigInt(rounding === 'up' ? Math.ceil(scaled) : Math.floor(scaled))
}

/** The double nearest to an amount with 18 decimals. */
export function fromWadUsd(wad: WadUsd): Usd {
  return Number(wad) / 1e18
}
