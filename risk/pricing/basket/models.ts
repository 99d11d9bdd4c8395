import { z } from 'zod'
import { correlation, dividendYield, optionType, rate, spot, strike, timeToExpiry } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { basketGreeks } from './basketGreeks.ts'
import type { BasketInputs } from './basketInputs.ts'
import { basketPrice } from './basketPrice.ts'

const perAsset = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(20)

/** Options on weighted sums. */
export const basketModels: readonly RegisteredModel[] = [
  registerModel<BasketInputs>({
    name: 'basket',
    title: 'Option on a weighted sum of assets: closed in one factor, quadrature in the others',
    schema: z.strictObject({
      type: optionType,
      strike,
      spots: perAsset(spot),
      weights: perAsset(z.number().min(1e-9).max(1e9)).describe('units held of each asset'),
      vols: perAsset(z.number().min(0).max(10)),
      dividendYields: perAsset(dividendYield),
      correlations: perAsset(perAsset(correlation)),
      rate,
      timeToExpiry,
    }),
    example: {
      type: 'call',
      strike: 100,
      spots: [100, 100, 100],
      weights: [0.5, 0.3, 0.2],
      vols: [0.6, 0.7, 0.9],
      dividendYields: [0, 0, 0],
      correlations: [
        [1, 0.8, 0.6],
        [0.8, 1, 0.7],
        [0.6, 0.7, 1],
      ],
      rate: 0.04,
      timeToExpiry: 0.5,
    },
    price: (inputs) => {
      const { value, standardError } = basketPrice(inputs)
      return standardError === undefined ? { value } : { value, standardError }
    },
    greeks: basketGreeks,
  }),
]
