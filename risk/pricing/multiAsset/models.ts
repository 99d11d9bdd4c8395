import { z } from 'zod'
import { correlation, dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { type BestWorstInputs, bestWorstGreeks, bestWorstPrice } from './bestWorst.ts'
import { type BestWorstOfManyInputs, bestWorstOfManyPrice } from './bestWorstOfMany.ts'
import { type ExchangeInputs, exchangeGreeks, exchangePrice } from './exchange.ts'
import { kirkSpreadPrice } from './kirkSpread.ts'
import { spreadGreeks, spreadPrice } from './spread.ts'
import type { SpreadInputs } from './spreadInputs.ts'
import { type TwoAssetCorrelationInputs, twoAssetCorrelationGreeks, twoAssetCorrelationPrice } from './twoAssetCorrelation.ts'

const pair = {
  spot1: spot,
  spot2: spot,
  dividendYield1: dividendYield,
  dividendYield2: dividendYield,
  vol1: vol,
  vol2: vol,
  correlation,
  timeToExpiry,
  rate,
}
const payoff = z.enum(['max', 'min'])
const spread = z.strictObject({ type: optionType, ...pair, strike: z.number().min(-1e15).max(1e15).describe('any sign') })
const example = {
  spot1: 100,
  spot2: 95,
  dividendYield1: 0,
  dividendYield2: 0,
  vol1: 0.6,
  vol2: 0.8,
  correlation: 0.7,
  timeToExpiry: 0.5,
  rate: 0.04,
}

/** Options on several assets, priced by name. */
export const multiAssetModels: readonly RegisteredModel[] = [
  registerModel<ExchangeInputs>({
    name: 'exchange',
    title: 'Exchange option: asset 1 for asset 2',
    schema: z.strictObject(pair),
    example,
    price: (inputs) => ({ value: exchangePrice(inputs) }),
    greeks: exchangeGreeks,
  }),
  registerModel<SpreadInputs>({
    name: 'spread',
    title: 'Spread option on asset 1 less asset 2, by quadrature',
    schema: spread,
    example: { type: 'call', ...example, strike: 5 },
    price: (inputs) => ({ value: spreadPrice(inputs) }),
    greeks: spreadGreeks,
  }),
  registerModel<SpreadInputs>({
    name: 'spread-kirk',
    title: "Spread option by Kirk's approximation",
    schema: spread,
    example: { type: 'call', ...example, strike: 5 },
    price: (inputs) => ({ value: kirkSpreadPrice(inputs) }),
  }),
  registerModel<BestWorstInputs>({
    name: 'best-worst',
    title: 'Option on the best or worst of two assets',
    schema: z.strictObject({ type: optionType, payoff, ...pair, strike }),
    example: { type: 'call', payoff: 'max', ...example, strike: 100 },
    price: (inputs) => ({ value: bestWorstPrice(inputs) }),
    greeks: bestWorstGreeks,
  }),
  registerModel<TwoAssetCorrelationInputs>({
    name: 'two-asset-correlation',
    title: 'Option on asset 2 that pays only if asset 1 is beyond its trigger',
    schema: z.strictObject({ type: optionType, ...pair, trigger: strike, strike }),
    example: { type: 'call', ...example, trigger: 100, strike: 95 },
    price: (inputs) => ({ value: twoAssetCorrelationPrice(inputs) }),
    greeks: twoAssetCorrelationGreeks,
  }),
  registerModel<BestWorstOfManyInputs>({
    name: 'best-worst-many',
    title: 'Option on the best or worst of up to 20 assets with one common correlation',
    schema: z.strictObject({
      type: optionType,
      payoff,
      spots: z.array(spot),
      vols: z.array(vol),
      dividendYields: z.array(dividendYield),
      correlation,
      strike,
      timeToExpiry,
      rate,
    }),
    example: {
      type: 'call',
      payoff: 'max',
      spots: [100, 95, 105],
      vols: [0.6, 0.8, 0.7],
      dividendYields: [0, 0, 0],
      correlation: 0.5,
      strike: 100,
      timeToExpiry: 0.5,
      rate: 0.04,
    },
    price: (inputs) => ({ value: bestWorstOfManyPrice(inputs) }),
  }),
]
