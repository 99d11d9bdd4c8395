import { expect, it } from 'vitest'
import { numericFingerprint } from '../../../risk/math/fingerprint.ts'

/**
 * The same on Node 22, 24 and 26. It changes only with the arithmetic of risk/: then pin the new value here,
 * and say in the changelog that engines of both builds cannot sign together.
 */
const pinned = '0x0b283d40f3b7f70e21a9c9d425d5a8c3badbbe58cf85d20725e78c9628b2f763'

it('computes the pinned bits on this runtime', () => {
  expect(numericFingerprint()).toBe(pinned)
})
