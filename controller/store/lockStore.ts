import { loadSqlite } from './loadSqlite.ts'

/**
 * Holds an exclusive transaction in a file beside the store: the system frees it when the process ends, however it ends.
 *
 * @returns Frees it.
 * @throws {Error} Of SQLite: another process holds it, or the folder cannot be written.
 */
export function lockStore(path: string): () => void {
  const { DatabaseSync: Database } = loadSqlite()
  const lock = new Database(`${path}.lock`)
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw cause
  }
  return () => lock.close()
}
