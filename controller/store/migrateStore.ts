import { StoreVersionError } from '../errors/StoreErrors.ts'
import type { DatabaseSync } from './loadSqlite.ts'
import { migrations } from './migrations.ts'
import { rollBack } from './rollBack.ts'

/**
 * Brings a store to the newest schema: all missing steps, or none. An older store that is only read stays as it is, and is refused.
 *
 * @param steps - From an empty file on; as many were applied as `user_version` says.
 * @throws {StoreVersionError} It is newer than this program, or older and only to be read.
 */
export function migrateStore(database: DatabaseSync, path: string, readOnly: boolean, steps: readonly string[] = migrations): void {
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as { readonly user_version: number }
  if (found > steps.length || (readOnly && found !== steps.length)) throw new StoreVersionError({ path, found, newest: steps.length })
  if (found === steps.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const step of steps.slice(found)) database.exec(step)
    database.exec(`PRAGMA user_version = ${steps.length}; COMMIT`)
  } catch (cause) {
    rollBack(database)
    throw cause
  }
}
