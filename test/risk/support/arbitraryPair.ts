import fc from 'fast-check'
import type { PairInputs } from '../../../risk/pricing/multiAsset/index.ts'
import { real, wildPrice } from './arbitraryAsset.ts'

/** Two assets near 100 with correlations within 0.95 of zero: smooth ground for every method. */
export const smoothPair: fc.Arbitrary<PairInputs> = fc.record({
  spot1: real(70, 140),
  spot2: real(70, 140),
  dividendYield1: real(-0.05, 0.1),
  dividendYield2: real(-0.05, 0.1),
  vol1: real(0.1, 0.8),
  vol2: real(0.1, 0.8),
  correlation: real(-0.95, 0.95),
  timeToExpiry: real(0.1, 2),
  rate: real(-0.05, 0.1),
})

const wildVol = fc.oneof(fc.constantFrom(0, 5e-324, 1e-100, 1e-8), real(0, 1), real(0, 10))
const wildRate = fc.oneof(fc.constantFrom(-1, 0, 1), real(-1, 1))

/** Anything the domain allows, its corners among them. */
export const wildPair: fc.Arbitrary<PairInputs> = fc.record({
  spot1: wildPrice,
  spot2: wildPrice,
  dividendYield1: wildRate,
  dividendYield2: wildRate,
  vol1: wildVol,
  vol2: wildVol,
  correlation: fc.oneof(fc.constantFrom(-1, -1 + 1e-15, 0, 1 - 1e-15, 1), real(-1, 1)),
  timeToExpiry: fc.oneof(fc.constantFrom(0, 5e-324, 1), real(0, 1)),
  rate: wildRate,
})

/** The same two assets in the other order. */
export function exchanged<Inputs extends PairInputs>(inputs: Inputs): Inputs {
  const { spot1, spot2, dividendYield1, dividendYield2, vol1, vol2 } = inputs
  return { ...inputs, spot1: spot2, spot2: spot1, dividendYield1: dividendYield2, dividendYield2: dividendYield1, vol1: vol2, vol2: vol1 }
}
