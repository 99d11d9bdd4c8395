import { assertInRange } from '../../math/index.ts'
import type { OptionType, Usd } from '../../types/index.ts'
import { type AssetInputs, assertAssetInputs, assertPriceLevel } from '../diffusion/index.ts'

/** Pays the asset if it ends at or above the strike (call) or below it (put). */
export type AssetOrNothingInputs = AssetInputs & { readonly type: OptionType; readonly strike: Usd }

/** Pays `cash`, in [0, 1e15], on the same event. */
export type CashOrNothingInputs = AssetOrNothingInputs & { readonly cash: Usd }

/** Pays S_T - strike (call) or strike - S_T (put) on the event that S_T is at or above `trigger` (call) or below it (put); the payoff can be negative. */
export type GapOptionInputs = AssetOrNothingInputs & { readonly trigger: Usd }

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertDigitalInputs(inputs: AssetOrNothingInputs): void {
  assertAssetInputs(inputs)
  assertPriceLevel('strike', inputs.strike)
}

/** @throws {InvalidInputError} `cash` is NaN or outside [0, 1e15]. */
export function assertCash(argument: string, cash: Usd): void {
  assertInRange(argument, cash, 0, 1e15)
}
