import { assertInRange } from '../math/index.ts'
import type { VanillaOption } from '../types/index.ts'
import type { PricingModule } from './PricingModule.ts'
import { undiscountedValue } from './undiscountedValue.ts'
import { valueBounds } from './valueBounds.ts'

/** European option on the index: Black-76 on the forward of its expiry. Nothing is discounted, since margin is held in dollars that earn the rate. */
export const vanillaOption: PricingModule<VanillaOption> = {
  kind: 'option',
  assertValid: ({ id, strike }) => assertInRange(`strike of ${id}`, strike, 1e-9, 1e15),
  value: ({ type, strike }, { forward, vol, timeToExpiry }) => undiscountedValue(type, forward, strike, vol * Math.sqrt(timeToExpiry)),
  payoff: ({ type, strike }, spot) => Math.max(0, type === 'call' ? spot - strike : strike - spot),
  strike: ({ strike }) => strike,
  farAbove: ({ type, strike }) => (type === 'call' ? { slope: 1, level: -strike } : { slope: 0, level: 0 }),
  bounds: ({ type, strike }, { forward }, known) => valueBounds(type, strike, forward, known),
  stressedValue: 'credit',
  shortClass: ({ type }) => type,
}
