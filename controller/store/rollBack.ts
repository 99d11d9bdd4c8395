import type { DatabaseSync } from './loadSqlite.ts'

/** Ends a transaction that failed. */
export function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite already rolled back by itself, as it does when the disk is full.
  }
}
