import type { Usd } from '../../types/index.ts'
import { type AssetInputs, assertAssetInputs, assertPriceLevel, type SpotRange } from '../diffusion/index.ts'
import { assertCash } from './digitalInputs.ts'

/** A level below or above the spot, watched continuously. */
export type BarrierDirection = 'down' | 'up'

/** Pays `cash`, in [0, 1e15], at expiry if the price never touches `barrier`. */
export type NoTouchInputs = AssetInputs & { readonly direction: BarrierDirection; readonly barrier: Usd; readonly cash: Usd }

/** Pays `cash` if the price touches `barrier`: at that moment, or at expiry. An asset paid at the hit is cash of the barrier's size. */
export type OneTouchInputs = NoTouchInputs & { readonly payment: 'atHit' | 'atExpiry' }

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertTouchInputs(inputs: NoTouchInputs): void {
  assertAssetInputs(inputs)
  assertPriceLevel('barrier', inputs.barrier)
  assertCash('cash', inputs.cash)
}

/** Whether the spot is at the barrier or beyond it. */
export function isTouched(direction: BarrierDirection, spot: Usd, barrier: Usd): boolean {
  return direction === 'down' ? spot <= barrier : spot >= barrier
}

/** The side of the barrier on which the spot is. */
export function spotRangeAt(barrier: Usd, spot: Usd): SpotRange {
  return spot > barrier ? { from: barrier, to: Number.POSITIVE_INFINITY } : { from: 0, to: barrier }
}
