import { z } from 'zod'
import { dividendYield, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { type OptionStrip, varianceFromStrip } from './varianceFromStrip.ts'
import { type VarianceSwapInputs, varianceSwapValue } from './varianceSwapValue.ts'

const variance = z.number().min(0).max(100).describe('per year; 0.04 is a vol of 20 %')
const strikes = z.array(strike).min(2)
const vols = z.array(vol).min(2).describe('one per strike')

/** Swaps on variance, and the fair variance of a strip of options. */
export const varianceSwapModels: readonly RegisteredModel[] = [
  registerModel<OptionStrip>({
    name: 'variance-swap-strip',
    title: 'Fair variance per year from a strip of options',
    schema: z.strictObject({
      spot,
      rate,
      dividendYield,
      timeToExpiry,
      boundary: strike.describe('parts puts from calls; both lists hold it'),
      putStrikes: strikes.describe('rising, to the boundary'),
      putVols: vols,
      callStrikes: strikes.describe('rising, from the boundary'),
      callVols: vols,
    }),
    example: {
      spot: 100,
      rate: 0.05,
      dividendYield: 0,
      timeToExpiry: 0.25,
      boundary: 100,
      putStrikes: [70, 80, 90, 100],
      putVols: [0.26, 0.24, 0.22, 0.2],
      callStrikes: [100, 110, 120, 130],
      callVols: [0.2, 0.18, 0.16, 0.14],
    },
    price: (inputs) => ({ value: varianceFromStrip(inputs) }),
  }),
  registerModel<VarianceSwapInputs>({
    name: 'variance-swap',
    title: 'Variance swap, part of its period over',
    schema: z.strictObject({
      realizedVariance: variance,
      elapsed: timeToExpiry,
      fairVariance: variance,
      timeToExpiry,
      strikeVariance: variance,
      rate,
      notional: z.number().min(-1e15).max(1e15).describe('paid per 1.00 of variance'),
    }),
    example: {
      realizedVariance: 0.3,
      elapsed: 0.1,
      fairVariance: 0.4,
      timeToExpiry: 0.15,
      strikeVariance: 0.35,
      rate: 0.04,
      notional: 1_000_000,
    },
    price: (inputs) => ({ value: varianceSwapValue(inputs) }),
  }),
]
