import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigurationError } from '../../../../risk/errors/index.ts'
import { type PricingModel, pricingModelOf, pricingModels, registerModel } from '../../../../risk/pricing/models/index.ts'
import { expectInvalid } from '../../support/expectInvalid.ts'
import { expectNear } from '../../support/expectNear.ts'
import type { ModelCase } from '../../support/ModelCase.ts'

const folder = new URL('../../reference/', import.meta.url)
const tables: readonly { readonly modelCases?: readonly ModelCase[] }[] = await Promise.all(
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => import(new URL(file, folder).href)),
)
const cases = tables.flatMap(({ modelCases }) => modelCases ?? [])

/** A product the engine does not know: pays `amount` at expiry. */
type BondInputs = { readonly amount: number; readonly rate: number; readonly years: number }
const bond: PricingModel<BondInputs> = {
  name: 'zero-bond',
  title: 'Zero-coupon bond, simple compounding',
  schema: z.strictObject({ amount: z.number().positive(), rate: z.number(), years: z.number().min(0) }),
  example: { amount: 125, rate: 0.25, years: 1 },
  price: ({ amount, rate, years }) => ({ value: amount / (1 + rate * years) }),
}

describe('reference tables', () => {
  it.each(pricingModels.map(({ name }) => name))('%s has one', (name) => {
    expect(cases.some(({ model }) => model === name)).toBe(true)
  })
  it.each(cases)('$model: $id ($source)', ({ id, model, inputs, expected, tolerance, greeks }) => {
    const registered = pricingModelOf(model, pricingModels)
    expectNear({ id, ...inputs }, registered.price(inputs).value, expected, tolerance)
    if (greeks === undefined) return
    const got = registered.greeks!(inputs)
    for (const [name, figure] of Object.entries(greeks.expected)) expectNear({ id, name, ...inputs }, got[name]!, figure, greeks.tolerance)
  })
})

describe('registry of models', () => {
  it('names each model once, in kebab case', () => {
    const names = pricingModels.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  })
  it.each(pricingModels)('$name prices its example and has finite sensitivities', ({ example, price, greeks }) => {
    expect(price(example).value).toBeGreaterThan(0)
    if (greeks === null) return
    for (const [name, value] of Object.entries(greeks(example))) expect(Number.isFinite(value), name).toBe(true)
  })
  it.each(pricingModels)('$name refuses a field it does not know and a field that is not a number', ({ example, price }) => {
    expect(() => price({ ...example, unheardOf: 1 })).toThrow(ConfigurationError)
    const field = Object.keys(example).find((key) => typeof example[key] === 'number')!
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 'one', null])
      expect(() => price({ ...example, [field]: bad }), field).toThrow()
  })
  it('one more product is one more record: it is priced by name without any other change', () => {
    const models = [...pricingModels, registerModel(bond)]
    expect(pricingModelOf('zero-bond', models).price(bond.example)).toEqual({ value: 100 })
    expect(() => pricingModelOf('zero-bond', models).price({ amount: -1, rate: 0, years: '1' })).toThrow(
      /Input of zero-bond has 2 problems[\s\S]*\$\.amount: -1[\s\S]*\$\.years: "1"/,
    )
  })
  it('refuses a name nobody registered, also one that objects inherit', () => {
    for (const name of ['swap', 'toString', '']) expectInvalid('model', () => pricingModelOf(name, pricingModels))
  })
})
