import { expect, it } from 'vitest'
import { numericFingerprint } from '../../../risk/math/fingerprint.ts'

/**
 * The same on Node 22, 24 and 26. It changes only with the arithmetic of risk/: then pin the new value here,
 * and say in the changelog that engines of both builds cannot sign together.
 */
const pinned = '0xd3cf3141b49a6491ebd5500d34272f29da36f2136e6cc12fbe746db887ca3994'

it('computes the pinned bits on this runtime', () => {
  expect(numericFingerprint()).toBe(pinned)
})
