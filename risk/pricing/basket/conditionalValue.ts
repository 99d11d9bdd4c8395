import { expOfSum } from '../../math/exp.ts'
import { log } from '../../math/index.ts'
import { scaledErfc } from '../../math/scaledErfc.ts'
import type { OptionType } from '../../types/index.ts'

const MOST_STEPS = 60
const SETTLED = 1e-13
/** Standard deviations beyond which nothing is left. */
const FAR = 39

/**
 * Undiscounted option on sum_k c_k e^(v_k Z - v_k^2 / 2), Z standard normal, all c_k above 0, in closed form (arguments are not checked):
 * the sum is convex in Z, so it is below the strike on one interval, whose ends are found by Newton's method on its logarithm.
 *
 * @param share - Weight of this call in a larger integral.
 * @param exercised - To each entry, `share` times the expected c_k e^(v_k Z - v_k^2 / 2) while the option is exercised is added.
 */
export function conditionalValue(
  type: OptionType,
  c: Float64Array,
  v: Float64Array,
  strike: number,
  share: number,
  exercised: Float64Array,
): number {
  const logStrike = log(strike)
  let least = 0
  let most = 0
  for (let k = 0; k < v.length; k++) {
    least = Math.min(least, v[k]!)
    most = Math.max(most, v[k]!)
  }
  // The interval [low, high] on which the sum is below the strike.
  let low = -FAR
  let high = FAR
  if (least === 0 && most === 0) {
    let sum = 0
    for (let k = 0; k < c.length; k++) sum += c[k]!
    if (sum >= strike) high = low
  } else {
    // Where the sum only rises or only falls, any start will do; else the search runs outwards from its lowest point.
    const start = least === 0 || most === 0 ? 0 : turningPoint(c, v)
    if (least < 0 && most > 0 && excess(c, v, logStrike, start) >= 0) {
      low = start
      high = start
    } else {
      if (most > 0) high = crossing(c, v, logStrike, start, FAR)
      if (least < 0) low = crossing(c, v, logStrike, start, -FAR)
    }
  }
  const isCall = type === 'call'
  const inside = mass(high) - mass(low)
  let value = isCall ? -strike * (mass(low) + mass(-high)) : strike * inside
  for (let k = 0; k < c.length; k++) {
    const below = isCall ? mass(low - v[k]!) + mass(v[k]! - high) : mass(high - v[k]!) - mass(low - v[k]!)
    value += (isCall ? 1 : -1) * c[k]! * below
    exercised[k] = exercised[k]! + share * c[k]! * below
  }
  return Math.max(0, value)
}

/** N(x), 0 and 1 at the far ends. */
function mass(x: number): number {
  if (x <= -FAR) return 0
  if (x >= FAR) return 1
  const tail = 0.5 * expOfSum(-0.5 * x * x, 0) * scaledErfc(Math.abs(x) * Math.SQRT1_2)
  return x <= 0 ? tail : 1 - tail
}

const slopeOut = new Float64Array(1)

/** ln of the sum less ln of the strike at z; its slope goes to slopeOut. Terms are scaled by the largest, so that nothing overflows. */
function excess(c: Float64Array, v: Float64Array, logStrike: number, z: number): number {
  let top = Number.NEGATIVE_INFINITY
  for (let k = 0; k < c.length; k++) top = Math.max(top, v[k]! * z - 0.5 * v[k]! * v[k]!)
  let sum = 0
  let slope = 0
  for (let k = 0; k < c.length; k++) {
    const term = c[k]! * expOfSum(v[k]! * z - 0.5 * v[k]! * v[k]! - top, 0)
    sum += term
    slope += v[k]! * term
  }
  slopeOut[0] = slope / sum
  return log(sum) + top - logStrike
}

/**
 * Root of the excess towards `end`, where it rises; `end` itself where it is below 0 even there. Newton from a point where it is above 0:
 * the logarithm is convex, so steps never overshoot.
 */
function crossing(c: Float64Array, v: Float64Array, logStrike: number, start: number, end: number): number {
  let z = start
  let value = excess(c, v, logStrike, z)
  for (let step = end > 0 ? 1 : -1; value < 0; step *= 2) {
    if (z === end) return end
    z = Math.max(-FAR, Math.min(FAR, z + step))
    value = excess(c, v, logStrike, z)
  }
  for (let i = 0; i < MOST_STEPS; i++) {
    const move = value / slopeOut[0]!
    z -= move
    if (Math.abs(move) < SETTLED * Math.max(1, Math.abs(z)) || Math.abs(z) > FAR) break
    value = excess(c, v, logStrike, z)
  }
  return Math.max(-FAR, Math.min(FAR, z))
}

/** Where the sum is least, by bisection on its slope, which rises. */
function turningPoint(c: Float64Array, v: Float64Array): number {
  let [left, right] = [-FAR, FAR]
  for (let i = 0; i < MOST_STEPS; i++) {
    const middle = 0.5 * (left + right)
    excess(c, v, 0, middle)
    if (slopeOut[0]! < 0) left = middle
    else right = middle
  }
  return 0.5 * (left + right)
}
