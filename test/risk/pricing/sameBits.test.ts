import { keccak_256 } from '@noble/hashes/sha3'
import { bytesToHex } from '@noble/hashes/utils'
import { expect, it } from 'vitest'
import { impliedVol } from '../../../risk/pricing/impliedVol/index.ts'
import { inverseOptionGreeks } from '../../../risk/pricing/inverse/index.ts'
import { bsmGreeks } from '../../../risk/pricing/vanilla/index.ts'
import { uniforms } from '../support/uniforms.ts'

// One hash over the bits of thousands of results. Node 22.23, 24.21 and 26.10 give this value; a change of it is a change of the numbers.
const pinned = '0f6816dc16f143fb5b71b2089a15b69ddb3a3a6cebc9973b84b5990c67c5c8fd'

it('Greeks and implied vols have the same bits on every machine', () => {
  const u = uniforms(2027, 6 * 1500)
  const results: number[] = []
  for (let i = 0; i + 6 <= u.length; i += 6) {
    const [a, b, c, d, e, f] = u.slice(i, i + 6) as [number, number, number, number, number, number]
    const type = a < 0.5 ? ('call' as const) : ('put' as const)
    const inputs = {
      type,
      spot: 100,
      strike: 40 + 160 * b,
      timeToExpiry: 2 * c * c,
      vol: 0.05 + 1.5 * d,
      rate: 0.2 * e - 0.05,
      dividendYield: 0.1 * f,
    }
    const { coin, usd } = inverseOptionGreeks(inputs)
    expect(usd).toEqual(bsmGreeks(inputs))
    results.push(...Object.values(coin), ...Object.values(usd))
    const { type: _, spot: forward, dividendYield: __, vol: ___, ...quote } = inputs
    const solved = impliedVol({ ...quote, type, forward, price: usd.price })
    if (solved.status === 'converged') results.push(solved.vol, solved.resolution)
  }
  const bytes = new DataView(new ArrayBuffer(8 * results.length))
  for (const [i, value] of results.entries()) bytes.setFloat64(8 * i, value, true)
  expect(bytesToHex(keccak_256(new Uint8Array(bytes.buffer)))).toBe(pinned)
})
