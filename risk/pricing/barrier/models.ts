import { z } from 'zod'
import { barrier, dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import type { DoubleBarrierInputs, SingleBarrierInputs } from './barrierInputs.ts'
import { type DiscreteBarrierInputs, discreteBarrierPrice } from './discreteBarrier.ts'
import { doubleBarrierGreeks, doubleBarrierPrice } from './doubleBarrier.ts'
import { type DoubleNoTouchInputs, doubleNoTouchGreeks, doubleNoTouchPrice } from './doubleNoTouch.ts'
import { singleBarrierGreeks, singleBarrierPrice } from './singleBarrier.ts'

const asset = { spot, timeToExpiry, vol, rate, dividendYield }
const knock = z.enum(['out', 'in'])
const amount = z.number().min(0).max(1e15)
const single = {
  type: optionType,
  ...asset,
  strike,
  direction: z.enum(['down', 'up']),
  knock,
  barrier,
  rebate: amount.describe('paid at the hit of an out, at expiry of an in that was never hit'),
}
const corridor = { lower: barrier, upper: barrier }
const example = { spot: 100, timeToExpiry: 0.5, vol: 0.6, rate: 0.04, dividendYield: 0 }
const singleExample = { type: 'call', ...example, strike: 100, direction: 'down', knock: 'out', barrier: 80, rebate: 0 } as const

/** Barrier options, priced by name. */
export const barrierModels: readonly RegisteredModel[] = [
  registerModel<SingleBarrierInputs>({
    name: 'barrier-single',
    title: 'Single barrier option with rebate, continuous monitoring',
    schema: z.strictObject(single),
    example: singleExample,
    price: (inputs) => ({ value: singleBarrierPrice(inputs) }),
    greeks: singleBarrierGreeks,
  }),
  registerModel<DiscreteBarrierInputs>({
    name: 'barrier-single-discrete',
    title: 'Single barrier option watched at equal intervals, by the shifted barrier (an approximation)',
    schema: z.strictObject({ ...single, interval: timeToExpiry.describe('years between two looks at the barrier') }),
    example: { ...singleExample, interval: 1 / 365 },
    price: (inputs) => ({ value: discreteBarrierPrice(inputs) }),
  }),
  registerModel<DoubleBarrierInputs>({
    name: 'barrier-double',
    title: 'Double barrier option, continuous monitoring',
    schema: z.strictObject({ type: optionType, ...asset, strike, knock, ...corridor }),
    example: { type: 'call', ...example, strike: 100, knock: 'out', lower: 70, upper: 150 },
    price: (inputs) => ({ value: doubleBarrierPrice(inputs) }),
    greeks: doubleBarrierGreeks,
  }),
  registerModel<DoubleNoTouchInputs>({
    name: 'double-no-touch',
    title: 'Double no-touch option, continuous monitoring',
    schema: z.strictObject({ ...asset, ...corridor, cash: amount.describe('amount paid') }),
    example: { ...example, lower: 60, upper: 160, cash: 100 },
    price: (inputs) => ({ value: doubleNoTouchPrice(inputs) }),
    greeks: doubleNoTouchGreeks,
  }),
]
