import type { PairInputs } from '../../../risk/pricing/multiAsset/index.ts'
import { undiscountedValue } from '../../../risk/pricing/undiscountedValue.ts'
import { gaussPanels } from './gaussPanels.ts'

/** Asset 2 given asset 1: forward and standard deviation of its log. */
export type Conditional = { readonly forward: number; readonly deviation: number }

/**
 * Second method for options on two assets: the value given the price of asset 1, integrated over that price's shock, cut where the price passes one of `kinks`. (The engine
 * conditions on asset 2, or not at all.)
 */
export function givenFirst(inputs: PairInputs, kinks: readonly number[], pays: (first: number, second: Conditional) => number): number {
  const { spot1, spot2, dividendYield1, dividendYield2, vol1, vol2, correlation, timeToExpiry, rate } = inputs
  const s1 = vol1 * Math.sqrt(timeToExpiry)
  const s2 = vol2 * Math.sqrt(timeToExpiry)
  const forward1 = spot1 * Math.exp((rate - dividendYield1) * timeToExpiry)
  const forward2 = spot2 * Math.exp((rate - dividendYield2) * timeToExpiry)
  const deviation = s2 * Math.sqrt(1 - correlation * correlation)
  const common = correlation * s2
  const integrand = (z: number): number => {
    const first = forward1 * Math.exp(s1 * z - 0.5 * s1 * s1)
    const second = { forward: forward2 * Math.exp(common * z - 0.5 * common * common), deviation }
    return (pays(first, second) * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI)
  }
  const reach = 9 + Math.max(s1, s2)
  const cuts = kinks.map((kink) => (Math.log(kink / forward1) + 0.5 * s1 * s1) / s1).filter((z) => Math.abs(z) < reach)
  return Math.exp(-rate * timeToExpiry) * gaussPanels(integrand, [-reach, ...cuts.sort((a, b) => a - b), reach], 40)
}

/** max(0, second - strike), or strike - second for the put, expected. */
export function vanillaOf(type: 'call' | 'put', { forward, deviation }: Conditional, strike: number): number {
  return undiscountedValue(type, forward, strike, deviation)
}
