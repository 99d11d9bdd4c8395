import { z } from 'zod'
import { dividendYield, optionType, rate, spot, strike, timeToExpiry } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { hestonGreeks } from './hestonGreeks.ts'
import type { HestonInputs } from './hestonInputs.ts'
import { hestonPrice } from './hestonPrice.ts'
import { type HestonVarianceOptionInputs, hestonVarianceOption } from './hestonVarianceOption.ts'
import { type HestonVarianceSwapInputs, hestonVarianceSwap } from './hestonVarianceSwap.ts'

const variance = {
  v0: z.number().min(0).max(25).describe('variance now, per year; 0.04 is a vol of 20 %'),
  kappa: z.number().min(1e-6).max(1000).describe('speed of reversion per year'),
  theta: z.number().min(0).max(25).describe('long-run variance per year'),
  sigma: z.number().min(0).max(50).describe('vol of variance'),
}
const model = { v0: 0.36, kappa: 3, theta: 0.5, sigma: 0.9 }

/** Options and swaps under Heston's model. */
export const hestonModels: readonly RegisteredModel[] = [
  registerModel<HestonInputs>({
    name: 'heston',
    title: 'European option under stochastic variance (Heston)',
    schema: z.strictObject({
      type: optionType,
      spot,
      strike,
      rate,
      dividendYield,
      timeToExpiry,
      ...variance,
      rho: z.number().min(-0.999).max(0.999).describe('correlation of price and variance'),
    }),
    example: { type: 'call', spot: 100, strike: 100, rate: 0.04, dividendYield: 0, timeToExpiry: 0.5, ...model, rho: -0.3 },
    price: (inputs) => ({ value: hestonPrice(inputs).value }),
    greeks: hestonGreeks,
  }),
  registerModel<HestonVarianceSwapInputs>({
    name: 'heston-variance-swap',
    title: 'Fair variance per year under stochastic variance (Heston)',
    schema: z.strictObject({ ...variance, timeToExpiry }),
    example: { ...model, timeToExpiry: 0.5 },
    price: (inputs) => ({ value: hestonVarianceSwap(inputs).fairVariance }),
  }),
  registerModel<HestonVarianceSwapInputs>({
    name: 'heston-volatility-swap',
    title: 'Fair volatility under stochastic variance (Heston)',
    schema: z.strictObject({ ...variance, timeToExpiry }),
    example: { ...model, timeToExpiry: 0.5 },
    price: (inputs) => ({ value: hestonVarianceSwap(inputs).fairVolatility }),
  }),
  registerModel<HestonVarianceOptionInputs>({
    name: 'heston-variance-option',
    title: 'Option on collected variance (variance per year x years) under stochastic variance (Heston)',
    schema: z.strictObject({
      type: optionType,
      strike: z.number().min(1e-8).max(1e4).describe('collected variance'),
      rate,
      timeToExpiry,
      ...variance,
      nominal: z.number().min(0).max(1e15).describe('paid per 1.00 of collected variance beyond the strike'),
    }),
    example: { type: 'call', strike: 0.2, rate: 0.04, timeToExpiry: 0.5, ...model, nominal: 1000 },
    price: (inputs) => ({ value: hestonVarianceOption(inputs) }),
  }),
]
