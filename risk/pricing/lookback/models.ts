import { z } from 'zod'
import { barrier, dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { fixedLookbackGreeks, fixedLookbackPrice } from './fixedLookback.ts'
import { floatingLookbackGreeks, floatingLookbackPrice } from './floatingLookback.ts'
import type { FixedLookbackInputs, FloatingLookbackInputs } from './lookbackInputs.ts'

const floating = {
  type: optionType,
  spot,
  timeToExpiry,
  vol,
  rate,
  dividendYield,
  extremum: barrier.describe('lowest or highest price so far, now included'),
}
const example = { type: 'call', spot: 100, timeToExpiry: 0.5, vol: 0.6, rate: 0.04, dividendYield: 0 } as const

/** Lookback options, priced by name. */
export const lookbackModels: readonly RegisteredModel[] = [
  registerModel<FloatingLookbackInputs>({
    name: 'lookback-floating',
    title: 'Floating-strike lookback option, continuous monitoring',
    schema: z.strictObject(floating),
    example: { ...example, extremum: 90 },
    price: (inputs) => ({ value: floatingLookbackPrice(inputs) }),
    greeks: floatingLookbackGreeks,
  }),
  registerModel<FixedLookbackInputs>({
    name: 'lookback-fixed',
    title: 'Fixed-strike lookback option, continuous monitoring',
    schema: z.strictObject({ ...floating, strike }),
    example: { ...example, extremum: 110, strike: 105 },
    price: (inputs) => ({ value: fixedLookbackPrice(inputs) }),
    greeks: fixedLookbackGreeks,
  }),
]
