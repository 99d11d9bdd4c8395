import { constants, copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { BackupError } from '../errors/StoreErrors.ts'
import type { Backup } from './backupStore.ts'
import { hashFile } from './hashFile.ts'
import { lockStore } from './lockStore.ts'
import { openStore } from './openStore.ts'
import { storeError } from './storeError.ts'

/**
 * Puts a copy that {@link backupStore} made in the place of a store that is gone. The copy must have the hash beside it; it is brought to the present schema, and
 * checked, before it takes the name of the store.
 *
 * An engine must not sign with it before everything it signed since the copy has expired: the copy does not know of that.
 *
 * @throws {BackupError} No hash lies beside the copy, the copy has another one, or a store is there already: it is never overwritten.
 * @throws {StoreLockedError} A process still writes a store of this name.
 * @throws {StoreCorruptError}, {StoreVersionError}, {StoreUnwritableError} As {@link openStore}.
 */
export function restoreStore(file: string, path: string): Backup {
  const sha256 = verify(file)
  let release: () => void
  try {
    release = lockStore(path)
  } catch (cause) {
    throw storeError(path, cause)
  }
  const part = `${path}.part`
  const leftovers = [part, `${part}-wal`, `${part}-shm`, `${part}.lock`]
  try {
    for (const each of [path, `${path}-wal`])
      if (existsSync(each))
        throw new BackupError({ path: each, detail: 'it is there already; move it away first, it is never overwritten' })
    for (const each of leftovers) rmSync(each, { force: true })
    copyFileSync(file, part, constants.COPYFILE_EXCL)
    openStore({ path: part }).close()
    renameSync(part, path)
    return { file, sha256 }
  } catch (cause) {
    throw storeError(path, cause)
  } finally {
    for (const each of leftovers) rmSync(each, { force: true })
    release()
  }
}

function verify(file: string): string {
  const beside = `${file}.sha256`
  for (const each of [file, beside]) if (!existsSync(each)) throw new BackupError({ path: each, detail: 'there is no such file' })
  const expected = /^([0-9a-f]{64}) {2}/.exec(readFileSync(beside, 'utf8'))?.[1]
  const sha256 = hashFile(file)
  if (expected === undefined) throw new BackupError({ path: beside, detail: 'it holds no SHA-256' })
  if (sha256 !== expected) throw new BackupError({ path: file, detail: `its SHA-256 is ${sha256}; ${expected} is expected` })
  return sha256
}
