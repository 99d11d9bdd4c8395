import type { PerpetualFuture } from '../types/index.ts'
import type { PricingModule } from './PricingModule.ts'

/** Perpetual future, exactly linear: worth the index; what funding has paid is in the account's cash. */
export const perpetualFuture: PricingModule<PerpetualFuture> = {
  kind: 'perpetual',
  assertValid: () => {},
  value: (_, { spot }) => spot,
  payoff: (_, spot) => spot,
  strike: () => null,
  farAbove: () => ({ slope: 1, level: 0 }),
  bounds: (_, { spot }) => ({ least: spot, most: spot }),
  stressedValue: 'exact',
  shortClass: () => null,
}
