// Black-76 volatility with the operations of assembly/impliedVol.as in the same order, so that both give the same bits. Hot: nothing is checked.
//
// The method is that of risk/pricing/impliedVol, cut to one guess and one step of fifth order, which is enough for what markets quote; each quote says
// whether it was. a = |ln(F / K)|, s = vol sqrt(T), b the time value over sqrt(F K), d1 = s / 2 - a / s, and with the tail g:
// b = E (g(-d1) - g(-d2)) below d1 = 0, e^(-a / 2) - b = E (g(d1) + g(-d2)) above, E = e^(-(a^2 / s^2 + s^2 / 4) / 2).
import { constants, DENSITY_AT_ZERO, ROOT_TWO } from './constants.ts'
import { exponential, logOfRatio, scaledTail } from './elementary.ts'
import type { KernelViews } from './KernelViews.ts'

const IMPLIED = 54
const c = constants
const ROOT_OF_TWO_PI = c[IMPLIED]!
const STRADDLE = c[IMPLIED + 1]!
const NEAR = IMPLIED + 2
const FAR = IMPLIED + 7
const LOGNORMAL = IMPLIED + 14
const THIRD = c[IMPLIED + 19]!
const FIFTH = c[IMPLIED + 20]!
const SEVENTH = c[IMPLIED + 21]!
const NINTH = c[IMPLIED + 22]!
const LN2 = c[IMPLIED + 23]!
const EXPONENT_BIAS = c[IMPLIED + 24]!
const LEAST_PRICE = c[IMPLIED + 25]!
const MOST_PRICE = c[IMPLIED + 26]!
const MOST_TIME = c[IMPLIED + 27]!
const NEAR_MAXIMUM = c[IMPLIED + 28]!
const MOST_DISTANCE = c[IMPLIED + 29]!
const MOST_SQUARE = c[IMPLIED + 30]!
const LEAST_GUESS = c[IMPLIED + 31]!
const LAST_STEP = c[IMPLIED + 32]!
const SHORT_LOG = c[IMPLIED + 33]!
const LEAST_EXPONENT = c[IMPLIED + 34]!
const ROUNDING = c[IMPLIED + 35]!
const LEAST_VALUE = c[IMPLIED + 36]!
const TWENTY_FOURTH = c[IMPLIED + 41]!
const SIXTH = c[IMPLIED + 42]!

const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
/** Which half of a double holds its exponent: this differs between byte orders, the result does not. */
const TOP = new Uint32Array(new Float64Array([1]).buffer)[1] === 0x3ff00000 ? 1 : 0

/** ln x to 2e-6. */
function roughLog(x: number): number {
  bits[0] = x
  const top = words[TOP]!
  words[TOP] = (top & 0xfffff) | 0x3ff00000
  const m = bits[0]!
  const z = (m - ROOT_TWO) / (m + ROOT_TWO)
  const square = z * z
  const series = (FIFTH * square + THIRD) * square + 1
  return ((top >>> 20) - EXPONENT_BIAS) * LN2 + z * 2 * series
}

