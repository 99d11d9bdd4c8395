// exp, log and the normal tail with the operations of assembly/elementary.as in the same order, so that both give the same bits. Hot: nothing is checked.
import { scaleByPowerOfTwo } from '../../math/powersOfTwo.ts'
import { constants, EXP, LN2_HIGH, LN2_LOW, LOG, LOG2_E, ROOT_HALF, ROOT_TWO, ROUNDER, TAIL, TAIL_CENTRE } from './constants.ts'

const c = constants
const bits = new Float64Array(2)
const words = new Uint32Array(bits.buffer)
/** Which half of a double holds its exponent: this differs between byte orders, the result does not. */
const TOP = new Uint32Array(new Float64Array([1]).buffer)[1] === 0x3ff00000 ? 1 : 0

/** e^y for y in [-708, 709]. y = n ln 2 + r, |r| <= ln 2 / 2; e^r = 1 + r + r^2 q(r). */
export function exponential(y: number): number {
  const n = y * LOG2_E + ROUNDER - ROUNDER
  const r = y - n * LN2_HIGH - n * LN2_LOW
  const r2 = r * r
  const even = (((c[EXP + 8]! * r2 + c[EXP + 6]!) * r2 + c[EXP + 4]!) * r2 + c[EXP + 2]!) * r2 + c[EXP]!
  const odd = (((c[EXP + 9]! * r2 + c[EXP + 7]!) * r2 + c[EXP + 5]!) * r2 + c[EXP + 3]!) * r2 + c[EXP + 1]!
  const q = even + r * odd
  return scaleByPowerOfTwo(1 + (r + r2 * q), n)
}

/** ln(a / b) for normal a, b > 0, without forming the quotient: exact cancellation near a = b. */
export function logOfRatio(a: number, b: number): number {
  bits[0] = a
  bits[1] = b
  const topOfA = words[TOP]!
  const topOfB = words[2 + TOP]!
  words[TOP] = (topOfA & 0xfffff) | 0x3ff00000
  words[2 + TOP] = (topOfB & 0xfffff) | 0x3ff00000
  let m = bits[0]
  let d = bits[1]
  let n = (topOfA >>> 20) - (topOfB >>> 20)
  if (m > d * ROOT_TWO) {
    d *= 2
    n += 1
  } else if (d > m * ROOT_TWO) {
    m *= 2
    n -= 1
  }
  const f = (m - d) / (m + d)
  const s = f * f
  const series =
    (((((c[LOG + 6]! * s + c[LOG + 5]!) * s + c[LOG + 4]!) * s + c[LOG + 3]!) * s + c[LOG + 2]!) * s + c[LOG + 1]!) * s + c[LOG]!
  const small = f * s * series + n * LN2_LOW
  return n * LN2_HIGH + (f * 2 + small)
}

/** N(-y) e^(y^2 / 2) for y in [0, 36]: (1 / 2) (1 + 2 z) erfcx(z) / (1 + 2 z), z = y / sqrt 2, the numerator a polynomial in (z - c) / (z + c). */
export function scaledTail(y: number): number {
  const z = y * ROOT_HALF
  const u = (z - TAIL_CENTRE) / (z + TAIL_CENTRE)
  const half = 0.5 / (1 + (z + z))
  const u2 = u * u
  let even = c[TAIL + 20]!
  let odd = c[TAIL + 21]!
  for (let k = TAIL + 18; k >= TAIL; k -= 2) {
    even = even * u2 + c[k]!
    odd = odd * u2 + c[k + 1]!
  }
  return (even + u * odd) * half
}
