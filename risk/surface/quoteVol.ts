import { impliedVol } from '../pricing/impliedVol/index.ts'
import type { OptionType, Usd, Vol, Years } from '../types/index.ts'

/** Outside these a volatility is an artefact of the tick size; margin's smiles end at 1,000 % a year too. */
const LEAST: Vol = 0.001
const GREATEST: Vol = 10

/** Volatility of an undiscounted price; null where none gives it, or only one that no market quotes. */
export function quoteVol(type: OptionType, price: Usd, forward: Usd, strike: Usd, timeToExpiry: Years): Vol | null {
  const implied = impliedVol({ type, forward, strike, timeToExpiry, rate: 0, price })
  return implied.status === 'converged' && implied.vol >= LEAST && implied.vol <= GREATEST ? implied.vol : null
}
