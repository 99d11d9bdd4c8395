import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { getAddress } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import type { Address, Hex } from '../../risk/types/index.ts'
import { InvalidKeystoreError, WrongPasswordError } from '../errors/SignerErrors.ts'
import { createEngineKey } from './createEngineKey.ts'
import type { EngineKey } from './EngineKey.ts'
import { decryptKey, encryptKey, type Keystore, keystoreAddress, keystoreSchema, type ScryptCost } from './keystoreV3.ts'

/**
 * Writes a fresh key to a new keystore file, readable by its owner alone.
 *
 * @returns The address; the key itself never leaves the file unencrypted.
 * @throws {InvalidKeystoreError} The file exists: a key is never overwritten.
 */
export async function createKeystore(path: string, password: string, cost?: ScryptCost): Promise<Address> {
  const privateKey = generatePrivateKey()
  writeNew(path, await encryptKey(privateKey, password, cost))
  return privateKeyToAddress(privateKey)
}

/**
 * Opens a keystore file.
 *
 * @throws {InvalidKeystoreError} Not a keystore of version 3; all problems are named.
 * @throws {WrongPasswordError} The password is another one.
 */
export async function openKeystore(path: string, password: string): Promise<EngineKey> {
  return createEngineKey(await readKey(path, password))
}

/** Encrypts the same key under a new password; the old file is replaced in one step, so that a power cut leaves one of the two. */
export async function changePassword(path: string, password: string, newPassword: string, cost?: ScryptCost): Promise<Address> {
  const privateKey = await readKey(path, password)
  const fresh = `${path}.new`
  writeNew(fresh, await encryptKey(privateKey, newPassword, cost))
  renameSync(fresh, path)
  return privateKeyToAddress(privateKey)
}

/** Keystore files of a folder with the addresses that they name, without opening them. */
export function listKeystores(folder: string): { readonly path: string; readonly address: Address | null }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
    .flatMap((path) => {
      const parsed = keystoreSchema.safeParse(tryJson(readFileSync(path, 'utf8')))
      if (!parsed.success) return []
      const address = keystoreAddress(parsed.data)
      return [{ path, address: address === undefined ? null : getAddress(address) }]
    })
}

async function readKey(path: string, password: string): Promise<Hex> {
  const keystore = readKeystore(path)
  const privateKey = await decryptKey(keystore, password)
  if (privateKey === undefined) throw new WrongPasswordError({ path })
  const named = keystoreAddress(keystore)
  const address = privateKeyToAddress(privateKey)
  if (named !== undefined && named !== address.toLowerCase()) {
    throw new InvalidKeystoreError({ path, detail: `it names ${named} but holds the key of ${address}` })
  }
  return privateKey
}

function readKeystore(path: string): Keystore {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new InvalidKeystoreError({ path, detail: 'the file cannot be read' }, { cause })
  }
  const parsed = keystoreSchema.safeParse(tryJson(text))
  if (parsed.success) return parsed.data
  const detail = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`).join('; ')
  throw new InvalidKeystoreError({ path, detail })
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function writeNew(path: string, keystore: Keystore): void {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (cause) {
    throw new InvalidKeystoreError({ path, detail: 'a new file cannot be made there; a key is never overwritten' }, { cause })
  }
  try {
    writeSync(file, `${JSON.stringify(keystore, null, 2)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
