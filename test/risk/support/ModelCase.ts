import type { Tolerance } from './expectNear.ts'

/** One row of a reference table, priced through the registry of models by its model's name. */
export type ModelCase = {
  readonly id: string
  /** Name of the model in `risk/pricing/models`. */
  readonly model: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly expected: number
  readonly tolerance: Tolerance
  readonly source: string
  /** Sensitivities by the names the model gives them, each with the case's or its own relative tolerance. */
  readonly greeks?: { readonly expected: Readonly<Record<string, number>>; readonly tolerance: Tolerance }
}
