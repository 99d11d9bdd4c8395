import type { DatedFuture } from '../types/index.ts'
import type { PricingModule } from './PricingModule.ts'

/**
 * Future on the index, exactly linear: worth the index. The account's cash carries minus quantity x entry price, so that equity holds the gain since entry,
 * whatever the index does between two books. Basis is not modelled.
 */
export const datedFuture: PricingModule<DatedFuture> = {
  kind: 'future',
  assertValid: () => {},
  value: (_, { spot }) => spot,
  payoff: (_, spot) => spot,
  farAbove: () => ({ slope: 1, level: 0 }),
  stressedValue: 'exact',
  shortClass: () => null,
}
