import { assertInRange } from '../../math/index.ts'
import type { OptionType, Usd } from '../../types/index.ts'
import { assertPairInputs, type PairInputs } from './pairInputs.ts'

/** The call pays max(0, S1 - S2 - strike), the put max(0, strike - S1 + S2). */
export type SpreadInputs = PairInputs & {
  readonly type: OptionType
  /** Any sign, in [-1e15, 1e15]. */
  readonly strike: Usd
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertSpreadInputs(inputs: SpreadInputs): void {
  assertPairInputs(inputs)
  assertInRange('strike', inputs.strike, -1e15, 1e15)
}
