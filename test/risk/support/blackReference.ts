import type { OptionType } from '../../../risk/types/index.ts'
import * as big from '../reference/bigFixed.ts'

/** Undiscounted Black-76 price in whole-number arithmetic: no double is rounded on the way. */
export function bigBlack76(type: OptionType, forward: number, strike: number, timeToExpiry: number, vol: number): bigint {
  const f = big.fixed(forward)
  const k = big.fixed(strike)
  const deviation = big.multiply(big.fixed(vol), big.squareRoot(big.fixed(timeToExpiry)))
  const d1 = big.divide(big.log(big.divide(f, k)), deviation) + deviation / 2n
  const d2 = d1 - deviation
  return type === 'call'
    ? big.multiply(f, big.normalCdf(d1)) - big.multiply(k, big.normalCdf(d2))
    : big.multiply(k, big.normalCdf(-d2)) - big.multiply(f, big.normalCdf(-d1))
}

/**
 * Undiscounted value of a payoff by integrating it over the normal density: Gauss-Legendre, 12 points on each of 160 panels from the kink to where
 * the density has died. Shares nothing with the closed form.
 */
export function integratedPayoff(type: OptionType, forward: number, strike: number, timeToExpiry: number, vol: number): number {
  const deviation = vol * Math.sqrt(timeToExpiry)
  const kink = (Math.log(strike / forward) + 0.5 * deviation * deviation) / deviation
  const [from, to] = type === 'call' ? [kink, Math.max(kink, deviation) + 14] : [Math.min(kink, 0) - 14, kink]
  const payoff = (z: number): number => {
    const price = forward * Math.exp(deviation * z - 0.5 * deviation * deviation)
    return type === 'call' ? price - strike : strike - price
  }
  const panels = 160
  const half = (to - from) / panels / 2
  let sum = 0
  for (let panel = 0; panel < panels; panel++) {
    const centre = from + (2 * panel + 1) * half
    for (const [node, weight] of gaussLegendre12) {
      for (const z of [centre - half * node, centre + half * node]) {
        sum += (weight * half * payoff(z) * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI)
      }
    }
  }
  return sum
}

// Positive nodes and weights of the 12-point rule (Abramowitz and Stegun, table 25.4).
const gaussLegendre12: readonly (readonly [number, number])[] = [
  [0.125233408511469, 0.249147045813403],
  [0.36783149899818, 0.233492536538355],
  [0.587317954286617, 0.203167426723066],
  [0.769902674194305, 0.160078328543346],
  [0.904117256370475, 0.106939325995318],
  [0.981560634246719, 0.047175336386512],
]
