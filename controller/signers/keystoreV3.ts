import { createCipheriv, createDecipheriv, pbkdf2, randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { keccak256 } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { z } from 'zod'
import type { Address, Hex } from '../../risk/types/index.ts'

const derivePbkdf2 = promisify(pbkdf2)
const deriveScrypt = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

const hex = (bytes: number) => z.string().regex(new RegExp(`^(0x)?[0-9a-fA-F]{${bytes * 2}}$`), `must be ${bytes} bytes as hex`)
const salt = z.string().regex(/^(0x)?([0-9a-fA-F]{2})+$/, 'must be hex')
const MAX_SCRYPT_BYTES = 1_073_741_824
const dklen = z.literal(32)

/** Web3 Secret Storage, version 3: https://ethereum.org/developers/docs/data-structures-and-encoding/web3-secret-storage. */
export const keystoreSchema = z.looseObject({
  version: z.literal(3),
  id: z.string().optional(),
  address: hex(20).optional(),
  crypto: z.looseObject({
    cipher: z.literal('aes-128-ctr'),
    cipherparams: z.looseObject({ iv: hex(16) }),
    ciphertext: hex(32),
    mac: hex(32),
    kdf: z.enum(['scrypt', 'pbkdf2']),
    kdfparams: z.union([
      z
        .looseObject({ dklen, salt, n: z.int().min(2), r: z.int().min(1), p: z.int().min(1).max(64) })
        .refine(({ n, r }) => 128 * n * r <= MAX_SCRYPT_BYTES, 'asks for more than 1 GiB of memory')
        .refine(({ n, r }) => r >= 4 || n < 2 ** (16 * r), 'needs n below 2^(16 r), the limit of scrypt (RFC 7914)'),
      z.looseObject({ dklen, salt, c: z.int().min(1).max(10_000_000), prf: z.literal('hmac-sha256') }),
    ]),
  }),
})
export type Keystore = z.infer<typeof keystoreSchema>

/** Cost of the key derivation. The default takes about a second and 256 MB. */
export type ScryptCost = { readonly n: number; readonly r: number; readonly p: number }
export const DEFAULT_COST: ScryptCost = { n: 262_144, r: 8, p: 1 }

/** Encrypts a private key under a password: scrypt, AES-128-CTR, and a keccak256 check value. */
export async function encryptKey(privateKey: Hex, password: string, cost: ScryptCost = DEFAULT_COST): Promise<Keystore> {
  const kdfparams = { dklen: 32 as const, salt: randomBytes(32).toString('hex'), ...cost }
  const iv = randomBytes(16)
  const derived = await derive(password, kdfparams)
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(bytes(privateKey)), cipher.final()])
  return {
    version: 3,
    id: randomUUID(),
    address: privateKeyToAddress(privateKey).slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams,
      mac: macOf(derived, ciphertext).toString('hex'),
    },
  }
}

/** The private key, or undefined when the password is not the right one. */
export async function decryptKey({ crypto }: Keystore, password: string): Promise<Hex | undefined> {
  const derived = await derive(password, crypto.kdfparams)
  const ciphertext = bytes(crypto.ciphertext)
  if (!timingSafeEqual(macOf(derived, ciphertext), bytes(crypto.mac))) return undefined
  const decipher = createDecipheriv(crypto.cipher, derived.subarray(0, 16), bytes(crypto.cipherparams.iv))
  return `0x${Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('hex')}`
}

/** Address that the file names, checksummed by whoever shows it. */
export function keystoreAddress({ address }: Keystore): Address | undefined {
  return address === undefined ? undefined : `0x${address.replace(/^0x/, '').toLowerCase()}`
}

function derive(password: string, params: Keystore['crypto']['kdfparams']): Promise<Buffer> {
  if ('c' in params) return derivePbkdf2(password, bytes(params.salt), Number(params.c), params.dklen, 'sha256')
  const { n, r, p } = params as unknown as ScryptCost
  return deriveScrypt(password, bytes(params.salt), params.dklen, { N: n, r, p, maxmem: 128 * r * (n + p + 4) })
}

function macOf(derived: Buffer, ciphertext: Buffer): Buffer {
  return bytes(keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])))
}

function bytes(text: string): Buffer {
  return Buffer.from(text.replace(/^0x/, ''), 'hex')
}
