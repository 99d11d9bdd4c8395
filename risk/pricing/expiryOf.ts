import type { UnixSeconds } from '../types/index.ts'
import type { PricedInstrument } from './PricingModule.ts'

/** Instant at which the instrument expires, or null for one that never does. */
export function expiryOf(instrument: PricedInstrument): UnixSeconds | null {
  return instrument.expiry ?? null
}
