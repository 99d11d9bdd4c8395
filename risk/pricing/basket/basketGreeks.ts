import type { BasketInputs } from './basketInputs.ts'
import { basketPrice } from './basketPrice.ts'

/**
 * Sensitivities of a basket option by name: `delta1`, `delta2`, ... per asset, and `rho`, per 1.00 of rate at fixed yields. Both are
 * integrals of their own, not differences.
 *
 * @throws {InvalidInputError} An input is outside the domain of {@link BasketInputs}.
 */
export function basketGreeks(inputs: BasketInputs): Readonly<Record<string, number>> {
  const { value, deltas } = basketPrice(inputs)
  const held = deltas.reduce((sum, delta, k) => sum + delta * inputs.spots[k]!, 0)
  const names = deltas.map((delta, k) => [`delta${k + 1}`, delta] as const)
  return { ...Object.fromEntries(names), rho: inputs.timeToExpiry * (held - value) }
}
