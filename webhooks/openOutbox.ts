import type { DatabaseSync } from 'node:sqlite'
import type { WebhookEndpoint } from './parseWebhooks.ts'
import { OutboxError } from './WebhookErrors.ts'
import type { WebhookEvent } from './WebhookEvent.ts'

/** One event on its way to one endpoint. */
export type Delivery = {
  readonly event: string
  readonly endpoint: string
  readonly body: string
  /** Attempts so far. */
  readonly attempts: number
}

/** Events that wait to be told, and marks of how far those who put them in have come. */
export type Outbox = {
  readonly path: string
  /** Keeps an event for every endpoint that wants it; nothing when the id is known. True when it is new. */
  readonly add: (event: WebhookEvent, endpoints: readonly Pick<WebhookEndpoint, 'name' | 'events'>[]) => boolean
  /** Deliveries to an endpoint whose time has come, the longest waiting first. */
  readonly due: (endpoint: string, now: number, most: number) => readonly Delivery[]
  /** Names of endpoints that something waits for. */
  readonly waiting: () => readonly string[]
  readonly delivered: (delivery: Delivery) => void
  /** @param nextAt - When to try again, seconds; null gives it up. */
  readonly failed: (delivery: Delivery, why: string, nextAt: number | null) => void
  /** Events that wait, and that were given up, by endpoint. */
  readonly counts: () => readonly { readonly endpoint: string; readonly waiting: number; readonly givenUp: number }[]
  readonly mark: (name: string) => string | undefined
  readonly setMark: (name: string, value: string) => void
  /** Drops the bodies of events that were delivered everywhere and happened before; their ids stay known. */
  readonly forget: (before: number) => void
  /** All writes of `work` reach the disk together, or none does. */
  readonly atomically: <Result>(work: () => Result) => Result
  readonly close: () => void
}

/**
 * - `event`: what was told, by id; the body is null once it is needed no more.
 * - `delivery`: an event for one endpoint; `next_at` is null when it was delivered or given up.
 * - `mark`: how far those who put events in have come.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE event (id TEXT PRIMARY KEY, time INTEGER NOT NULL, body TEXT) WITHOUT ROWID;
  CREATE INDEX event_with_body ON event (time) WHERE body IS NOT NULL;
  CREATE TABLE delivery (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL REFERENCES event (id),
    endpoint TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    given_up INTEGER NOT NULL,
    last_error TEXT,
    UNIQUE (event, endpoint)
  );
  CREATE INDEX delivery_due ON delivery (endpoint, next_at, sequence) WHERE next_at IS NOT NULL;
  CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `,
]

/**
 * Opens what is to be told: one SQLite file with full synchronisation, so that an event that was put in survives a kill and a power cut. One process at a time.
 *
 * @throws {OutboxError} Another process holds it, it is damaged, of something else, or of a newer program.
 */
export function openOutbox(path: string): Outbox {
  let database: DatabaseSync | undefined
  try {
    // Asked for at run time: bundlers take the `node:` of this one module away.
    database = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(path)
    // Exclusive from the first write on: the system frees it when the process ends, however it ends.
    database.exec(
      'PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL',
    )
    migrate(database, path)
    return createOutbox(database, path)
  } catch (cause) {
    database?.close()
    if (cause instanceof OutboxError) throw cause
    const { message } = cause as Error
    throw new OutboxError({ path, detail: /locked/.test(message) ? 'another process holds it' : message }, { cause })
  }
}

function migrate(database: DatabaseSync, path: string): void {
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as { readonly user_version: number }
  if (found > migrations.length)
    throw new OutboxError({ path, detail: `its schema has version ${found}, and this program knows versions up to ${migrations.length}` })
  database.exec('BEGIN EXCLUSIVE')
  for (const step of migrations.slice(found)) database.exec(step)
  database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`)
}

function createOutbox(database: DatabaseSync, path: string): Outbox {
  const sql = {
    addEvent: database.prepare('INSERT OR IGNORE INTO event VALUES (?, ?, ?)'),
    addDelivery: database.prepare('INSERT INTO delivery (event, endpoint, attempts, next_at, given_up) VALUES (?, ?, 0, 0, 0)'),
    due: database.prepare(
      'SELECT event, endpoint, body, attempts FROM delivery JOIN event ON event.id = delivery.event WHERE endpoint = ? AND next_at <= ? ORDER BY next_at, sequence LIMIT ?',
    ),
    delivered: database.prepare(
      'UPDATE delivery SET attempts = attempts + 1, next_at = NULL, last_error = NULL WHERE event = ? AND endpoint = ?',
    ),
    failed: database.prepare(
      'UPDATE delivery SET attempts = attempts + 1, last_error = ?, next_at = ?, given_up = ? WHERE event = ? AND endpoint = ?',
    ),
    counts: database.prepare(
      'SELECT endpoint, count(next_at) AS waiting, sum(given_up) AS givenUp FROM delivery GROUP BY endpoint ORDER BY endpoint',
    ),
    waiting: database.prepare('SELECT DISTINCT endpoint FROM delivery WHERE next_at IS NOT NULL ORDER BY endpoint'),
    mark: database.prepare('SELECT value FROM mark WHERE name = ?'),
    setMark: database.prepare('INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'),
    forget: database.prepare(
      'UPDATE event SET body = NULL WHERE body IS NOT NULL AND time < ? AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = event.id AND (next_at IS NOT NULL OR given_up = 1))',
    ),
  }
  let depth = 0
  const atomically = <Result>(work: () => Result): Result => {
    if (depth > 0) return work()
    database.exec('BEGIN IMMEDIATE')
    depth = 1
    try {
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (cause) {
      database.exec('ROLLBACK')
      throw cause
    } finally {
      depth = 0
    }
  }
  return {
    path,
    atomically,
    add: (event, endpoints) =>
      atomically(() => {
        const wanted = endpoints.filter(({ events }) => events === null || events.includes(event.type))
        const { changes } = sql.addEvent.run(event.id, event.time, wanted.length === 0 ? null : JSON.stringify(event))
        if (changes === 0) return false
        for (const { name } of wanted) sql.addDelivery.run(event.id, name)
        return true
      }),
    due: (endpoint, now, most) => sql.due.all(endpoint, now, most) as unknown as Delivery[],
    waiting: () => (sql.waiting.all() as { readonly endpoint: string }[]).map(({ endpoint }) => endpoint),
    delivered: ({ event, endpoint }) => {
      sql.delivered.run(event, endpoint)
    },
    failed: ({ event, endpoint }, why, nextAt) => {
      sql.failed.run(why, nextAt, Number(nextAt === null), event, endpoint)
    },
    counts: () => sql.counts.all() as unknown as ReturnType<Outbox['counts']>,
    mark: (name) => (sql.mark.get(name) as { readonly value: string } | undefined)?.value,
    setMark: (name, value) => {
      sql.setMark.run(name, value)
    },
    forget: (before) => {
      sql.forget.run(before)
    },
    close: () => database.close(),
  }
}
