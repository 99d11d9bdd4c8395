import { assertInRange, normalCdf } from '../math/index.ts'
import type { DigitalOption } from '../types/index.ts'
import { logMoneyness } from './logMoneyness.ts'
import type { PricingModule } from './PricingModule.ts'
import { isPayoff } from './undiscountedValue.ts'

/**
 * European digital: the probability of ending beyond the strike under Black-76 (cash), or the forward times that probability with the asset as
 * numeraire (asset): N(+/-d2), F N(+/-d1). Nothing is discounted. The vol is that of the strike; the slope of a smile does not enter.
 */
export const digitalOption: PricingModule<DigitalOption> = {
  kind: 'digital',
  assertValid: ({ id, strike }) => assertInRange(`strike of ${id}`, strike, 1e-9, 1e15),
  value: (instrument, { forward, vol, timeToExpiry }) => {
    const { type, pays, strike } = instrument
    const deviation = vol * Math.sqrt(timeToExpiry)
    const moneyness = logMoneyness(forward, strike)
    if (isPayoff(moneyness, deviation)) return payoff(instrument, forward)
    const d = moneyness / deviation + (pays === 'cash' ? -0.5 : 0.5) * deviation
    const probability = normalCdf(type === 'call' ? d : -d)
    return pays === 'cash' ? probability : forward * probability
  },
  payoff,
  strike: ({ strike }) => strike,
  farAbove: ({ type, pays }) => {
    if (type === 'put') return { slope: 0, level: 0 }
    return pays === 'cash' ? { slope: 0, level: 1 } : { slope: 1, level: 0 }
  },
  bounds: ({ pays }, { forward }) => ({ least: 0, most: pays === 'cash' ? 1 : forward }),
  stressedValue: 'credit',
  shortClass: ({ type, pays }) => `${pays} digital ${type}`,
}

function payoff({ type, pays, strike }: DigitalOption, spot: number): number {
  const beyond = type === 'call' ? spot > strike : spot < strike
  return beyond ? (pays === 'cash' ? 1 : spot) : 0
}
