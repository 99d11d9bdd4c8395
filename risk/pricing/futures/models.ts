import { z } from 'zod'
import { dividendYield, rate, spot, timeToExpiry } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { type DatedFutureInputs, datedFutureGreeks } from './datedFutureGreeks.ts'
import { type InverseFutureInputs, inverseFutureGreeks } from './inverseFutureGreeks.ts'
import { type LinearFutureInputs, linearFutureValue } from './linearFutureValue.ts'

const size = z.number().min(-1e15).max(1e15)
const price = z.number().min(1e-9).max(1e15)

/** Dated futures and perpetuals, priced by name. */
export const futuresModels: readonly RegisteredModel[] = [
  registerModel<DatedFutureInputs>({
    name: 'dated-future',
    title: 'Dated future, fair price',
    schema: z.strictObject({ spot, timeToExpiry, rate, dividendYield }),
    example: { spot: 100, timeToExpiry: 0.25, rate: 0.05, dividendYield: 0 },
    price: (inputs) => ({ value: datedFutureGreeks(inputs).price }),
    greeks: (inputs) => {
      const { price: _, ...greeks } = datedFutureGreeks(inputs)
      return greeks
    },
  }),
  registerModel<LinearFutureInputs>({
    name: 'linear-future',
    title: 'Position in a future or perpetual settled in dollars, value since entry',
    schema: z.strictObject({ quantity: size.describe('units of the underlying; negative is short'), entry: price, mark: price }),
    example: { quantity: 2, entry: 100, mark: 104 },
    price: (inputs) => ({ value: linearFutureValue(inputs) }),
    greeks: ({ quantity }) => ({ delta: quantity }),
  }),
  registerModel<InverseFutureInputs>({
    name: 'inverse-future',
    title: 'Position in a future or perpetual of a dollar notional settled in the underlying, value since entry in coins',
    schema: z.strictObject({ notional: size.describe('dollars; negative is short'), entry: price, mark: price }),
    example: { notional: 1000, entry: 100, mark: 104 },
    price: (inputs) => ({ value: inverseFutureGreeks(inputs).coin.price }),
    greeks: (inputs) => {
      const { coin, usd } = inverseFutureGreeks(inputs)
      return { delta: coin.delta, gamma: coin.gamma, usdValue: usd.price, usdDelta: usd.delta }
    },
  }),
]
