// exp, log and the normal tail for two numbers at once. risk/kernel/twin/elementary.ts is the same, operation by operation.
import {
  constant,
  EXP,
  HALF,
  LN2_HIGH,
  LN2_LOW,
  LOG,
  LOG2_E,
  ONE,
  ROOT_HALF,
  ROOT_TWO,
  ROUNDER,
  TAIL,
  TAIL_CENTRE,
  TWO,
} from './constants'

@inline
function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b)
}

/** a b + coefficient k: two roundings, never fused. */
@inline
function step(a: v128, b: v128, k: u32): v128 {
  return f64x2.add(f64x2.mul(a, b), constant(k))
}

/** e^y for y in [-708, 709]. y = n ln 2 + r, |r| <= ln 2 / 2; e^r = 1 + r + r^2 q(r); 2^n through the exponent's bits. */
@inline
export function exponential(y: v128): v128 {
  const shifted = f64x2.add(times(y, constant(LOG2_E)), constant(ROUNDER))
  const n = f64x2.sub(shifted, constant(ROUNDER))
  const r = f64x2.sub(f64x2.sub(y, times(n, constant(LN2_HIGH))), times(n, constant(LN2_LOW)))
  const r2 = times(r, r)
  let even = step(constant(EXP + 8), r2, EXP + 6)
  let odd = step(constant(EXP + 9), r2, EXP + 7)
  even = step(even, r2, EXP + 4)
  odd = step(odd, r2, EXP + 5)
  even = step(even, r2, EXP + 2)
  odd = step(odd, r2, EXP + 3)
  even = step(even, r2, EXP)
  odd = step(odd, r2, EXP + 1)
  const q = f64x2.add(even, times(r, odd))
  const growth = f64x2.add(constant(ONE), f64x2.add(r, times(r2, q)))
  return i64x2.add(growth, i64x2.shl(shifted, 52))
}

/** ln(a / b) for normal a, b > 0, without forming the quotient: exact cancellation near a = b. */
@inline
export function logOfRatio(a: v128, b: v128): v128 {
  const mantissaBits = i64x2.splat(0x000fffffffffffff)
  const one = i64x2.splat(0x3ff0000000000000)
  let m = v128.or(v128.and(a, mantissaBits), one)
  let d = v128.or(v128.and(b, mantissaBits), one)
  const high = f64x2.gt(m, times(d, constant(ROOT_TWO)))
  const low = f64x2.gt(d, times(m, constant(ROOT_TWO)))
  m = v128.bitselect(times(m, constant(TWO)), m, low)
  d = v128.bitselect(times(d, constant(TWO)), d, high)
  // Masks are -1 where true: k = exponent of a - exponent of b + high - low.
  let k = i64x2.sub(i64x2.shr_u(a, 52), i64x2.shr_u(b, 52))
  k = i64x2.add(i64x2.sub(k, high), low)
  const n = f64x2.sub(i64x2.add(k, constant(ROUNDER)), constant(ROUNDER))
  const f = f64x2.div(f64x2.sub(m, d), f64x2.add(m, d))
  const s = times(f, f)
  let series = step(constant(LOG + 6), s, LOG + 5)
  series = step(series, s, LOG + 4)
  series = step(series, s, LOG + 3)
  series = step(series, s, LOG + 2)
  series = step(series, s, LOG + 1)
  series = step(series, s, LOG)
  const small = f64x2.add(times(times(f, s), series), times(n, constant(LN2_LOW)))
  return f64x2.add(times(n, constant(LN2_HIGH)), f64x2.add(times(f, constant(TWO)), small))
}

/** N(-y) e^(y^2 / 2) for y in [0, 36]: (1 / 2) (1 + 2 z) erfcx(z) / (1 + 2 z), z = y / sqrt 2, the numerator a polynomial in (z - c) / (z + c). */
@inline
export function scaledTail(y: v128): v128 {
  const z = times(y, constant(ROOT_HALF))
  const u = f64x2.div(f64x2.sub(z, constant(TAIL_CENTRE)), f64x2.add(z, constant(TAIL_CENTRE)))
  const half = f64x2.div(constant(HALF), f64x2.add(constant(ONE), f64x2.add(z, z)))
  const u2 = times(u, u)
  let even = step(constant(TAIL + 20), u2, TAIL + 18)
  let odd = step(constant(TAIL + 21), u2, TAIL + 19)
  even = step(even, u2, TAIL + 16)
  odd = step(odd, u2, TAIL + 17)
  even = step(even, u2, TAIL + 14)
  odd = step(odd, u2, TAIL + 15)
  even = step(even, u2, TAIL + 12)
  odd = step(odd, u2, TAIL + 13)
  even = step(even, u2, TAIL + 10)
  odd = step(odd, u2, TAIL + 11)
  even = step(even, u2, TAIL + 8)
  odd = step(odd, u2, TAIL + 9)
  even = step(even, u2, TAIL + 6)
  odd = step(odd, u2, TAIL + 7)
  even = step(even, u2, TAIL + 4)
  odd = step(odd, u2, TAIL + 5)
  even = step(even, u2, TAIL + 2)
  odd = step(odd, u2, TAIL + 3)
  even = step(even, u2, TAIL)
  odd = step(odd, u2, TAIL + 1)
  return times(f64x2.add(even, times(u, odd)), half)
}
