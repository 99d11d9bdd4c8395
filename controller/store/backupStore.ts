import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { BackupError } from '../errors/StoreErrors.ts'
import { hashFile } from './hashFile.ts'
import { loadSqlite } from './loadSqlite.ts'
import { openStore } from './openStore.ts'
import { storeError } from './storeError.ts'

/** A copy and its SHA-256, lower-case hex. */
export type Backup = { readonly file: string; readonly sha256: string }

/**
 * Copies a store into one file, as of one moment, while an engine may go on writing it; beside it `<file>.sha256`, as `sha256sum -c` reads it.
 * The copy appears under its name only when all of it is on disk.
 *
 * @throws {BackupError} `file` or its hash is there already; it is never overwritten.
 * @throws {StoreUnwritableError} The store or the folder of the copy does not exist.
 * @throws {StoreCorruptError}, {StoreVersionError}, {StoreFullError} As {@link openStore}.
 */
export function backupStore(path: string, file: string): Backup {
  for (const each of [file, `${file}.sha256`])
    if (existsSync(each)) throw new BackupError({ path: each, detail: 'it is there already; a copy is never overwritten' })
  // Checks version and pages before they are copied.
  openStore({ path, readOnly: true }).close()
  const part = `${file}.part`
  rmSync(part, { force: true })
  try {
    const { DatabaseSync: Database } = loadSqlite()
    const database = new Database(path, { readOnly: true })
    try {
      database.exec('PRAGMA busy_timeout = 5000')
      database.prepare('VACUUM INTO ?').run(part)
    } finally {
      database.close()
    }
    sync(part)
    const sha256 = hashFile(part)
    writeFileSync(`${file}.sha256`, `${sha256}  ${basename(file)}\n`, { flush: true })
    renameSync(part, file)
    return { file, sha256 }
  } catch (cause) {
    rmSync(part, { force: true })
    throw storeError(part, cause)
  }
}

function sync(file: string): void {
  const opened = openSync(file, 'r+')
  fsyncSync(opened)
  closeSync(opened)
}
