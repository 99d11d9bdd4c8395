import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Deployment, Json } from '../../risk/types/index.ts'
import { IndexCorruptError, IndexLockedError, IndexVersionError, OtherIndexError } from './IndexErrors.ts'
import { schema, schemaVersion } from './tables.ts'
import { upgradeIndex, versions } from './versions.ts'

const newest = versions.at(-1)?.number ?? 0

/** The open file of an index. One process writes it; statements are prepared once. */
export type IndexFile = {
  readonly path: string
  readonly database: DatabaseSync
  readonly prepare: (sql: string) => StatementSync
  /** All writes of `work` reach the file together, or none does. */
  readonly atomically: <Result>(work: () => Result) => Result
  readonly close: () => void
}

/**
 * Opens the index of a deployment, or makes an empty one. A file of an older version is brought forward; where that is not possible, or its schema was never released, it is thrown away and built again from the chain, which
 * loses nothing.
 *
 * @param path - File, or `:memory:`.
 * @throws {OtherIndexError} The file belongs to another chain or deployment.
 * @throws {IndexLockedError} Another process writes it.
 * @throws {IndexVersionError} A newer program wrote it.
 * @throws {IndexCorruptError} It is no database, or damaged.
 */
export function openIndex(path: string, deployment: Deployment): IndexFile {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const release = path === ':memory:' ? () => undefined : lock(path)
  try {
    return openFile(path, deployment, release)
  } catch (cause) {
    release()
    throw cause
  }
}

/** Holds an exclusive transaction in a file beside the index: the system frees it when the process ends, however it ends. */
function lock(path: string): () => void {
  const database = connect(`${path}.lock`)
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    throw new IndexLockedError({ path }, { cause })
  }
  return () => database.close()
}

// Asked for at run time: bundlers take the `node:` of this one module away.
const connect = (path: string): DatabaseSync => new (process.getBuiltinModule('node:sqlite').DatabaseSync)(path)

function openFile(path: string, deployment: Deployment, release: () => void): IndexFile {
  let database = connectIntact(path)
  let rebuilds = 0
  const found = versionOf(database)
  assertKnown(database, path)
  if (found !== null && found !== schemaVersion) assertSame(database, path, deployment)
  if (found !== null && found !== schemaVersion && upgradeIndex(database, found) === 'rebuild') {
    rebuilds = rebuildsOf(database) + 1
    database.close()
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
    database = connectIntact(path)
  }
  if (versionOf(database) === null) create(database, deployment, rebuilds)
  else assertSame(database, path, deployment)
  const statements = new Map<string, StatementSync>()
  return {
    path,
    database,
    prepare: (sql) => {
      const known = statements.get(sql) ?? database.prepare(sql)
      statements.set(sql, known)
      return known
    },
    atomically: (work) => {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (cause) {
        rollBack(database)
        throw cause
      }
    },
    close: () => {
      database.close()
      release()
    },
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite has already rolled back by itself, as on a full disk.
  }
}

function connectIntact(path: string): DatabaseSync {
  const existed = path !== ':memory:' && existsSync(path)
  const database = connect(path)
  try {
    // A write that returned survives the end of the process. A power cut may take the last ones; they are read again from the chain.
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    const check = existed ? (database.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string }).quick_check : 'ok'
    if (check !== 'ok') throw new Error(check)
    return database
  } catch (cause) {
    database.close()
    throw new IndexCorruptError({ path, detail: (cause as Error).message }, { cause })
  }
}

/** A file of a newer program may hold what this one would throw away. */
function assertKnown(database: DatabaseSync, path: string): void {
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as { readonly user_version: number }
  if (found <= newest) return
  database.close()
  throw new IndexVersionError({ path, found, newest })
}

/** Null for an empty file. */
function versionOf(database: DatabaseSync): string | null {
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get() as { readonly n: number }
  if (tables.n === 0) return null
  const named = database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'schema_version'").get() as { readonly n: number }
  return named.n === 0 ? '' : (database.prepare('SELECT version FROM schema_version').get() as { readonly version: string }).version
}

function create(database: DatabaseSync, deployment: Deployment, rebuilds: number): void {
  database.exec(`BEGIN IMMEDIATE; ${schema}`)
  database.exec(`CREATE TABLE schema_version (version TEXT NOT NULL); INSERT INTO schema_version VALUES ('${schemaVersion}')`)
  database.exec(`PRAGMA user_version = ${newest}`)
  database
    .prepare('INSERT INTO progress VALUES (1, ?, ?, 0, 0, ?)')
    .run(deployment.chainId, canonicalJson(deployment as unknown as Json), rebuilds)
  database.exec('COMMIT')
}

type Progress = { readonly chain_id: number; readonly deployment: string; readonly rebuilds: number }

function progressOf(database: DatabaseSync, path: string): Progress {
  try {
    return database.prepare('SELECT chain_id, deployment, rebuilds FROM progress').get() as Progress
  } catch (cause) {
    throw new IndexCorruptError({ path, detail: 'it is a database of something else' }, { cause })
  }
}

const rebuildsOf = (database: DatabaseSync): number => progressOf(database, '').rebuilds

function assertSame(database: DatabaseSync, path: string, deployment: Deployment): void {
  const { chain_id, deployment: stored } = progressOf(database, path)
  if (chain_id !== deployment.chainId)
    throw new OtherIndexError({ path, field: 'chain', found: String(chain_id), expected: String(deployment.chainId) })
  if (stored !== canonicalJson(deployment as unknown as Json)) {
    const { contracts } = JSON.parse(stored) as Deployment
    throw new OtherIndexError({
      path,
      field: 'the parameter store',
      found: contracts.riskParameters,
      expected: `${deployment.contracts.riskParameters} with the modules given`,
    })
  }
}
