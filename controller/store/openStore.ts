import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { InvalidInputError } from '../../risk/errors/index.ts'
import { contentHash } from '../../risk/hash/index.ts'
import type { Address, Hash, Hex, RoundStage, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { EquivocationError, StoreCorruptError } from '../errors/StoreErrors.ts'
import type { Attempt, ClaimValidity, EngineStore, Intent } from './EngineStore.ts'
import { type DatabaseSync, loadSqlite } from './loadSqlite.ts'
import { lockStore } from './lockStore.ts'
import { migrateStore } from './migrateStore.ts'
import { rollBack } from './rollBack.ts'
import { roundFromJson, roundToJson } from './roundJson.ts'
import { storeError } from './storeError.ts'

export type StoreOptions = {
  /** The database file; `:memory:` for a store that ends with the process. */
  readonly path: string
  /** Opens an existing store beside the engine that writes it. */
  readonly readOnly?: boolean
  /** Largest size of the file in bytes; a write beyond it fails as on a full disk. No limit when absent. */
  readonly maxBytes?: number
}

/** SQLite's page size for a new file. */
const PAGE_BYTES = 4_096

type AttemptRow = Omit<Attempt, 'chainId' | 'maxFee' | 'priorityFee'> & {
  readonly chain_id: number
  readonly max_fee: string
  readonly priority_fee: string
}

/**
 * Opens the durable memory of an engine: one SQLite file in WAL mode with full synchronisation, so that a write that returned survives a kill and
 * a power cut. One writer at a time; readers beside it are welcome.
 *
 * @throws {StoreLockedError} Another process writes it.
 * @throws {StoreCorruptError} The file is not a store, or its quick check fails.
 * @throws {StoreVersionError} It is newer than this program.
 * @throws {StoreUnwritableError} The folder is missing or read-only.
 */
export function openStore({ path, readOnly = false, maxBytes }: StoreOptions): EngineStore {
  const guard = <Result>(act: () => Result): Result => {
    try {
      return act()
    } catch (cause) {
      throw storeError(path, cause)
    }
  }
  const release = guard(() => (readOnly || path === ':memory:' ? () => undefined : lockStore(path)))
  try {
    return guard(() => createStore(openDatabase(path, readOnly, maxBytes), path, guard, release))
  } catch (cause) {
    release()
    throw cause
  }
}

function openDatabase(path: string, readOnly: boolean, maxBytes: number | undefined): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite()
  const database = new Database(path, { readOnly })
  try {
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON')
    if (!readOnly) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    const check = database.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string }
    if (check.quick_check !== 'ok') throw new StoreCorruptError({ path, detail: check.quick_check })
    migrateStore(database, path, readOnly)
    if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / PAGE_BYTES))}`)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

function createStore(database: DatabaseSync, path: string, guard: <Result>(act: () => Result) => Result, release: () => void): EngineStore {
  const sql = {
    putDocument: database.prepare('INSERT OR IGNORE INTO document (hash, body) VALUES (?, ?)'),
    getDocument: database.prepare('SELECT body FROM document WHERE hash = ?'),
    hasDocument: database.prepare('SELECT 1 FROM document WHERE hash = ?'),
    saveRound: database.prepare('INSERT OR REPLACE INTO round (scope, observed_at, number, stage, body) VALUES (?, ?, ?, ?, ?)'),
    round: database.prepare('SELECT body FROM round WHERE scope = ? AND observed_at = ?'),
    lastRound: database.prepare('SELECT body FROM round WHERE scope = ? ORDER BY observed_at DESC LIMIT 1'),
    lastRoundIn: database.prepare('SELECT body FROM round WHERE scope = ? AND stage = ? ORDER BY observed_at DESC LIMIT 1'),
    rounds: database.prepare('SELECT body FROM round WHERE scope = ? AND observed_at BETWEEN ? AND ? ORDER BY observed_at'),
    claim: database.prepare('SELECT digest, valid_until FROM claim WHERE scope = ? AND number = ?'),
    saveClaim: database.prepare('INSERT OR REPLACE INTO claim (scope, number, digest, valid_until) VALUES (?, ?, ?, ?)'),
    saveIntent: database.prepare(
      'INSERT INTO intent (key, stage, body) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET stage = excluded.stage, body = excluded.body',
    ),
    intent: database.prepare('SELECT body FROM intent WHERE key = ?'),
    openIntents: database.prepare("SELECT body FROM intent WHERE stage = 'open' ORDER BY key"),
    saveAttempt: database.prepare(
      'INSERT OR IGNORE INTO attempt (hash, intent, chain_id, sender, nonce, max_fee, priority_fee, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    attempts: database.prepare('SELECT * FROM attempt WHERE intent = ?'),
    attemptsAt: database.prepare('SELECT * FROM attempt WHERE chain_id = ? AND sender = ? AND nonce = ?'),
  }
  let depth = 0
  let open = true
  const atomically = <Result>(work: () => Result): Result => {
    if (depth > 0) return work()
    guard(() => database.exec('BEGIN IMMEDIATE'))
    depth = 1
    try {
      const result = work()
      guard(() => database.exec('COMMIT'))
      return result
    } catch (cause) {
      rollBack(database)
      throw cause
    } finally {
      depth = 0
    }
  }
  const readRound = (row: unknown) => (row === undefined ? undefined : roundFromJson((row as { readonly body: string }).body))
  const claim = (scope: ScopeId, round: number) => {
    const row = guard(() => sql.claim.get(scope, round)) as { readonly digest: Hash; readonly valid_until: number } | undefined
    return row && { digest: row.digest, validUntil: row.valid_until }
  }
  return {
    path,
    put(canonical) {
      const hash = contentHash(canonical)
      if (guard(() => sql.hasDocument.get(bytes(hash))) === undefined) {
        guard(() => sql.putDocument.run(bytes(hash), deflateRawSync(canonical)))
      }
      return hash
    },
    get(hash) {
      const row = guard(() => sql.getDocument.get(bytes(hash))) as { readonly body: Uint8Array } | undefined
      return row && inflate(row.body, hash, path)
    },
    has: (hash) => guard(() => sql.hasDocument.get(bytes(hash))) !== undefined,
    saveRound(record) {
      const { scope, observedAt, adjustment, stage } = record
      guard(() => sql.saveRound.run(scope, observedAt, adjustment?.round ?? null, stage, roundToJson(record)))
    },
    round: (scope, observedAt) => readRound(guard(() => sql.round.get(scope, observedAt))),
    lastRound: (scope) => readRound(guard(() => sql.lastRound.get(scope))),
    lastRoundIn: (scope, stages) => {
      const found = stages
        .map((stage: RoundStage) => readRound(guard(() => sql.lastRoundIn.get(scope, stage))))
        .filter((record) => record !== undefined)
      return found.sort((a, b) => b.observedAt - a.observedAt)[0]
    },
    rounds: (scope, from: UnixSeconds, to: UnixSeconds) =>
      (guard(() => sql.rounds.all(scope, from, to)) as { readonly body: string }[]).map(({ body }) => roundFromJson(body)),
    claim,
    claimRound(scope, round, digest, validity?: ClaimValidity) {
      atomically(() => {
        const held = claim(scope, round)
        if (held?.digest === digest) return
        const expired = held !== undefined && validity !== undefined && held.validUntil < validity.now
        if (held !== undefined && !expired) throw new EquivocationError({ scope, round, claimed: held.digest, digest })
        guard(() => sql.saveClaim.run(scope, round, digest, validity?.validUntil ?? Number.MAX_SAFE_INTEGER))
      })
    },
    saveIntent(intent) {
      guard(() => sql.saveIntent.run(intent.key, intent.stage, JSON.stringify(intent)))
    },
    intent(key) {
      const row = guard(() => sql.intent.get(key)) as { readonly body: string } | undefined
      return row && (JSON.parse(row.body) as Intent)
    },
    openIntents: () => (guard(() => sql.openIntents.all()) as { readonly body: string }[]).map(({ body }) => JSON.parse(body) as Intent),
    saveAttempt({ hash, intent, chainId, sender, nonce, maxFee, priorityFee, raw }) {
      guard(() => sql.saveAttempt.run(hash, intent, chainId, sender, nonce, maxFee.toString(), priorityFee.toString(), raw))
    },
    attempts: (intent) => byFee(guard(() => sql.attempts.all(intent)) as unknown as AttemptRow[]),
    attemptsAt: (chainId: number, sender: Address, nonce: number) =>
      byFee(guard(() => sql.attemptsAt.all(chainId, sender, nonce)) as unknown as AttemptRow[]),
    atomically,
    close() {
      if (!open) return
      open = false
      database.close()
      release()
    },
  }
}

/** Attempts, the oldest first: each one of an intent has a higher nonce or a higher fee than the one before. */
function byFee(rows: readonly AttemptRow[]): Attempt[] {
  return rows
    .map(
      ({ chain_id, max_fee, priority_fee, ...row }): Attempt => ({
        ...row,
        chainId: chain_id,
        maxFee: BigInt(max_fee),
        priorityFee: BigInt(priority_fee),
      }),
    )
    .sort((a, b) => a.nonce - b.nonce || (a.maxFee < b.maxFee ? -1 : a.maxFee > b.maxFee ? 1 : 0))
}

function bytes(hash: Hex): Uint8Array {
  if (!/^0x[0-9a-f]{64}$/.test(hash))
    throw new InvalidInputError({ argument: 'hash', got: hash, limit: '32 bytes as lower-case hex with 0x' })
  return Buffer.from(hash.slice(2), 'hex')
}

/** The document's text, only when its bytes still have the hash they are stored under. */
function inflate(body: Uint8Array, hash: Hash, path: string): string {
  let text: string
  try {
    text = inflateRawSync(body).toString('utf8')
  } catch (cause) {
    throw new StoreCorruptError({ path, detail: `document ${hash} does not unpack` }, { cause })
  }
  if (contentHash(text) !== hash) throw new StoreCorruptError({ path, detail: `document ${hash} has other bytes` })
  return text
}
