import type { DatedFuture } from '../types/index.ts'
import type { PricingModule } from './PricingModule.ts'

/**
 * Future on the index, exactly linear: worth the forward of its expiry, so that it and an option pair of the same expiry offset in every state. The account's
 * cash carries minus quantity x entry price, so that equity holds the gain since entry, whatever the index does between two books.
 */
export const datedFuture: PricingModule<DatedFuture> = {
  kind: 'future',
  assertValid: () => {},
  value: (_, { forward }) => forward,
  payoff: (_, spot) => spot,
  strike: () => null,
  farAbove: () => ({ slope: 1, level: 0 }),
  bounds: (_, { forward }) => ({ least: forward, most: forward }),
  stressedValue: 'exact',
  shortClass: () => null,
}
