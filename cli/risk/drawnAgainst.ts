import { ConfigurationError, InvalidInputError } from '../../risk/errors/index.ts'
import { usageError } from '../kit/CliError.ts'
import type { Product } from './parseProducts.ts'

/** Inputs a value is drawn against, in order of preference. */
const fields = ['spot', 'forward', 'spot1', 'mark'] as const
const POINTS = 81

/** The input on the axis, where it stands now, and the values drawn: half to one and a half times that. */
export type DrawnAgainst = { readonly field: string; readonly from: number; readonly values: readonly number[] }

/** @throws {CliError} The product has none of the inputs that can be an axis. */
export function drawnAgainst({ id, model, inputs }: Product): DrawnAgainst {
  const field = fields.find((name) => typeof inputs[name] === 'number')
  if (field === undefined) throw usageError(`${id} cannot be drawn: ${model.name} has none of the inputs ${fields.join(', ')}.`)
  const from = inputs[field] as number
  return { field, from, values: Array.from({ length: POINTS }, (_, i) => from * (0.5 + i / (POINTS - 1))) }
}

/** What `compute` gives, or `otherwise` where a point of the axis is outside the domain of the model: a spot beyond a barrier or an extremum, an approximation that ends. */
export function insideDomain<Result>(compute: () => Result, otherwise: Result): Result {
  try {
    return compute()
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof ConfigurationError) return otherwise
    throw error
  }
}
