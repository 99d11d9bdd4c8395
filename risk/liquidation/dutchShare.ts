import type { Seconds } from '../types/index.ts'
import { assertSeconds } from './assertExact.ts'
import { mulDivDown } from './mulDiv.ts'
import type { WadFraction } from './types.ts'

const WAD = 10n ** 18n

/**
 * How far an auction's curve has run: 0 at the start, linear, 1 from `duration` on. Rounded down, so that the charge never runs ahead.
 *
 * @param elapsed - Seconds since the phase began, at least 0.
 * @param duration - Seconds, at least 1. Under a stale feed the caller gives a longer one (contract-rules A13).
 * @throws {InvalidInputError} A time is no whole number of seconds in its range.
 */
export function dutchShare(elapsed: Seconds, duration: Seconds): WadFraction {
  assertSeconds('elapsed', elapsed)
  assertSeconds('duration', duration, 1)
  return elapsed >= duration ? WAD : mulDivDown(WAD, BigInt(elapsed), BigInt(duration))
}
