import { z } from 'zod'
import type { Black76Inputs } from '../black76Inputs.ts'
import { black76Price } from '../black76Price.ts'
import { dividendYield, forward, optionType, rate, spot, strike, timeToExpiry, vol } from '../models/fields.ts'
import type { Sensitivities } from '../models/PricingModel.ts'
import { type RegisteredModel, registerModel } from '../models/registerModel.ts'
import { bsmGreeks } from './bsmGreeks.ts'
import type { BsmInputs } from './bsmInputs.ts'
import { bsmPrice } from './bsmPrice.ts'
import { forwardGreeks } from './forwardGreeks.ts'

/** An option on a currency; rates are of the currency the price is in, and of the one bought. */
type GarmanKohlhagenInputs = Omit<BsmInputs, 'rate' | 'dividendYield'> & { readonly domesticRate: number; readonly foreignRate: number }

const contract = { type: optionType, strike, timeToExpiry, vol }
const example = { type: 'call', strike: 105, timeToExpiry: 0.5, vol: 0.6 } as const

/** European options, priced by name. */
export const vanillaModels: readonly RegisteredModel[] = [
  registerModel<BsmInputs>({
    name: 'bsm',
    title: 'European option, Black-Scholes-Merton with a continuous yield',
    schema: z.strictObject({ ...contract, spot, rate, dividendYield }),
    example: { ...example, spot: 100, rate: 0.04, dividendYield: 0.01 },
    price: (inputs) => ({ value: bsmPrice(inputs) }),
    greeks: (inputs) => withoutPrice(bsmGreeks(inputs)),
  }),
  registerModel<GarmanKohlhagenInputs>({
    name: 'garman-kohlhagen',
    title: 'European option on a currency',
    schema: z.strictObject({ ...contract, spot, domesticRate: rate, foreignRate: rate }),
    example: { ...example, spot: 1.1, strike: 1.12, vol: 0.08, domesticRate: 0.04, foreignRate: 0.02 },
    price: (inputs) => ({ value: bsmPrice(toBsm(inputs)) }),
    greeks: (inputs) => withoutPrice(bsmGreeks(toBsm(inputs))),
  }),
  registerModel<Black76Inputs>({
    name: 'black-76',
    title: 'European option on a forward; Greeks with respect to the forward, at fixed forward',
    schema: z.strictObject({ ...contract, forward, rate }),
    example: { ...example, forward: 101, rate: 0.04 },
    price: (inputs) => ({ value: black76Price(inputs) }),
    greeks: (inputs) => withoutPrice(forwardGreeks(inputs)),
  }),
]

function toBsm({ domesticRate, foreignRate, ...inputs }: GarmanKohlhagenInputs): BsmInputs {
  return { ...inputs, rate: domesticRate, dividendYield: foreignRate }
}

function withoutPrice({ price: _, ...greeks }: { readonly price: number } & Sensitivities): Sensitivities {
  return greeks
}