/** Vols of `count` quotes and whether each is good; columns as assembly/impliedVol.as has them, addresses in bytes. */
export function impliedVols({ reals }: KernelViews, inputs: number, outputs: number, stride: number, count: number): void {
  const step = stride / 8
  const end = inputs / 8 + count
  for (let from = inputs / 8, to = outputs / 8; from < end; from++, to++) {
    const sign = reals[from]!
    const forward = reals[from + step]!
    const strike = reals[from + 2 * step]!
    const time = reals[from + 3 * step]!
    const rate = reals[from + 4 * step]!
    const price = reals[from + 5 * step]!

    const undiscounted = price * exponential(rate * time)
    const difference = forward - strike
    const intrinsic = sign * difference
    const timeValue = undiscounted - (intrinsic < 0 ? 0 : intrinsic)
    const missing = (sign > 0 ? forward : strike) - undiscounted
    const perScale = 1 / Math.sqrt(forward * strike)
    const value = timeValue * perScale
    const gap = Math.abs(difference)
    const distance = Math.abs(logOfRatio(forward, strike))

    const isLevel = gap === 0
    const perGap = 1 / (isLevel ? forward : gap)
    const slope = (isLevel ? 1 : distance) * perGap
    const y = timeValue * perGap
    let normal: number
    if (isLevel || y > STRADDLE) {
      const halfStraddle = ROOT_OF_TWO_PI * (timeValue + gap * 0.5)
      const u = gap / halfStraddle
      const w = u * u
      normal = (slope * halfStraddle * ((c[NEAR + 4]! * w + c[NEAR + 3]!) * w + 1)) / ((c[NEAR + 2]! * w + c[NEAR + 1]!) * w + c[NEAR]!)
    } else {
      const root = Math.sqrt(Math.abs(2 * roughLog(y < LEAST_VALUE ? LEAST_VALUE : y)))
      normal =
        (distance * (((c[FAR + 6]! * root + c[FAR + 5]!) * root + c[FAR + 4]!) * root + 1)) /
        (((c[FAR + 3]! * root + c[FAR + 2]!) * root + c[FAR + 1]!) * root + c[FAR]!)
    }
    const r = normal * normal
    const a2 = distance * distance
    const s =
      (normal * (r * (c[LOGNORMAL]! * a2 + c[LOGNORMAL + 1]!) + 1)) /
      (r * (c[LOGNORMAL + 2]! * a2 + c[LOGNORMAL + 3]! + r * c[LOGNORMAL + 4]!) + 1)

    const m = distance / s
    const halfOfS = s * 0.5
    const d1 = halfOfS - m
    const square = m * m
    const quarter = s * s * 0.25
    const exponent = (square + quarter) * -0.5
    const near = scaledTail(Math.abs(d1))
    const far = scaledTail(halfOfS + m)
    const isBelow = d1 <= 0
    const scaled = isBelow ? near - far : near + far
    const target = isBelow ? value : missing * perScale
    // p of the logarithm's derivative, h = b''/b' with its own two, g_n of order n over p, each times its power of s.
    const p = ((isBelow ? DENSITY_AT_ZERO : -DENSITY_AT_ZERO) * s) / scaled
    const h = square - quarter
    const h1 = square * -3 - quarter
    const h2 = square * 12
    const g2 = h - p
    const bend = h1 - p * g2
    const g3 = g2 * g2 + bend
    const g4 = g2 * g3 + g2 * bend * 2 + h2 - p * g3
    const current = exponential(exponent < LEAST_EXPONENT ? LEAST_EXPONENT : exponent) * scaled
    const z = (target - current) / (target + current)
    const zz = z * z
    const series = (((NINTH * zz + SEVENTH) * zz + FIFTH) * zz + THIRD) * zz + 1
    const newton = (z * 2 * series) / p
    const above = newton * (1 + newton * (g2 + newton * g3 * SIXTH))
    const below = 1 + newton * (g2 * 1.5 + newton * (g2 * g2 * 0.25 + (g3 * THIRD + newton * g4 * TWENTY_FOURTH)))
    const change = above / below

    reals[to] = (s + s * change) / Math.sqrt(time)
    const isGood =
      forward >= LEAST_PRICE &&
      forward <= MOST_PRICE &&
      strike >= LEAST_PRICE &&
      strike <= MOST_PRICE &&
      time > 0 &&
      time <= MOST_TIME &&
      Math.abs(sign) === 1 &&
      Math.abs(rate) <= 1 &&
      timeValue >= undiscounted * ROUNDING &&
      value >= LEAST_VALUE &&
      y >= LEAST_VALUE &&
      missing >= (strike < forward ? strike : forward) * NEAR_MAXIMUM &&
      distance <= MOST_DISTANCE &&
      r <= MOST_SQUARE &&
      s >= LEAST_GUESS &&
      exponent >= LEAST_EXPONENT &&
      Math.abs(change) < LAST_STEP &&
      Math.abs(z) < SHORT_LOG
    reals[to + step] = isGood ? 1 : 0
  }
}
