import { assertInRange } from '../math/index.ts'
import type { InverseOption } from '../types/index.ts'
import type { PricingModule } from './PricingModule.ts'
import { undiscountedValue } from './undiscountedValue.ts'
import { valueBounds } from './valueBounds.ts'

/**
 * Option settled in the underlying. Its price in coins is the Black-76 value over the forward (the value is a martingale in coins held to expiry), so in dollars
 * at the index it is that value times S / F; at expiry the two options pay the same dollars.
 */
export const inverseOption: PricingModule<InverseOption> = {
  kind: 'inverseOption',
  assertValid: ({ id, strike }) => assertInRange(`strike of ${id}`, strike, 1e-9, 1e15),
  value: ({ type, strike }, { spot, forward, vol, timeToExpiry }) =>
    (undiscountedValue(type, forward, strike, vol * Math.sqrt(timeToExpiry)) * spot) / forward,
  payoff: ({ type, strike }, spot) => Math.max(0, type === 'call' ? spot - strike : strike - spot),
  strike: ({ strike }) => strike,
  farAbove: ({ type, strike }) => (type === 'call' ? { slope: 1, level: -strike } : { slope: 0, level: 0 }),
  bounds: ({ type, strike }, { spot, forward }, known) => {
    const ratio = forward / spot
    const scaled = known.map(({ forward: at, value }) => ({ forward: at, value: value * ratio }))
    const { least, most } = valueBounds(type, strike, forward, scaled)
    return { least: least / ratio, most: most / ratio }
  },
  stressedValue: 'credit',
  shortClass: ({ type }) => type,
}
