import { addMultiple, type Multiples } from './multiplesOf.ts'
import type { SignedDigest } from './recoverSigners.ts'
import { INFINITY, invertAll, type Jacobian, N, toAffine } from './secp256k1.ts'

type Parsed = { readonly i: number; readonly z: bigint; readonly r: bigint; readonly s: bigint; readonly isOdd: boolean }

/**
 * Which signatures recover to a public key Q, without recovering it: r and the parity are those of R = (z G + r Q) / s exactly when Q = (s R - z G) / r. Two table look-ups a byte instead of a square
 * root and a double multiplication.
 *
 * @param generator - Multiples of the generator.
 * @param key - Multiples of Q.
 * @returns True only for signatures whose recovery gives Q. False says nothing: other forms of a signature are left to who recovers.
 */
export function confirmSignatures(signed: readonly SignedDigest[], generator: Multiples, key: Multiples): boolean[] {
  const confirmed = new Array<boolean>(signed.length).fill(false)
  const parsed = signed.flatMap((each, i) => parse(each, i))
  const inverses = invertAll(
    parsed.map(({ s }) => s),
    N,
  )
  const sums: { readonly of: Parsed; readonly point: Jacobian }[] = []
  for (const [k, of] of parsed.entries()) {
    const inverse = inverses[k] as bigint
    const point = addMultiple(addMultiple(INFINITY, (of.z * inverse) % N, generator), (of.r * inverse) % N, key)
    if (point.Z !== 0n) sums.push({ of, point })
  }
  for (const [k, { x, y }] of toAffine(sums.map(({ point }) => point)).entries()) {
    const { i, r, isOdd } = (sums[k] as (typeof sums)[number]).of
    confirmed[i] = x === r && (y & 1n) === (isOdd ? 1n : 0n)
  }
  return confirmed
}

const recoveries: Readonly<Record<string, boolean>> = { '00': false, '01': true, '1b': false, '1c': true }

/** r, s and parity of 65 bytes with a low s; nothing for any other form. */
function parse({ digest, data }: SignedDigest, i: number): Parsed[] {
  const isOdd = recoveries[data.slice(130).toLowerCase()]
  if (data.length !== 132 || isOdd === undefined || !/^0x[0-9a-fA-F]+$/.test(data)) return []
  const r = BigInt(data.slice(0, 66))
  const s = BigInt(`0x${data.slice(66, 130)}`)
  if (r === 0n || r >= N || s === 0n || s > N / 2n) return []
  return [{ i, z: BigInt(digest) % N, r, s, isOdd }]
}
