// Black-76 with the operations of assembly/black76.as in the same order, so that both give the same bits. Hot: nothing is checked.
//
// On the side out of the money, with lesser = min(F, K), h = deviation / 2 and w = |ln(F / K)| / deviation: d1 = h - w (`near`), -d2 = h + w (`far`),
// a = lesser e^(-d1^2 / 2), which also is max(F, K) e^(-d2^2 / 2). With the tail g(y) = N(-y) e^(y^2 / 2) the time value is a (g(-d1) - g(-d2)) below
// d1 = 0 and lesser - a (g(d1) + g(-d2)) above: one exponential serves both distribution functions, the density and every Greek.
import { DENSITY_AT_ZERO, FAR_FROM_STRIKE, FARTHEST, LEAST_DEVIATION, LEAST_TIME } from './constants.ts'
import { exponential, logOfRatio, scaledTail } from './elementary.ts'
import type { KernelViews } from './KernelViews.ts'

// The minimum and maximum of assembly/: the second operand unless the first is beyond it. NaN does not occur.
const lesserOf = (a: number, b: number): number => (b < a ? b : a)
const greaterOf = (a: number, b: number): number => (a < b ? b : a)

function nearDeviations(h: number, w: number): number {
  return greaterOf(lesserOf(h - w, FARTHEST), -FARTHEST)
}

function valueFrom(
  sign: number,
  forward: number,
  strike: number,
  lesser: number,
  a: number,
  near: number,
  nearTail: number,
  farTail: number,
): number {
  const timeValue = greaterOf(near < 0 ? a * (nearTail - farTail) : lesser - a * (nearTail + farTail), 0)
  return greaterOf(sign * (forward - strike), 0) + timeValue
}

/**
 * Undiscounted value of a European option on a forward.
 *
 * @param sign - 1 for a call, -1 for a put.
 * @param moneyness - ln(forward / strike).
 * @param deviation - vol sqrt(T), at least LEAST_DEVIATION.
 * @param inverse - 1 / deviation.
 */
export function undiscountedValue(
  sign: number,
  forward: number,
  strike: number,
  moneyness: number,
  deviation: number,
  inverse: number,
): number {
  const lesser = lesserOf(forward, strike)
  const w = Math.abs(moneyness) * inverse
  const h = deviation * 0.5
  const near = nearDeviations(h, w)
  const far = lesserOf(h + w, FARTHEST)
  const a = lesser * exponential(-(near * near * 0.5))
  return valueFrom(sign, forward, strike, lesser, a, near, scaledTail(Math.abs(near)), scaledTail(far))
}

/** Price and eight Greeks of `count` options; columns as assembly/black76.as has them, addresses in bytes. */
export function black76({ reals }: KernelViews, inputs: number, outputs: number, stride: number, count: number): void {
  const step = stride / 8
  const end = inputs / 8 + count
  for (let from = inputs / 8, to = outputs / 8; from < end; from++, to++) {
    const sign = reals[from]!
    const forward = reals[from + step]!
    const strike = reals[from + 2 * step]!
    const time = reals[from + 3 * step]!
    const vol = reals[from + 4 * step]!
    const rate = reals[from + 5 * step]!

    const discount = exponential(-(rate * time))
    const rootTime = Math.sqrt(time)
    const trueDeviation = vol * rootTime
    const deviation = greaterOf(trueDeviation, LEAST_DEVIATION)
    const inverse = 1 / deviation
    const moneyness = logOfRatio(forward, strike)
    const lesser = lesserOf(forward, strike)
    const w = Math.abs(moneyness) * inverse
    const h = deviation * 0.5
    const near = nearDeviations(h, w)
    const far = lesserOf(h + w, FARTHEST)
    const a = lesser * exponential(-(near * near * 0.5))
    const nearTail = scaledTail(Math.abs(near))
    const farTail = scaledTail(far)
    const price = discount * valueFrom(sign, forward, strike, lesser, a, near, nearTail, farTail)

    const inverseForward = 1 / forward
    const isDear = moneyness < 0
    const isLower = isDear && near < 0
    const tail = a * (isDear ? nearTail : farTail) * inverseForward
    const share = isLower === sign > 0 ? tail : 1 - tail
    const delta = discount * (sign * share)

    const isLive = trueDeviation >= LEAST_DEVIATION && w <= FAR_FROM_STRIKE
    const density = isLive || moneyness === 0 ? discount * (a * DENSITY_AT_ZERO) : 0
    const liveInverse = isLive ? inverse : 0
    const d1 = isDear ? near : far
    const d2 = isDear ? -far : -near
    const vega = density * rootTime
    const perVol = rootTime * liveInverse
    const vanna = -(density * inverseForward * d2 * perVol)
    const decay = vol * 0.5 * (1 / greaterOf(time, LEAST_TIME))

    reals[to] = price
    reals[to + step] = delta
    reals[to + 2 * step] = density * liveInverse * (inverseForward * inverseForward)
    reals[to + 3 * step] = vega
    reals[to + 4 * step] = rate * price - vega * decay
    reals[to + 5 * step] = -(time * price)
    reals[to + 6 * step] = vanna
    reals[to + 7 * step] = vega * (d1 * d2 * perVol)
    reals[to + 8 * step] = rate * delta - vanna * decay
  }
}
