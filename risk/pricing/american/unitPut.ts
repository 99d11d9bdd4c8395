import type { AmericanInputs } from './americanInputs.ts'
import type { Carry } from './solveBoundary.ts'

/**
 * The option as `unit` puts with strike 1 at `spot`. A put is K puts at S / K; a call is S puts at K / S with rate and yield exchanged
 * (McDonald and Schroder, J. Computational Finance 1, 1998).
 */
export function unitPut({ type, spot, strike, rate, dividendYield, vol, timeToExpiry }: AmericanInputs): {
  readonly carry: Carry
  readonly spot: number
  readonly unit: number
} {
  return type === 'put'
    ? { carry: { rate, dividendYield, vol, timeToExpiry }, spot: spot / strike, unit: strike }
    : { carry: { rate: dividendYield, dividendYield: rate, vol, timeToExpiry }, spot: strike / spot, unit: spot }
}
