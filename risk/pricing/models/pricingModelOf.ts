import { InvalidInputError } from '../../errors/index.ts'
import type { RegisteredModel } from './registerModel.ts'

/**
 * The model called `name`.
 *
 * @throws {InvalidInputError} No model of `models` has that name; the limit lists those that exist.
 */
export function pricingModelOf(name: string, models: readonly RegisteredModel[]): RegisteredModel {
  const found = models.find((model) => model.name === name)
  if (found === undefined) {
    throw new InvalidInputError({ argument: 'model', got: name, limit: `one of ${models.map((model) => model.name).join(', ')}` })
  }
  return found
}
