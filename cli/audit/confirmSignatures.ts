import { Field } from '@noble/curves/abstract/modular'
import { secp256k1 } from '@noble/curves/secp256k1'
import type { Hex } from '../../risk/types/index.ts'
import type { SignedDigest } from './recoverSigners.ts'

type Point = typeof Points.BASE
type Parsed = { readonly i: number; readonly z: bigint; readonly r: bigint; readonly s: bigint; readonly isOdd: boolean }

const Points = secp256k1.ProjectivePoint
const N = secp256k1.CURVE.n
const scalars = Field(N)
/** Bits of a scalar that one look-up answers: 4,096 points for a key, worth it when it signed often. */
const WINDOW = 8

/** A public key with a table of its multiples, which it keeps. */
export type TabledKey = { readonly point: Point }

/**
 * Makes the table of a public key, 65 bytes.
 *
 * @throws {Error} The bytes are no point of the curve.
 */
export function tableKey(publicKey: Hex): TabledKey {
  return { point: secp256k1.utils.precompute(WINDOW, Points.fromHex(publicKey.slice(2))) }
}

/**
 * Which signatures recover to a public key Q, without recovering it: r and the parity are those of R = (z G + r Q) / s exactly when Q = (s R - z G) / r. Look-ups in two tables instead of a
 * square root and a double multiplication.
 *
 * @returns True only for signatures whose recovery gives Q. False says nothing: other forms of a signature are left to who recovers.
 */
export function confirmSignatures(signed: readonly SignedDigest[], { point }: TabledKey): boolean[] {
  const confirmed = new Array<boolean>(signed.length).fill(false)
  const parsed = signed.flatMap(parse)
  const inverses = scalars.invertBatch(parsed.map(({ s }) => s))
  const sums = parsed.map(({ z, r }, k) => {
    const inverse = inverses[k] as bigint
    // The library's `multiply`, not the faster `multiplyUnsafe`, which gives another point where there is a table (1.9.0 and 1.9.1).
    return Points.BASE.multiply(scalars.mul(z, inverse)).add(point.multiply(scalars.mul(r, inverse)))
  })
  const finite = sums.flatMap((sum, k) => (sum.equals(Points.ZERO) ? [] : [{ sum, of: parsed[k] as Parsed }]))
  for (const [k, { x, y }] of Points.normalizeZ(finite.map(({ sum }) => sum)).entries()) {
    const { i, r, isOdd } = (finite[k] as (typeof finite)[number]).of
    confirmed[i] = x === r && (y & 1n) === (isOdd ? 1n : 0n)
  }
  return confirmed
}

const recoveries: Readonly<Record<string, boolean>> = { '00': false, '01': true, '1b': false, '1c': true }

/** r, s and parity of 65 bytes with a low s, and a digest other than zero; nothing for any other form. */
function parse({ digest, data }: SignedDigest, i: number): Parsed[] {
  const isOdd = recoveries[data.slice(130).toLowerCase()]
  if (data.length !== 132 || isOdd === undefined || !/^0x[0-9a-fA-F]+$/.test(data)) return []
  const r = BigInt(data.slice(0, 66))
  const s = BigInt(`0x${data.slice(66, 130)}`)
  const z = BigInt(digest) % N
  if (z === 0n || r === 0n || r >= N || s === 0n || s > N / 2n) return []
  return [{ i, z, r, s, isOdd }]
}
