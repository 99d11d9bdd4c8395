import { expect, it } from 'vitest'
import { numericFingerprint } from '../../../risk/math/fingerprint.ts'

/**
 * The same on Node 22, 24 and 26. It changes only with the arithmetic of risk/: then pin the new value here,
 * and say in the changelog that engines of both builds cannot sign together.
 */
const pinned = '0xb5a9ccba02723fce78d74b9bf5f059981c67368edc570a802832ddd6e7f6195a'

it('computes the pinned bits on this runtime', () => {
  expect(numericFingerprint()).toBe(pinned)
})
