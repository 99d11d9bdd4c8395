import { z } from 'zod'
import { barrier, dividendYield, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { assetOrNothingGreeks, assetOrNothingPrice } from './assetOrNothing.ts'
import { cashOrNothingGreeks, cashOrNothingPrice } from './cashOrNothing.ts'
import type { AssetOrNothingInputs, CashOrNothingInputs, GapOptionInputs } from './digitalInputs.ts'
import { gapOptionGreeks, gapOptionPrice } from './gapOption.ts'
import { noTouchGreeks, noTouchPrice } from './noTouch.ts'
import { oneTouchGreeks, oneTouchPrice } from './oneTouch.ts'
import type { NoTouchInputs, OneTouchInputs } from './touchInputs.ts'

const asset = { spot, timeToExpiry, vol, rate, dividendYield }
const digital = { type: optionType, ...asset, strike }
const cash = z.number().min(0).max(1e15).describe('amount paid')
const touch = { ...asset, direction: z.enum(['down', 'up']), barrier, cash }
const example = { spot: 100, timeToExpiry: 0.5, vol: 0.6, rate: 0.04, dividendYield: 0 }

/** Digitals and touch options, priced by name. */
export const digitalModels: readonly RegisteredModel[] = [
  registerModel<CashOrNothingInputs>({
    name: 'digital-cash',
    title: 'Cash-or-nothing option',
    schema: z.strictObject({ ...digital, cash }),
    example: { type: 'call', ...example, strike: 110, cash: 100 },
    price: (inputs) => ({ value: cashOrNothingPrice(inputs) }),
    greeks: cashOrNothingGreeks,
  }),
  registerModel<AssetOrNothingInputs>({
    name: 'digital-asset',
    title: 'Asset-or-nothing option',
    schema: z.strictObject(digital),
    example: { type: 'call', ...example, strike: 110 },
    price: (inputs) => ({ value: assetOrNothingPrice(inputs) }),
    greeks: assetOrNothingGreeks,
  }),
  registerModel<GapOptionInputs>({
    name: 'digital-gap',
    title: 'Gap option: pays the distance to the strike beyond the trigger',
    schema: z.strictObject({ ...digital, trigger: barrier }),
    example: { type: 'call', ...example, strike: 100, trigger: 110 },
    price: (inputs) => ({ value: gapOptionPrice(inputs) }),
    greeks: gapOptionGreeks,
  }),
  registerModel<OneTouchInputs>({
    name: 'one-touch',
    title: 'One-touch option, paid at the hit or at expiry, continuous monitoring',
    schema: z.strictObject({ ...touch, payment: z.enum(['atHit', 'atExpiry']) }),
    example: { ...example, direction: 'down', barrier: 80, cash: 100, payment: 'atHit' },
    price: (inputs) => ({ value: oneTouchPrice(inputs) }),
    greeks: oneTouchGreeks,
  }),
  registerModel<NoTouchInputs>({
    name: 'no-touch',
    title: 'No-touch option, continuous monitoring',
    schema: z.strictObject(touch),
    example: { ...example, direction: 'down', barrier: 80, cash: 100 },
    price: (inputs) => ({ value: noTouchPrice(inputs) }),
    greeks: noTouchGreeks,
  }),
]
