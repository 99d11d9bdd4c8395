import { z } from 'zod'
import { dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { americanGreeks } from './americanGreeks.ts'
import type { AmericanInputs } from './americanInputs.ts'
import { americanPrice } from './americanPrice.ts'
import { baroneAdesiWhaley } from './baroneAdesiWhaley.ts'
import { type BermudanInputs, bermudanPrice } from './bermudanPrice.ts'
import { bjerksundStensland } from './bjerksundStensland.ts'

const schema = z.strictObject({ type: optionType, spot, strike, rate, dividendYield, vol, timeToExpiry })
const example: AmericanInputs = { type: 'put', spot: 100, strike: 100, rate: 0.05, dividendYield: 0.02, vol: 0.3, timeToExpiry: 0.5 }

/** Options that may be exercised before expiry. */
export const americanModels: readonly RegisteredModel[] = [
  registerModel<AmericanInputs>({
    name: 'american',
    title: 'American option, spectral collocation of the exercise boundary',
    schema,
    example,
    price: (inputs) => ({ value: americanPrice(inputs).value }),
    greeks: americanGreeks,
  }),
  registerModel<AmericanInputs>({
    name: 'american-barone-adesi-whaley',
    title: 'American option, Barone-Adesi-Whaley approximation (not a price: see its error in the README)',
    schema,
    example,
    price: (inputs) => ({ value: baroneAdesiWhaley(inputs) }),
  }),
  registerModel<AmericanInputs>({
    name: 'american-bjerksund-stensland',
    title: 'American option, Bjerksund-Stensland 1993 approximation (a lower bound of the price)',
    schema,
    example,
    price: (inputs) => ({ value: bjerksundStensland(inputs) }),
  }),
  registerModel<BermudanInputs>({
    name: 'bermudan',
    title: 'Bermudan option, equally spaced exercise dates, backward integration',
    schema: schema.extend({ exerciseDates: z.number().int().min(1).max(1000).describe('equally spaced, the last at expiry') }),
    example: { ...example, exerciseDates: 26 },
    price: (inputs) => ({ value: bermudanPrice(inputs) }),
  }),
]
