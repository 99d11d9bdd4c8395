import { z } from 'zod'
import { dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import type { BsmGreeks, BsmInputs } from '../vanilla/index.ts'
import { inverseOptionGreeks } from './inverseOptionGreeks.ts'
import { inverseOptionPrice } from './inverseOptionPrice.ts'

/** Options settled in the underlying, priced by name. Greeks are of the value in coins; those of the dollar value follow with `usd` in front. */
export const inverseModels: readonly RegisteredModel[] = [
  registerModel<BsmInputs>({
    name: 'inverse-option',
    title: 'European option settled in the underlying, value in coins',
    schema: z.strictObject({ type: optionType, spot, strike, timeToExpiry, vol, rate, dividendYield }),
    example: { type: 'call', spot: 60_000, strike: 65_000, timeToExpiry: 0.25, vol: 0.55, rate: 0.05, dividendYield: 0 },
    price: (inputs) => ({ value: inverseOptionPrice(inputs).coin }),
    greeks: (inputs) => {
      const { coin, usd } = inverseOptionGreeks(inputs)
      const { price: _, ...greeks } = coin
      return { ...greeks, ...inDollars(usd) }
    },
  }),
]

/** `price` becomes `usdValue`, `delta` becomes `usdDelta`, and so on. */
function inDollars({ price, ...greeks }: BsmGreeks): Record<string, number> {
  const named = Object.entries(greeks).map(([name, value]) => [`usd${name.charAt(0).toUpperCase()}${name.slice(1)}`, value])
  return { usdValue: price, ...Object.fromEntries(named) }
}
