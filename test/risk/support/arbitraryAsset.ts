import fc from 'fast-check'
import type { AssetInputs } from '../../../risk/pricing/diffusion/index.ts'

export const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })

export const optionTypes = fc.constantFrom('call' as const, 'put' as const)

/** Assets near 100 with time and vol well above zero: where values are smooth and no method loses its digits. */
export const smoothAsset: fc.Arbitrary<AssetInputs> = fc.record({
  spot: real(80, 125),
  timeToExpiry: real(0.1, 2),
  vol: real(0.1, 0.9),
  rate: real(-0.05, 0.12),
  dividendYield: real(-0.05, 0.12),
})

/** Anything the domain allows, its corners among them. */
export const wildAsset: fc.Arbitrary<AssetInputs> = fc.record({
  spot: fc.oneof(fc.constantFrom(1e-9, 100, 1e15), real(1e-9, 1e15), real(50, 200)),
  timeToExpiry: fc.oneof(fc.constantFrom(0, 5e-324, 1e-12, 1, 100), real(0, 100), real(0, 1)),
  vol: fc.oneof(fc.constantFrom(0, 5e-324, 1e-100, 1e-8, 100), real(0, 100), real(0, 1)),
  rate: fc.oneof(fc.constantFrom(-1, 0, 1e-300, 1), real(-1, 1), real(-0.1, 0.1)),
  dividendYield: fc.oneof(fc.constantFrom(-1, 0, 1e-300, 1), real(-1, 1), real(-0.1, 0.1)),
})

export const wildPrice: fc.Arbitrary<number> = fc.oneof(fc.constantFrom(1e-9, 100, 1e15), real(1e-9, 1e15), real(50, 200))
