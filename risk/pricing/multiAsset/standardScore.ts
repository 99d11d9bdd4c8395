import type { Usd } from '../../types/index.ts'
import { logMoneyness } from '../logMoneyness.ts'

/** No normal mass lies beyond. */
const FAR = 40

/**
 * d1 of Black's formula: ln(asset / other) / deviation + deviation / 2, the score of "asset ends above other" with the asset as the unit. With no deviation it is plus or minus
 * 40, a tie counting as above. The prices are discounted and above 0, the deviation at least 0 (not checked).
 */
export function standardScore(asset: Usd, other: Usd, deviation: number): number {
  const moneyness = logMoneyness(asset, other)
  if (Math.abs(moneyness) > FAR * deviation || deviation === 0) return (moneyness >= 0 ? FAR : -FAR) + 0.5 * deviation
  return moneyness / deviation + 0.5 * deviation
}
