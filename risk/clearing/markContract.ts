import { pricingModuleOf, pricingRegistry, yearsBetween } from '../pricing/index.ts'
import type { UnixSeconds, Usd } from '../types/index.ts'
import type { ListedContract, MarketMark } from './types.ts'

/** What one contract is worth and how much of the underlying it stands for. */
export type ContractMark = {
  /** USD; of a future against its reference. */
  readonly value: Usd
  /** Contracts of the underlying, by a central difference. */
  readonly delta: number
}

const BUMP = 1e-3

/**
 * Mark of one contract at a flat vol, forwards at the index.
 *
 * @param time - At or before the expiry.
 * @throws {InvalidInputError} The market or the time is outside the domain of the pricing module.
 */
export function markContract({ instrument, reference }: ListedContract, { spot, markVol }: MarketMark, time: UnixSeconds): ContractMark {
  const module = pricingModuleOf(instrument, pricingRegistry)
  const timeToExpiry = yearsBetween(time, instrument.expiry)
  const at = (price: Usd): Usd => module.value(instrument, { spot: price, forward: price, vol: markVol, timeToExpiry })
  return { value: at(spot) - reference, delta: (at(spot * (1 + BUMP)) - at(spot * (1 - BUMP))) / (2 * BUMP * spot) }
}
