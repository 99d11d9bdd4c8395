// Black-76 for two options at once. risk/kernel/twin/black76.ts is the same, operation by operation, and says what the letters mean.
import { constant, DENSITY_AT_ZERO, FAR_FROM_STRIKE, FARTHEST, HALF, LEAST_DEVIATION, LEAST_TIME, ONE } from './constants'
import { exponential, logOfRatio, scaledTail } from './elementary'

@inline
function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b)
}

/** Standard deviations between the lesser of forward and strike and the other, as d1 of the side out of the money: (h - w) cut to what the tail takes. */
@inline
function nearDeviations(h: v128, w: v128): v128 {
  return f64x2.pmax(f64x2.pmin(f64x2.sub(h, w), constant(FARTHEST)), f64x2.neg(constant(FARTHEST)))
}

/** e^(-d^2 / 2). */
@inline
function bell(d: v128): v128 {
  return exponential(f64x2.neg(times(times(d, d), constant(HALF))))
}

/** Payoff plus time value, both at least zero; `a` is the lesser of forward and strike times the bell of `near`. */
@inline
function valueFrom(sign: v128, forward: v128, strike: v128, lesser: v128, a: v128, near: v128, nearTail: v128, farTail: v128): v128 {
  const zero = f64x2.splat(0)
  const below = times(a, f64x2.sub(nearTail, farTail))
  const above = f64x2.sub(lesser, times(a, f64x2.add(nearTail, farTail)))
  const timeValue = f64x2.pmax(v128.bitselect(below, above, f64x2.lt(near, zero)), zero)
  return f64x2.add(f64x2.pmax(times(sign, f64x2.sub(forward, strike)), zero), timeValue)
}

/** Undiscounted value; `deviation` is at least LEAST_DEVIATION, `inverse` is 1 / deviation. */
@inline
export function undiscountedValue(sign: v128, forward: v128, strike: v128, moneyness: v128, deviation: v128, inverse: v128): v128 {
  const lesser = f64x2.pmin(forward, strike)
  const w = times(f64x2.abs(moneyness), inverse)
  const h = times(deviation, constant(HALF))
  const near = nearDeviations(h, w)
  const far = f64x2.pmin(f64x2.add(h, w), constant(FARTHEST))
  const a = times(lesser, bell(near))
  return valueFrom(sign, forward, strike, lesser, a, near, scaledTail(f64x2.abs(near)), scaledTail(far))
}

/**
 * Price and eight Greeks of `count` options, an even number. Inputs are six columns of f64 (sign, forward, strike, time, vol, rate), outputs nine (price,
 * delta, gamma, vega, theta, rho, vanna, volga, charm), each `stride` bytes after the one before.
 */
export function black76(inputs: u32, outputs: u32, stride: u32, count: u32): void {
  const end = count << 3
  for (let at: u32 = 0; at < end; at += 16) {
    let from = inputs + at
    const sign = v128.load(from)
    const forward = v128.load((from += stride))
    const strike = v128.load((from += stride))
    const time = v128.load((from += stride))
    const vol = v128.load((from += stride))
    const rate = v128.load((from += stride))

    const zero = f64x2.splat(0)
    const discount = exponential(f64x2.neg(times(rate, time)))
    const rootTime = f64x2.sqrt(time)
    const trueDeviation = times(vol, rootTime)
    const deviation = f64x2.pmax(trueDeviation, constant(LEAST_DEVIATION))
    const inverse = f64x2.div(constant(ONE), deviation)
    const moneyness = logOfRatio(forward, strike)
    const lesser = f64x2.pmin(forward, strike)
    const w = times(f64x2.abs(moneyness), inverse)
    const h = times(deviation, constant(HALF))
    const near = nearDeviations(h, w)
    const far = f64x2.pmin(f64x2.add(h, w), constant(FARTHEST))
    const a = times(lesser, bell(near))
    const nearTail = scaledTail(f64x2.abs(near))
    const farTail = scaledTail(far)
    const price = times(discount, valueFrom(sign, forward, strike, lesser, a, near, nearTail, farTail))

    const inverseForward = f64x2.div(constant(ONE), forward)
    const isDear = f64x2.lt(moneyness, zero)
    const isLower = v128.and(isDear, f64x2.lt(near, zero))
    const isCall = f64x2.gt(sign, zero)
    const tail = times(times(a, v128.bitselect(nearTail, farTail, isDear)), inverseForward)
    const share = v128.bitselect(f64x2.sub(constant(ONE), tail), tail, v128.xor(isLower, isCall))
    const delta = times(discount, times(sign, share))

    const isLive = v128.and(f64x2.ge(trueDeviation, constant(LEAST_DEVIATION)), f64x2.le(w, constant(FAR_FROM_STRIKE)))
    const isKink = f64x2.eq(moneyness, zero)
    const density = v128.and(times(discount, times(a, constant(DENSITY_AT_ZERO))), v128.or(isLive, isKink))
    const liveInverse = v128.and(inverse, isLive)
    const d1 = v128.bitselect(near, far, isDear)
    const d2 = v128.bitselect(f64x2.neg(far), f64x2.neg(near), isDear)
    const vega = times(density, rootTime)
    const perVol = times(rootTime, liveInverse)
    const vanna = f64x2.neg(times(times(times(density, inverseForward), d2), perVol))
    const decay = times(times(vol, constant(HALF)), f64x2.div(constant(ONE), f64x2.pmax(time, constant(LEAST_TIME))))

    let to = outputs + at
    v128.store(to, price)
    v128.store((to += stride), delta)
    v128.store((to += stride), times(times(density, liveInverse), times(inverseForward, inverseForward)))
    v128.store((to += stride), vega)
    v128.store((to += stride), f64x2.sub(times(rate, price), times(vega, decay)))
    v128.store((to += stride), f64x2.neg(times(time, price)))
    v128.store((to += stride), vanna)
    v128.store((to += stride), times(vega, times(times(d1, d2), perVol)))
    v128.store((to += stride), f64x2.sub(times(rate, delta), times(vanna, decay)))
  }
}
