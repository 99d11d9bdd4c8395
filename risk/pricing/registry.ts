import { InvalidInputError } from '../errors/index.ts'
import type { Instrument } from '../types/index.ts'
import { datedFuture } from './datedFuture.ts'
import { digitalOption } from './digitalOption.ts'
import { inverseOption } from './inverseOption.ts'
import type { PricingModule } from './PricingModule.ts'
import { perpetualFuture } from './perpetualFuture.ts'
import { vanillaOption } from './vanillaOption.ts'

/** One pricing module per kind of instrument; the type demands one for each member of {@link Instrument}. */
export type PricingRegistry = { readonly [Kind in Instrument['kind']]: PricingModule<Extract<Instrument, { readonly kind: Kind }>> }

/** The instruments this engine prices. A new one is a member of the union, a module, and a line here. */
export const pricingRegistry: PricingRegistry = {
  option: vanillaOption,
  inverseOption,
  digital: digitalOption,
  future: datedFuture,
  perpetual: perpetualFuture,
}

/**
 * The module that prices `instrument`.
 *
 * @throws {InvalidInputError} No module is registered for its kind.
 */
export function pricingModuleOf(instrument: Instrument, registry: PricingRegistry): PricingModule<Instrument> {
  const known = Object.hasOwn(registry, instrument.kind)
  if (!known) {
    const limit = `one of ${Object.keys(registry).join(', ')}`
    throw new InvalidInputError({ argument: `kind of instrument ${instrument.id}`, got: instrument.kind, limit })
  }
  // The registry's type pairs each kind with the module for exactly that kind, which indexing by a union cannot express.
  return registry[instrument.kind] as PricingModule<Instrument>
}
