import { createHash } from 'node:crypto'
import { type Entity, entities } from '../entities/index.ts'

const quote = (name: string): string => `"${name}"`

/** Columns that every entity has, in front of its own. */
const originColumns = [
  '"position" INTEGER PRIMARY KEY',
  '"block" INTEGER NOT NULL',
  '"time" INTEGER NOT NULL',
  '"transaction" TEXT NOT NULL',
]
export const originNames = ['position', 'block', 'time', 'transaction'] as const

/**
 * What the index keeps besides its entities:
 *
 * - `progress`: which chain and deployment this is, counters of rollbacks; one row.
 * - `block`: every block with events, and the last ones without, by number: what a reorganisation is measured against.
 * - `history_head`: the hash chain as far as it was read; one row, rolled back with the entities.
 * - `writing`: the block whose events are being applied; null outside, so that a rollback does not undo itself.
 * - `undo`: what takes back each write of an entity, by block, newest last.
 */
const ownTables = `
  CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    chain_id INTEGER NOT NULL,
    deployment TEXT NOT NULL,
    rollbacks INTEGER NOT NULL,
    deepest_rollback INTEGER NOT NULL,
    rebuilds INTEGER NOT NULL
  );
  CREATE TABLE block (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, time INTEGER NOT NULL, events INTEGER NOT NULL, links INTEGER NOT NULL);
  CREATE INDEX empty_block ON block (number) WHERE events = 0;
  CREATE TABLE history_head (position INTEGER PRIMARY KEY CHECK (position = 1), links INTEGER NOT NULL, head TEXT NOT NULL);
  CREATE TABLE writing (id INTEGER PRIMARY KEY CHECK (id = 1), block INTEGER);
  INSERT INTO writing VALUES (1, NULL);
  CREATE TABLE undo (sequence INTEGER PRIMARY KEY AUTOINCREMENT, block INTEGER NOT NULL, statement TEXT NOT NULL);
  CREATE INDEX undo_by_block ON undo (block);`

function entityTable({ name, columns, key, indexes }: Entity): string {
  const own = Object.entries(columns).map(([column, { sql, nullable }]) => `${quote(column)} ${sql}${nullable ? '' : ' NOT NULL'}`)
  const unique = key.length === 0 ? [] : [`UNIQUE (${key.map(quote).join(', ')})`]
  const filters = Object.entries(columns).flatMap(([column, { filter }]) => (filter ? [[column]] : []))
  const index = (over: readonly string[]): string =>
    `CREATE INDEX ${quote([name, ...over].join('_'))} ON ${quote(name)} (${[...over, 'position'].map(quote).join(', ')});`
  return [
    `CREATE TABLE ${quote(name)} (${[...originColumns, ...own, ...unique].join(', ')});`,
    ...[...filters, ...indexes].map(index),
  ].join('\n')
}

/** Writes into `undo` what takes a write of this table back, so that no handler has to know about reorganisations. */
function undoTriggers(table: string, columns: readonly string[]): string {
  const literal = (column: string): string => `quote(old.${quote(column)})`
  const restore = columns.map((column) => `'${quote(column)} = ' || ${literal(column)}`).join(` || ', ' || `)
  const put = columns.map(literal).join(` || ', ' || `)
  const on = (what: string, statement: string): string =>
    `CREATE TRIGGER ${quote(`undo_${what}_${table}`)} AFTER ${what} ON ${quote(table)} WHEN (SELECT block FROM writing) IS NOT NULL ` +
    `BEGIN INSERT INTO undo (block, statement) SELECT block, ${statement} FROM writing; END;`
  const at = (row: string): string => `' WHERE "position" = ' || ${row}."position"`
  return [
    on('INSERT', `'DELETE FROM ${quote(table)}' || ${at('new')}`),
    on('UPDATE', `'UPDATE ${quote(table)} SET ' || ${restore} || ${at('old')}`),
    on('DELETE', `'INSERT INTO ${quote(table)} (${columns.map(quote).join(', ')}) VALUES (' || ${put} || ')'`),
  ].join('\n')
}

/** Everything that makes an empty index. */
export const schema: string = [
  ownTables,
  undoTriggers('history_head', ['position', 'links', 'head']),
  ...entities.flatMap((entity) => [entityTable(entity), undoTriggers(entity.name, [...originNames, ...Object.keys(entity.columns)])]),
].join('\n')

/** Names the schema: a file with another one is of another version. */
export const schemaVersion: string = createHash('sha256').update(schema).digest('hex')
