import fc from 'fast-check'
import { type Hex, hexToNumber, keccak256, numberToHex, recoverAddress, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { confirmSignatures } from '../../../cli/audit/confirmSignatures.ts'
import { addMultiple, type Multiples, multiplesOf } from '../../../cli/audit/multiplesOf.ts'
import { recoverAll, type SignedDigest } from '../../../cli/audit/recoverSigners.ts'
import { addAffine, GENERATOR, INFINITY, invertAll, N, P, toAffine } from '../../../cli/audit/secp256k1.ts'
import { deep, propertyRuns } from '../../risk/support/propertyRuns.ts'

const account = privateKeyToAccount(toHex(0x5eed, { size: 32 }))
const signer = account.address
const key = { x: BigInt(`0x${account.publicKey.slice(4, 68)}`), y: BigInt(`0x${account.publicKey.slice(68)}`) }
let generator: Multiples
let multiples: Multiples
beforeAll(() => {
  generator = multiplesOf(GENERATOR)
  multiples = multiplesOf(key)
})

const digestOf = (n: number): Hex => keccak256(numberToHex(n, { size: 32 }))
const signedBy = async (who: typeof account, digest: Hex): Promise<SignedDigest> => ({
  digest,
  data: await who.sign({ hash: digest }),
  signer,
})
const recovered = async ({ digest, data }: SignedDigest): Promise<string | null> => {
  try {
    return (await recoverAddress({ hash: digest, signature: data })).toLowerCase()
  } catch {
    return null
  }
}

describe('arithmetic of the curve', () => {
  test('the multiples are those of the public key of each scalar', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: N - 1n }), (scalar) => {
        const { publicKey } = privateKeyToAccount(numberToHex(scalar, { size: 32 }))
        const [point] = toAffine([addMultiple(INFINITY, scalar, generator)])
        expect(publicKey).toBe(`0x04${[point?.x, point?.y].map((each) => each?.toString(16).padStart(64, '0')).join('')}`)
      }),
      { ...propertyRuns, numRuns: deep ? 300 : 30 },
    )
  })

  test('equal points double, opposite ones vanish, nothing plus a point is the point, the order brings back nothing', () => {
    const one = { X: GENERATOR.x, Y: GENERATOR.y, Z: 1n }
    expect(toAffine([addAffine(one, GENERATOR)])).toEqual(toAffine([addMultiple(INFINITY, 2n, generator)]))
    expect(addAffine(one, { x: GENERATOR.x, y: P - GENERATOR.y }).Z).toBe(0n)
    expect(addAffine(INFINITY, GENERATOR)).toEqual(one)
    expect(addMultiple(INFINITY, N, generator).Z).toBe(0n)
    for (const { x, y } of toAffine([1n, 77n, N - 1n].map((scalar) => addMultiple(INFINITY, scalar, multiples))))
      expect((y * y - x * x * x - 7n) % P).toBe(0n)
  })

  test('inverses of many are inverses of each', () => {
    const values = [1n, 2n, N - 1n, 123_456_789n]
    expect(invertAll(values, N).map((inverse, i) => (inverse * (values[i] as bigint)) % N)).toEqual([1n, 1n, 1n, 1n])
    expect(invertAll([], N)).toEqual([])
  })
})

describe('confirmSignatures', () => {
  test('confirms what the key signed, and nothing that recovers to another', async () => {
    const honest = await Promise.all(Array.from({ length: 20 }, (_, i) => signedBy(account, digestOf(i))))
    const stranger = privateKeyToAccount(toHex(3, { size: 32 }))
    const others = await Promise.all(Array.from({ length: 5 }, (_, i) => signedBy(stranger, digestOf(i))))
    expect(confirmSignatures([...honest, ...others], generator, multiples)).toEqual([...honest.map(() => true), ...others.map(() => false)])
  })

  test('every byte counts: what it confirms recovers to the key, whatever was changed', async () => {
    const honest = await signedBy(account, digestOf(1))
    const bytes = honest.data.length / 2 - 1
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, flip, inDigest) => {
        const change = (hex: Hex, i: number): Hex => {
          const old = hexToNumber(`0x${hex.slice(2 + 2 * i, 4 + 2 * i)}`)
          return `${hex.slice(0, 2 + 2 * i)}${(old ^ flip).toString(16).padStart(2, '0')}${hex.slice(4 + 2 * i)}` as Hex
        }
        const changed = inDigest ? { ...honest, digest: change(honest.digest, at % 32) } : { ...honest, data: change(honest.data, at) }
        const [confirmed] = confirmSignatures([changed], generator, multiples)
        if (confirmed) expect(await recovered(changed)).toBe(signer.toLowerCase())
      }),
      propertyRuns,
    )
  })

  test('other forms are left to who recovers: high s, no parity, too short, too long, r or s out of range', async () => {
    const honest = await signedBy(account, digestOf(2))
    const r = honest.data.slice(2, 66)
    const s = BigInt(`0x${honest.data.slice(66, 130)}`)
    const word = (value: bigint): string => value.toString(16).padStart(64, '0')
    const v = honest.data.slice(130)
    const forms = [
      `0x${r}${word(N - s)}${v === '1b' ? '1c' : '1b'}`,
      `0x${r}${word(s)}1d`,
      `0x${r}${word(s)}`,
      `0x${r}${word(s)}${v}00`,
      `0x${word(0n)}${word(s)}${v}`,
      `0x${word(N)}${word(s)}${v}`,
      `0x${r}${word(0n)}${v}`,
      `0x${r}zz${word(s).slice(2)}${v}`,
    ] as Hex[]
    expect(
      confirmSignatures(
        forms.map((data) => ({ ...honest, data })),
        generator,
        multiples,
      ),
    ).toEqual(forms.map(() => false))
    expect(confirmSignatures([{ ...honest, data: `0x${r}${word(s)}${v === '1b' ? '00' : '01'}` }], generator, multiples)).toEqual([true])
  })
})

test('many signatures of one signer, some forged: the result is that of recovering every one', { timeout: 60_000 }, async () => {
  const stranger = privateKeyToAccount(toHex(4, { size: 32 }))
  const several = await Promise.all(Array.from({ length: 12 }, (_, i) => signedBy(account, digestOf(i))))
  const forged: SignedDigest[] = [
    { ...(several[0] as SignedDigest), data: '0x12' },
    await signedBy(stranger, digestOf(3)),
    { ...(several[1] as SignedDigest), digest: digestOf(99) },
  ]
  // The first two are no signatures of the key: it is found in the third.
  const signed = [...forged.slice(0, 2), ...Array.from({ length: 1_100 }, (_, i) => several[i % several.length] as SignedDigest), ...forged]
  const expected = new Map(await Promise.all([...new Set(signed)].map(async (each) => [each, await recovered(each)] as const)))
  expect(await recoverAll(signed)).toEqual(signed.map((each) => expected.get(each)))
})
