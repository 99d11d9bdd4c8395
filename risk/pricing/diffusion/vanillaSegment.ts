import type { OptionType, Usd } from '../../types/index.ts'
import { logMoneyness } from '../logMoneyness.ts'
import type { PayoffSegment } from './segmentValue.ts'

/** Payoff of a European call or put as a segment; `level` other than the strike makes a gap option of it. */
export function vanillaSegment(type: OptionType, spot: Usd, strike: Usd, level: Usd = strike): PayoffSegment {
  const start = logMoneyness(strike, spot)
  return type === 'call'
    ? { from: start, to: Number.POSITIVE_INFINITY, slope: 1, level: -level }
    : { from: Number.NEGATIVE_INFINITY, to: start, slope: -1, level }
}
