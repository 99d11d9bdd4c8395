import type { DatabaseSync } from 'node:sqlite'

/** One released schema of an index. */
export type IndexVersion = {
  /** 1, 2, ...; kept in `user_version`. */
  readonly number: number
  /** {schemaVersion} of an empty file of this version. */
  readonly schema: string
  /**
   * SQL that makes a file of the version before one of this version, columns and triggers of the undo journal included. `rebuild` where rows are needed that the old file does not have: the events are read again, which loses
   * nothing. Null for the first.
   */
  readonly from: string | 'rebuild' | null
}

/** All released schemas, oldest first. A released entry is never edited; a changed schema is a new one, with a fixture of it in test/indexer/fixtures. */
export const versions: readonly IndexVersion[] = [
  { number: 1, schema: '2356ad3ac2148184c3ceb30e41b10fea5444b0c110fb29279ed125d5f088d0bd', from: null },
]

/**
 * Brings a file to the newest version.
 *
 * @param found - Schema that the file says it has.
 * @returns `rebuild` when it cannot be: a step asks for it, or the schema was never released.
 */
export function upgradeIndex(database: DatabaseSync, found: string, released: readonly IndexVersion[] = versions): 'upgraded' | 'rebuild' {
  const at = released.findIndex(({ schema }) => schema === found)
  const steps = released.slice(at + 1)
  if (at === -1 || steps.some(({ from }) => from === 'rebuild')) return 'rebuild'
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const { number, schema, from } of steps) {
      database.exec(from ?? '')
      database.prepare('UPDATE schema_version SET version = ?').run(schema)
      database.exec(`PRAGMA user_version = ${number}`)
    }
    database.exec('COMMIT')
  } catch (cause) {
    database.exec('ROLLBACK')
    throw cause
  }
  return 'upgraded'
}
