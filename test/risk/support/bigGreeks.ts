import type { OptionType } from '../../../risk/types/index.ts'
import * as big from '../reference/bigFixed.ts'

/** Arguments of a price, each in units of 2^-1300. */
export type BigArguments = { readonly S: bigint; readonly T: bigint; readonly vol: bigint; readonly r: bigint; readonly q: bigint }
export type GreekName =
  | 'price'
  | 'delta'
  | 'gamma'
  | 'vega'
  | 'theta'
  | 'rho'
  | 'phi'
  | 'vanna'
  | 'volga'
  | 'charm'
  | 'speed'
  | 'zomma'
  | 'color'
  | 'veta'

/** Generalised Black-Scholes-Merton price in whole-number arithmetic. */
export function bigBsm(type: OptionType, strike: number): (args: BigArguments) => bigint {
  const k = big.fixed(strike)
  return ({ S, T, vol, r, q }) => {
    const forward = big.multiply(S, big.exp(big.multiply(r - q, T)))
    const discount = big.exp(-big.multiply(r, T))
    const deviation = big.multiply(vol, big.squareRoot(T))
    const d1 = big.divide(big.log(big.divide(forward, k)), deviation) + deviation / 2n
    const d2 = d1 - deviation
    const value =
      type === 'call'
        ? big.multiply(forward, big.normalCdf(d1)) - big.multiply(k, big.normalCdf(d2))
        : big.multiply(k, big.normalCdf(-d2)) - big.multiply(forward, big.normalCdf(-d1))
    return big.multiply(discount, value)
  }
}

/** Step of the differences: 2^-100, so that their error is about 1e-60 and, with 1,300 bits, a third difference still has 300 digits to lose. */
const HALVINGS = 100n
const H = big.ONE >> HALVINGS

/** Price and thirteen derivatives of `price` by central differences; those in time are minus derivatives in T. */
export function bigGreeks(price: (args: BigArguments) => bigint, at: BigArguments): Record<GreekName, bigint> {
  const memory = new Map<string, bigint>()
  /** Price at so many steps from `at`. */
  const f = (S: number, vol = 0, T = 0, r = 0, q = 0): bigint => {
    const key = [S, vol, T, r, q].join()
    const known = memory.get(key)
    if (known !== undefined) return known
    const moved = (value: bigint, steps: number): bigint => value + BigInt(steps) * H
    const value = price({ S: moved(at.S, S), T: moved(at.T, T), vol: moved(at.vol, vol), r: moved(at.r, r), q: moved(at.q, q) })
    memory.set(key, value)
    return value
  }
  const perStep = (difference: bigint, steps: bigint): bigint => difference << (HALVINGS * steps)
  const first = (of: (step: number) => bigint): bigint => perStep(of(1) - of(-1), 1n) / 2n
  const second = (of: (step: number) => bigint): bigint => perStep(of(1) - 2n * of(0) + of(-1), 2n)
  const third = (of: (step: number) => bigint): bigint => perStep(of(2) - 2n * of(1) + 2n * of(-1) - of(-2), 3n) / 2n
  return {
    price: f(0),
    delta: first((s) => f(s)),
    gamma: second((s) => f(s)),
    vega: first((v) => f(0, v)),
    theta: -first((t) => f(0, 0, t)),
    rho: first((r) => f(0, 0, 0, r)),
    phi: first((q) => f(0, 0, 0, 0, q)),
    vanna: first((v) => first((s) => f(s, v))),
    volga: second((v) => f(0, v)),
    charm: -first((t) => first((s) => f(s, 0, t))),
    speed: third((s) => f(s)),
    zomma: first((v) => second((s) => f(s, v))),
    color: -first((t) => second((s) => f(s, 0, t))),
    veta: -first((t) => first((v) => f(0, v, t))),
  }
}

/** Size each Greek naturally has at these inputs: an error far below it is no error although the Greek may pass through zero. */
export function greekScales({ spot, timeToExpiry, vol }: { spot: number; timeToExpiry: number; vol: number }): Record<GreekName, number> {
  const rootTime = Math.sqrt(timeToExpiry)
  const width = spot * vol * rootTime
  return {
    price: spot,
    delta: 1,
    gamma: 1 / width,
    vega: spot * rootTime,
    theta: (spot * vol) / rootTime,
    rho: spot * timeToExpiry,
    phi: spot * timeToExpiry,
    vanna: 1 / vol,
    volga: (spot * rootTime) / vol,
    charm: 1 / timeToExpiry,
    speed: 1 / width ** 2,
    zomma: 1 / (width * vol),
    color: 1 / (width * timeToExpiry),
    veta: spot / rootTime,
  }
}
