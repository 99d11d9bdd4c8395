import { z } from 'zod'
import { correlation, dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import type { SimulationPlan } from '../monteCarlo/index.ts'
import { americanGreeks } from './americanGreeks.ts'
import type { AmericanInputs } from './americanInputs.ts'
import { americanPrice } from './americanPrice.ts'
import { baroneAdesiWhaley } from './baroneAdesiWhaley.ts'
import { type BermudanMaxCallInputs, bermudanMaxCall } from './bermudanMaxCall.ts'
import { type BermudanInputs, bermudanPrice } from './bermudanPrice.ts'
import { bjerksundStensland } from './bjerksundStensland.ts'

const schema = z.strictObject({ type: optionType, spot, strike, rate, dividendYield, vol, timeToExpiry })
const exerciseDates = z.number().int().min(1).describe('equally spaced, the last at expiry')
const perAsset = <Item extends z.ZodType>(item: Item) => z.array(item).min(2).max(10)
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
    schema: schema.extend({ exerciseDates: exerciseDates.max(1000) }),
    example: { ...example, exerciseDates: 26 },
    price: (inputs) => ({ value: bermudanPrice(inputs) }),
  }),
  registerModel<BermudanMaxCallInputs & SimulationPlan>({
    name: 'bermudan-max-call',
    title: 'Bermudan call on the highest of several assets, least-squares simulation (a lower bound)',
    schema: z.strictObject({
      spots: perAsset(spot),
      strike,
      vols: perAsset(vol),
      dividendYields: perAsset(dividendYield),
      correlations: perAsset(perAsset(correlation)),
      rate,
      timeToExpiry,
      exerciseDates: exerciseDates.max(256),
      paths: z.number().int().describe('per scramble, a power of two from 256'),
      scrambles: z.number().int().min(2).max(64),
      seed: z.number().int().min(0).max(4294967295),
    }),
    example: {
      spots: [100, 100],
      strike: 100,
      vols: [0.2, 0.2],
      dividendYields: [0.1, 0.1],
      correlations: [
        [1, 0.3],
        [0.3, 1],
      ],
      rate: 0.05,
      timeToExpiry: 1,
      exerciseDates: 4,
      paths: 512,
      scrambles: 16,
      seed: 1,
    },
    price: ({ paths, scrambles, seed, ...inputs }) => {
      const { value, standardError } = bermudanMaxCall(inputs, { paths, scrambles, seed })
      return { value, standardError }
    },
  }),
]
