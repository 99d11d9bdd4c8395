// Black-76 volatility of two quotes at once. risk/kernel/twin/impliedVol.ts is the same, operation by operation, and says what the letters mean.
import { constant, DENSITY_AT_ZERO, HALF, ONE, ROOT_TWO, ROUNDER, TWO } from './constants'
import { exponential, logOfRatio, scaledTail } from './elementary'

const IMPLIED: u32 = 54
const ROOT_OF_TWO_PI: u32 = IMPLIED
const STRADDLE: u32 = IMPLIED + 1
const NEAR: u32 = IMPLIED + 2
const FAR: u32 = IMPLIED + 7
const LOGNORMAL: u32 = IMPLIED + 14
const THIRD: u32 = IMPLIED + 19
const FIFTH: u32 = IMPLIED + 20
const SEVENTH: u32 = IMPLIED + 21
const NINTH: u32 = IMPLIED + 22
const LN2: u32 = IMPLIED + 23
const EXPONENT_BIAS: u32 = IMPLIED + 24
const LEAST_PRICE: u32 = IMPLIED + 25
const MOST_PRICE: u32 = IMPLIED + 26
const MOST_TIME: u32 = IMPLIED + 27
const NEAR_MAXIMUM: u32 = IMPLIED + 28
const MOST_DISTANCE: u32 = IMPLIED + 29
const MOST_SQUARE: u32 = IMPLIED + 30
const LEAST_GUESS: u32 = IMPLIED + 31
const LAST_STEP: u32 = IMPLIED + 32
const SHORT_LOG: u32 = IMPLIED + 33
const LEAST_EXPONENT: u32 = IMPLIED + 34
const ROUNDING: u32 = IMPLIED + 35
const LEAST_VALUE: u32 = IMPLIED + 36
const MINUS_HALF: u32 = IMPLIED + 37
const QUARTER: u32 = IMPLIED + 38
const THREE_HALVES: u32 = IMPLIED + 39
const TWELVE: u32 = IMPLIED + 40
const TWENTY_FOURTH: u32 = IMPLIED + 41
const SIXTH: u32 = IMPLIED + 42
const MINUS_THREE: u32 = IMPLIED + 43

@inline
function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b)
}

/** a b + coefficient k. */
@inline
function step(a: v128, b: v128, k: u32): v128 {
  return f64x2.add(f64x2.mul(a, b), constant(k))
}

/** ln x to 2e-6. */
@inline
function roughLog(x: v128): v128 {
  const m = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000))
  const biased = f64x2.sub(i64x2.add(i64x2.shr_u(x, 52), constant(ROUNDER)), constant(ROUNDER))
  const z = f64x2.div(f64x2.sub(m, constant(ROOT_TWO)), f64x2.add(m, constant(ROOT_TWO)))
  const square = times(z, z)
  const series = step(step(constant(FIFTH), square, THIRD), square, ONE)
  return f64x2.add(times(f64x2.sub(biased, constant(EXPONENT_BIAS)), constant(LN2)), times(times(z, constant(TWO)), series))
}

@inline
function within(x: v128, floor: u32, ceiling: u32): v128 {
  return v128.and(f64x2.ge(x, constant(floor)), f64x2.le(x, constant(ceiling)))
}

/**
 * Vols of `count` quotes, an even number. Inputs are six columns of f64 (sign, forward, strike, time, rate, price), outputs two (vol, and 1 where it is good,
 * 0 where the plain solver has to look), each `stride` bytes after the one before.
 */
