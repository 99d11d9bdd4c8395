import { InvalidInputError } from '../../errors/index.ts'
import type { OptionType, Usd } from '../../types/index.ts'
import { type AssetInputs, assertAssetInputs, assertPriceLevel } from '../diffusion/index.ts'
import { assertCash } from '../digital/digitalInputs.ts'
import type { BarrierDirection } from '../digital/index.ts'

/** `out`: lives until a barrier is touched; `in`: begins to live then. */
export type BarrierKnock = 'out' | 'in'

/** A European option that one barrier, watched continuously, ends or starts. */
export type SingleBarrierInputs = AssetInputs & {
  readonly type: OptionType
  readonly strike: Usd
  readonly direction: BarrierDirection
  readonly knock: BarrierKnock
  readonly barrier: Usd
  /** In [0, 1e15]; paid at the hit of an `out`, at expiry of an `in` that was never hit. */
  readonly rebate: Usd
}

/** A European option that the first touch of either barrier, watched continuously, ends or starts; no rebate. */
export type DoubleBarrierInputs = AssetInputs & {
  readonly type: OptionType
  readonly strike: Usd
  readonly knock: BarrierKnock
  readonly lower: Usd
  /** Above `lower`. */
  readonly upper: Usd
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertSingleBarrierInputs(inputs: SingleBarrierInputs): void {
  assertAssetInputs(inputs)
  assertPriceLevel('strike', inputs.strike)
  assertPriceLevel('barrier', inputs.barrier)
  assertCash('rebate', inputs.rebate)
}

/** @throws {InvalidInputError} A field is NaN or outside its range, or `upper` is not above `lower`. */
export function assertCorridor(inputs: AssetInputs & { readonly lower: Usd; readonly upper: Usd }): void {
  assertAssetInputs(inputs)
  assertPriceLevel('lower', inputs.lower)
  assertPriceLevel('upper', inputs.upper)
  if (!(inputs.upper > inputs.lower)) {
    throw new InvalidInputError({ argument: 'upper', got: inputs.upper, limit: `above lower, which is ${inputs.lower}` })
  }
}
