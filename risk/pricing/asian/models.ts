import { z } from 'zod'
import { dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { MOST_DIMENSIONS, type SimulationPlan } from '../monteCarlo/index.ts'
import { arithmeticAsian } from './arithmeticAsian.ts'
import type { ContinuousAsianInputs, DiscreteAsianInputs } from './asianInputs.ts'
import { continuousArithmeticAsian } from './continuousArithmeticAsian.ts'
import { continuousAsianGreeks } from './continuousAsianGreeks.ts'
import { continuousGeometricAsian } from './continuousGeometricAsian.ts'
import { discreteAsianGreeks } from './discreteAsianGreeks.ts'
import { geometricAsian } from './geometricAsian.ts'
import { levyAsian } from './levyAsian.ts'
import { momentMatchedAsian } from './momentMatchedAsian.ts'
import { simulatedAsian } from './simulatedAsian.ts'

const asset = { type: optionType, spot, strike, rate, dividendYield, vol, timeToExpiry }
const pastAverage = z.number().min(0).max(1e15).describe('average so far, 0 when nothing is fixed')
const discrete = z.strictObject({
  ...asset,
  fixings: z.number().int().min(1).max(MOST_DIMENSIONS).describe('still to come, equally spaced'),
  firstFixing: z.number().min(0).max(100).describe('years; 0 is now'),
  lastFixing: z.number().min(0).max(100).describe('years'),
  pastFixings: z.number().int().min(0).max(10_000),
  pastAverage,
})
const continuous = z.strictObject({ ...asset, elapsed: z.number().min(0).max(100).describe('years since averaging began'), pastAverage })
const base = { type: 'call', spot: 100, strike: 100, rate: 0.05, dividendYield: 0.02, vol: 0.3, timeToExpiry: 1 } as const
const discreteExample: DiscreteAsianInputs = { ...base, fixings: 12, firstFixing: 1 / 12, lastFixing: 1, pastFixings: 0, pastAverage: 0 }
const continuousExample: ContinuousAsianInputs = { ...base, elapsed: 0, pastAverage: 0 }

/** Options on averages. */
export const asianModels: readonly RegisteredModel[] = [
  registerModel<DiscreteAsianInputs>({
    name: 'asian-arithmetic',
    title: 'Arithmetic Asian option on equally spaced fixings, backward integration',
    schema: discrete,
    example: discreteExample,
    price: (inputs) => ({ value: arithmeticAsian(inputs) }),
    greeks: (inputs) => discreteAsianGreeks('arithmetic', inputs),
  }),
  registerModel<ContinuousAsianInputs>({
    name: 'asian-arithmetic-continuous',
    title: 'Arithmetic Asian option, continuous averaging, extrapolated backward integration',
    schema: continuous,
    example: continuousExample,
    price: (inputs) => ({ value: continuousArithmeticAsian(inputs).value }),
    greeks: (inputs) => continuousAsianGreeks('arithmetic', inputs),
  }),
  registerModel<DiscreteAsianInputs & SimulationPlan>({
    name: 'asian-arithmetic-simulated',
    title: 'Arithmetic Asian option, Sobol simulation with a geometric control',
    schema: discrete.extend({
      paths: z.number().int().describe('per scramble, a power of two from 256'),
      scrambles: z.number().int().min(2).max(64),
      seed: z.number().int().min(0).max(4294967295),
    }),
    example: { ...discreteExample, paths: 1024, scrambles: 16, seed: 1 },
    price: ({ paths, scrambles, seed, ...inputs }) => {
      const { value, standardError } = simulatedAsian(inputs, { paths, scrambles, seed })
      return { value, standardError }
    },
  }),
  registerModel<DiscreteAsianInputs>({
    name: 'asian-turnbull-wakeman',
    title: 'Arithmetic Asian option on fixings, moment matching (an approximation: see its error in the README)',
    schema: discrete,
    example: discreteExample,
    price: (inputs) => ({ value: momentMatchedAsian(inputs) }),
  }),
  registerModel<ContinuousAsianInputs>({
    name: 'asian-levy',
    title: 'Arithmetic Asian option, continuous averaging, moment matching (an approximation: see its error in the README)',
    schema: continuous,
    example: continuousExample,
    price: (inputs) => ({ value: levyAsian(inputs) }),
  }),
  registerModel<DiscreteAsianInputs>({
    name: 'asian-geometric',
    title: 'Geometric Asian option on equally spaced fixings',
    schema: discrete,
    example: discreteExample,
    price: (inputs) => ({ value: geometricAsian(inputs) }),
    greeks: (inputs) => discreteAsianGreeks('geometric', inputs),
  }),
  registerModel<ContinuousAsianInputs>({
    name: 'asian-geometric-continuous',
    title: 'Geometric Asian option, continuous averaging',
    schema: continuous,
    example: continuousExample,
    price: (inputs) => ({ value: continuousGeometricAsian(inputs) }),
    greeks: (inputs) => continuousAsianGreeks('geometric', inputs),
  }),
]