export function impliedVols(inputs: u32, outputs: u32, stride: u32, count: u32): void {
  const end = count << 3
  for (let at: u32 = 0; at < end; at += 16) {
    let from = inputs + at
    const sign = v128.load(from)
    const forward = v128.load((from += stride))
    const strike = v128.load((from += stride))
    const time = v128.load((from += stride))
    const rate = v128.load((from += stride))
    const price = v128.load((from += stride))

    const zero = f64x2.splat(0)
    const one = constant(ONE)
    const undiscounted = times(price, exponential(times(rate, time)))
    const difference = f64x2.sub(forward, strike)
    const lesser = f64x2.pmin(forward, strike)
    const timeValue = f64x2.sub(undiscounted, f64x2.pmax(times(sign, difference), zero))
    const missing = f64x2.sub(v128.bitselect(forward, strike, f64x2.gt(sign, zero)), undiscounted)
    const perScale = f64x2.div(one, f64x2.sqrt(times(forward, strike)))
    const value = times(timeValue, perScale)
    const gap = f64x2.abs(difference)
    const distance = f64x2.abs(logOfRatio(forward, strike))

    const isLevel = f64x2.eq(gap, zero)
    const divisor = v128.bitselect(forward, gap, isLevel)
    const perGap = f64x2.div(one, divisor)
    const slope = times(v128.bitselect(one, distance, isLevel), perGap)
    const y = times(timeValue, perGap)
    const halfStraddle = times(constant(ROOT_OF_TWO_PI), f64x2.add(timeValue, times(gap, constant(HALF))))
    const u = f64x2.div(gap, halfStraddle)
    const w = times(u, u)
    const nearAbove = times(times(slope, halfStraddle), step(step(constant(NEAR + 4), w, NEAR + 3), w, ONE))
    const nearBelow = step(step(constant(NEAR + 2), w, NEAR + 1), w, NEAR)
    const root = f64x2.sqrt(f64x2.abs(times(constant(TWO), roughLog(f64x2.pmax(f64x2.pmin(y, constant(HALF)), constant(LEAST_VALUE))))))
    const farAbove = times(distance, step(step(step(constant(FAR + 6), root, FAR + 5), root, FAR + 4), root, ONE))
    const farBelow = step(step(step(constant(FAR + 3), root, FAR + 2), root, FAR + 1), root, FAR)
    const isNear = v128.or(isLevel, f64x2.gt(y, constant(STRADDLE)))
    const normal = f64x2.div(v128.bitselect(nearAbove, farAbove, isNear), v128.bitselect(nearBelow, farBelow, isNear))
    const r = times(normal, normal)
    const a2 = times(distance, distance)
    const s = f64x2.div(
      times(normal, step(r, step(constant(LOGNORMAL), a2, LOGNORMAL + 1), ONE)),
      step(r, f64x2.add(step(constant(LOGNORMAL + 2), a2, LOGNORMAL + 3), times(r, constant(LOGNORMAL + 4))), ONE),
    )

    const m = f64x2.div(distance, s)
    const halfOfS = times(s, constant(HALF))
    const d1 = f64x2.sub(halfOfS, m)
    const square = times(m, m)
    const quarter = times(times(s, s), constant(QUARTER))
    const exponent = times(f64x2.add(square, quarter), constant(MINUS_HALF))
    const near = scaledTail(f64x2.abs(d1))
    const far = scaledTail(f64x2.add(halfOfS, m))
    const isBelow = f64x2.le(d1, zero)
    const scaled = v128.bitselect(f64x2.sub(near, far), f64x2.add(near, far), isBelow)
    const target = v128.bitselect(value, times(missing, perScale), isBelow)
    const density = v128.bitselect(constant(DENSITY_AT_ZERO), f64x2.neg(constant(DENSITY_AT_ZERO)), isBelow)
    const p = f64x2.div(times(density, s), scaled)
    const h = f64x2.sub(square, quarter)
    const h1 = f64x2.sub(times(square, constant(MINUS_THREE)), quarter)
    const h2 = times(square, constant(TWELVE))
    const g2 = f64x2.sub(h, p)
    const bend = f64x2.sub(h1, times(p, g2))
    const g3 = f64x2.add(times(g2, g2), bend)
    const g4 = f64x2.sub(f64x2.add(f64x2.add(times(g2, g3), times(times(g2, bend), constant(TWO))), h2), times(p, g3))
    const current = times(exponential(f64x2.pmax(exponent, constant(LEAST_EXPONENT))), scaled)
    const z = f64x2.div(f64x2.sub(target, current), f64x2.add(target, current))
    const zz = times(z, z)
    const series = step(step(step(step(constant(NINTH), zz, SEVENTH), zz, FIFTH), zz, THIRD), zz, ONE)
    const newton = f64x2.div(times(times(z, constant(TWO)), series), p)
    const above = times(newton, f64x2.add(one, times(newton, f64x2.add(g2, times(times(newton, g3), constant(SIXTH))))))
    const cubic = f64x2.add(times(times(g2, g2), constant(QUARTER)), f64x2.add(times(g3, constant(THIRD)), times(times(newton, g4), constant(TWENTY_FOURTH))))
    const below = f64x2.add(one, times(newton, f64x2.add(times(g2, constant(THREE_HALVES)), times(newton, cubic))))
    const change = f64x2.div(above, below)
    const vol = f64x2.div(f64x2.add(s, times(s, change)), f64x2.sqrt(time))

    let isGood = v128.and(within(forward, LEAST_PRICE, MOST_PRICE), within(strike, LEAST_PRICE, MOST_PRICE))
    isGood = v128.and(isGood, v128.and(f64x2.gt(time, zero), f64x2.le(time, constant(MOST_TIME))))
    isGood = v128.and(isGood, v128.and(f64x2.eq(f64x2.abs(sign), one), f64x2.le(f64x2.abs(rate), one)))
    isGood = v128.and(isGood, f64x2.ge(timeValue, times(undiscounted, constant(ROUNDING))))
    isGood = v128.and(isGood, v128.and(f64x2.ge(value, constant(LEAST_VALUE)), f64x2.ge(y, constant(LEAST_VALUE))))
    isGood = v128.and(isGood, f64x2.ge(missing, times(lesser, constant(NEAR_MAXIMUM))))
    isGood = v128.and(isGood, v128.and(f64x2.le(distance, constant(MOST_DISTANCE)), f64x2.le(r, constant(MOST_SQUARE))))
    isGood = v128.and(isGood, v128.and(f64x2.ge(s, constant(LEAST_GUESS)), f64x2.ge(exponent, constant(LEAST_EXPONENT))))
    isGood = v128.and(isGood, v128.and(f64x2.lt(f64x2.abs(change), constant(LAST_STEP)), f64x2.lt(f64x2.abs(z), constant(SHORT_LOG))))

    let to = outputs + at
    v128.store(to, vol)
    v128.store((to += stride), v128.and(one, isGood))
  }
}
