import { OutOfRangeError } from './errors/index.ts'
import type { Bps, Fraction, ParameterValue } from './types/index.ts'

const PARAMETER_CEILING = 281_474_976_710_655

/** Sheds float noise before a rounding: 0.07 * 10_000 is 700.0000000000001. Twelve significant digits. */
function shedNoise(x: number): number {
  return Number(x.toPrecision(12))
}

function round(x: number, rounding: 'up' | 'down'): number {
  return rounding === 'up' ? Math.ceil(shedNoise(x)) : Math.floor(shedNoise(x))
}

/** Rounds a fraction to basis points in the direction the caller names. Throws {OutOfRangeError} when negative, NaN or beyond 2^53. */
export function toBps(fraction: Fraction, rounding: 'up' | 'down'): Bps {
  const bps = round(fraction * 10_000, rounding)
  if (!(fraction >= 0) || !Number.isSafeInteger(bps))
    throw new OutOfRangeError({ quantity: 'Bps', got: fraction, floor: 0, ceiling: Number.MAX_SAFE_INTEGER })
  return bps as Bps
}

/** 10_000 bps is 1. */
export function fromBps(bps: number): Fraction {
  return bps / 10_000
}

/** Rounds to a whole parameter value in the direction the caller names. Throws {OutOfRangeError} outside [0, 2^48 - 1]. */
export function toParameterValue(x: number, rounding: 'up' | 'down'): ParameterValue {
  const value = round(x, rounding)
  if (!(value >= 0 && value <= PARAMETER_CEILING))
    throw new OutOfRangeError({ quantity: 'parameter value', got: x, floor: 0, ceiling: PARAMETER_CEILING })
  return value as ParameterValue
}
