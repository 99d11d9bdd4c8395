import fc from 'fast-check'
import { type Hex, hexToNumber, keccak256, numberToHex, recoverAddress, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { confirmSignatures, tableKey } from '../../../cli/audit/confirmSignatures.ts'
import { recoverAll, type SignedDigest } from '../../../cli/audit/recoverSigners.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

const account = privateKeyToAccount(toHex(0x5eed, { size: 32 }))
const signer = account.address
const key = tableKey(account.publicKey)
/** Points of the curve (SEC 2, version 2.0, section 2.4.1). */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

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

describe('confirmSignatures', () => {
  test('confirms what the key signed, and nothing that recovers to another', async () => {
    const honest = await Promise.all(Array.from({ length: 20 }, (_, i) => signedBy(account, digestOf(i))))
    const stranger = privateKeyToAccount(toHex(3, { size: 32 }))
    const others = await Promise.all(Array.from({ length: 5 }, (_, i) => signedBy(stranger, digestOf(i))))
    const turned = honest.map((each) => ({ ...each, data: `${each.data.slice(0, 130)}${each.data.endsWith('1b') ? '1c' : '1b'}` as Hex }))
    expect(confirmSignatures(turned, key), 'of the other parity').toEqual(turned.map(() => false))
    expect(confirmSignatures([...honest, ...others], key)).toEqual([...honest.map(() => true), ...others.map(() => false)])
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
        const [confirmed] = confirmSignatures([changed], key)
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
        key,
      ),
    ).toEqual(forms.map(() => false))
    expect(confirmSignatures([{ ...honest, data: `0x${r}${word(s)}${v === '1b' ? '00' : '01'}` }], key)).toEqual([true])
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
