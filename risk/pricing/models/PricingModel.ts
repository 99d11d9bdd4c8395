import type { z } from 'zod'

/** Present value of one unit of a product, in the currency of its payoff. */
export type Valuation = {
  readonly value: number
  /** Standard error of `value`, of a simulation; absent where the method has none. */
  readonly standardError?: number
}

/** Sensitivities by name (`delta`, `vega`, ...), per 1.00 of what moves and per year; the model's README has the conventions. */
export type Sensitivities = Readonly<Record<string, number>>

/**
 * One product that can be priced by name: the record that the command line, the reference tables and the documentation ask.
 * Its inputs are one flat record of numbers and words; `schema` is strict, so that nothing is parsed and ignored.
 */
export type PricingModel<Inputs> = {
  /** Kebab-case and unique, for example `barrier-single`. */
  readonly name: string
  /** One line for people, for example "Single barrier option, continuous monitoring". */
  readonly title: string
  readonly schema: z.ZodType<Inputs>
  /** Inputs that price; shown as the template of an input file. */
  readonly example: Inputs
  /** @throws {InvalidInputError} An input is outside the domain of the model. */
  readonly price: (inputs: Inputs) => Valuation
  /** Absent where the model has no sensitivities of its own. */
  readonly greeks?: (inputs: Inputs) => Sensitivities
}
