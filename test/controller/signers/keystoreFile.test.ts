import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { Keystore } from 'ox'
import { recoverAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InvalidKeystoreError, MissingSecretError, WrongPasswordError } from '../../../controller/errors/SignerErrors.ts'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import { changePassword, createKeystore, listKeystores, openKeystore } from '../../../controller/signers/keystoreFile.ts'
import { encryptKey } from '../../../controller/signers/keystoreV3.ts'
import { openSigner } from '../../../controller/signers/openSigner.ts'

const cheap = { n: 1_024, r: 8, p: 1 }
const digest = `0x${'ab'.repeat(32)}` as const
// Test vector of the Web3 Secret Storage definition. Its other one, with n = 2^18 and r = 1, is outside the limits of scrypt and is refused.
const vectorKey = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const vectors = {
  pbkdf2: {
    version: 3,
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
      ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
      kdf: 'pbkdf2',
      kdfparams: { c: 262_144, dklen: 32, prf: 'hmac-sha256', salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd' },
      mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
    },
  },
}

describe('keystore file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-keys-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const fileWith = (content: string): string => {
    const path = join(folder, 'key.json')
    writeFileSync(path, content)
    return path
  }

  it.each(Object.entries(vectors))('opens the published %s vector', async (_name, vector) => {
    const key = await openKeystore(fileWith(JSON.stringify(vector)), 'testpassword')
    expect(key.address).toBe(privateKeyToAddress(vectorKey))
  })
  it('opens what another implementation wrote, and the reverse', async () => {
    const [derived, options] = Keystore.scrypt({ password: 'correct horse', n: 1_024, r: 8, p: 1 })
    const theirs = Keystore.encrypt(vectorKey, derived, options)
    expect((await openKeystore(fileWith(JSON.stringify(theirs)), 'correct horse')).address).toBe(privateKeyToAddress(vectorKey))
    const ours = await encryptKey(vectorKey, 'correct horse', cheap)
    expect(Keystore.decrypt(ours as Keystore.Keystore, Keystore.toKey(ours as Keystore.Keystore, { password: 'correct horse' }))).toBe(
      vectorKey,
    )
  })
  it('says what is wrong with a derivation outside the limits of scrypt', async () => {
    const crypto = { ...vectors.pbkdf2.crypto, kdf: 'scrypt', kdfparams: { dklen: 32, n: 262_144, r: 1, p: 8, salt: 'ab' } }
    await expect(openKeystore(fileWith(JSON.stringify({ version: 3, crypto })), 'testpassword')).rejects.toThrow(/n below 2\^\(16 r\)/)
    const huge = { ...crypto, kdfparams: { dklen: 32, n: 2 ** 30, r: 8, p: 1, salt: 'ab' } }
    await expect(openKeystore(fileWith(JSON.stringify({ version: 3, crypto: huge })), 'testpassword')).rejects.toThrow(/1 GiB/)
  })
  it('opens what it created, signs with it, and keeps the file to its owner', async () => {
    const path = join(folder, 'engine.json')
    const address = await createKeystore(path, 'correct horse', cheap)
    const key = await openKeystore(path, 'correct horse')
    expect(key.address).toBe(address)
    expect(await recoverAddress({ hash: digest, signature: await key.signDigest(digest) })).toBe(address)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(listKeystores(folder)).toEqual([{ path, address }])
  })
  it('uses the full cost unless told otherwise', async () => {
    const path = join(folder, 'engine.json')
    await createKeystore(path, 'correct horse')
    expect(JSON.parse(readFileSync(path, 'utf8')).crypto.kdfparams).toMatchObject({ n: 262_144, r: 8, p: 1, dklen: 32 })
  })
  it('says that a password is wrong', async () => {
    const path = join(folder, 'engine.json')
    await createKeystore(path, 'correct horse', cheap)
    await expect(openKeystore(path, 'wrong')).rejects.toThrow(WrongPasswordError)
  })
  it('never overwrites a key', async () => {
    const path = fileWith('something precious')
    await expect(createKeystore(path, 'x', cheap)).rejects.toThrow(InvalidKeystoreError)
    expect(readFileSync(path, 'utf8')).toBe('something precious')
  })
  it('changes the password and keeps the key', async () => {
    const path = join(folder, 'engine.json')
    const address = await createKeystore(path, 'old', cheap)
    expect(await changePassword(path, 'old', 'new', cheap)).toBe(address)
    await expect(openKeystore(path, 'old')).rejects.toThrow(WrongPasswordError)
    expect((await openKeystore(path, 'new')).address).toBe(address)
    expect(existsSync(`${path}.new`)).toBe(false)
  })
  it('names every problem of a file that is no keystore', async () => {
    await expect(openKeystore(fileWith('{"version":2,"crypto":{"cipher":"aes-256-gcm"}}'), 'x')).rejects.toThrow(
      /version.*crypto\.cipher.*crypto\.mac/,
    )
    await expect(openKeystore(fileWith('not json'), 'x')).rejects.toThrow(InvalidKeystoreError)
    await expect(openKeystore(join(folder, 'absent.json'), 'x')).rejects.toThrow(InvalidKeystoreError)
  })
  it('refuses a file whose address is not that of its key', async () => {
    const path = join(folder, 'engine.json')
    await createKeystore(path, 'x', cheap)
    const changed = { ...JSON.parse(readFileSync(path, 'utf8')), address: '00'.repeat(20) }
    await expect(openKeystore(fileWith(JSON.stringify(changed)), 'x')).rejects.toThrow(/holds the key of/)
  })
})

describe('openSigner', () => {
  it('takes the key from the environment', async () => {
    const key = await openSigner({ kind: 'environment' }, { BALLAST_PRIVATE_KEY: vectorKey })
    expect(key.address).toBe(privateKeyToAddress(vectorKey))
  })
  it('names the variable that is missing', async () => {
    await expect(openSigner({ kind: 'environment' }, {})).rejects.toThrow(MissingSecretError)
    await expect(openSigner({ kind: 'keystore', path: 'key.json' }, { BALLAST_KEYSTORE_PASSWORD: '' })).rejects.toThrow(
      /BALLAST_KEYSTORE_PASSWORD/,
    )
  })
  it('shows the key in no error and in no print', async () => {
    const bad = `${vectorKey}00` as const
    expect(() => createEngineKey(bad)).toThrow(/32 bytes/)
    expect(() => createEngineKey(bad)).not.toThrow(new RegExp(vectorKey.slice(2)))
    expect(inspect(createEngineKey(vectorKey), { depth: 10, showHidden: true })).not.toContain(vectorKey.slice(2))
    expect(JSON.stringify(createEngineKey(vectorKey))).not.toContain(vectorKey.slice(2))
  })
})
