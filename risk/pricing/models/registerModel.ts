import type { z } from 'zod'
import { parseWith } from '../../catalogue/parseWith.ts'
import type { PricingModel, Sensitivities, Valuation } from './PricingModel.ts'

/** A {@link PricingModel} whose inputs are still unknown: parsing comes with it, so that models of different inputs fit one list. */
export type RegisteredModel = {
  readonly name: string
  readonly title: string
  readonly schema: z.ZodType
  readonly example: Readonly<Record<string, unknown>>
  /**
   * @throws {ConfigurationError} `inputs` do not fit the schema; every problem is listed with its path.
   * @throws {InvalidInputError} An input is outside the domain of the model.
   */
  readonly price: (inputs: unknown) => Valuation
  /** As `price`; null where the model has no sensitivities of its own. */
  readonly greeks: ((inputs: unknown) => Sensitivities) | null
}

/** Puts the parser in front of a model. */
export function registerModel<Inputs extends Readonly<Record<string, unknown>>>(model: PricingModel<Inputs>): RegisteredModel {
  const parse = (inputs: unknown): Inputs => parseWith(`Input of ${model.name}`, model.schema, inputs, () => [])
  const { greeks } = model
  return {
    name: model.name,
    title: model.title,
    schema: model.schema,
    example: model.example,
    price: (inputs) => model.price(parse(inputs)),
    greeks: greeks === undefined ? null : (inputs) => greeks(parse(inputs)),
  }
}
