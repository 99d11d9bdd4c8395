import { LN2_HIGH, LN2_LOW, LOG_FIRST, LOG_STEPS, logFactor, logHigh, logLow } from './tables.ts'

const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
/** Which 32-bit half holds sign and exponent: this differs between byte orders, the result does not. */
const TOP = new Uint32Array(new Float64Array([1]).buffer)[1] === 0x3ff00000 ? 1 : 0
const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984
const SPLITTER = 134217729 // 2^27 + 1

/**
 * ln x as high + low, together good to about 2^-66 of the value, for finite x > 0 (not checked). Writes both to `out`.
 *
 * x = 2^k m with m in [sqrt(1/2), sqrt(2)); m c = 1 + r with a tabulated c of 8 bits, so that r is exact as a pair;
 * ln x = k ln 2 - ln c + r - r^2/2 + r^3/3 - ..., where the first four terms are carried in double length.
 */
export function logParts(x: number, out: Float64Array): void {
  let k = 0
  bits[0] = x
  if (x < SMALLEST_NORMAL) {
    bits[0] = x * TWO_TO_54
    k = -54
  }
  const top = words[TOP]!
  k += (top >>> 20) - 1023
  words[TOP] = (top & 0xfffff) | 0x3ff00000
  let m = bits[0]!
  if (m > Math.SQRT2) {
    m *= 0.5
    k += 1
  }
  const i = Math.floor(m * LOG_STEPS + 0.5) - LOG_FIRST
  const c = logFactor[i]!

  const coarse = splitHigh(m)
  const a = coarse * c - 1
  const b = (m - coarse) * c
  const r = a + b
  const rLow = sumError(a, b, r)

  const square = r * r
  const rCoarse = splitHigh(r)
  const rFine = r - rCoarse
  const squareLow = rCoarse * rCoarse - square + 2 * rCoarse * rFine + rFine * rFine
  const series = 1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7 - r * (1 / 8 - r * (1 / 9 - r * (1 / 10)))))))
  const tail = rLow - r * rLow - 0.5 * squareLow + r * square * series

  const twos = k * LN2_HIGH
  const factor = logHigh[i]!
  const s1 = twos + factor
  const s2 = s1 + r
  const half = -0.5 * square
  const s3 = s2 + half
  const rest = sumError(twos, factor, s1) + sumError(s1, r, s2) + sumError(s2, half, s3) + (k * LN2_LOW + logLow[i]! + tail)
  const high = s3 + rest
  out[0] = high
  out[1] = sumError(s3, rest, high)
}

/** Leading 26 bits of x (Veltkamp). */
export function splitHigh(x: number): number {
  const t = SPLITTER * x
  return t - (t - x)
}

/** What the rounded sum s = a + b lost, exactly (Knuth). */
export function sumError(a: number, b: number, s: number): number {
  const virtual = s - a
  return a - (s - virtual) + (b - virtual)
}
