import type { SqlValue } from '../entities/columns.ts'
import type { Entity, Origin, Row, Values } from '../entities/index.ts'
import type { IndexFile } from './openIndex.ts'
import { originNames } from './tables.ts'

/** What handlers may do with rows. */
export type Rows = {
  readonly insert: <Of extends Entity>(entity: Of, event: Origin, values: Values<Of>) => void
  /** Changes the row at a position; columns that are not named stay. */
  readonly update: <Of extends Entity>(entity: Of, position: number, values: Partial<Values<Of>>) => void
  /** Rows with these values in these columns, oldest first. */
  readonly find: <Of extends Entity>(entity: Of, where: Partial<Row<Of>>) => Row<Of>[]
  /** As {@link find}, the newest alone. */
  readonly last: <Of extends Entity>(entity: Of, where: Partial<Row<Of>>) => Row<Of> | undefined
  readonly count: <Of extends Entity>(entity: Of, where: Partial<Row<Of>>) => number
}

const origin: readonly string[] = originNames
const encode = (entity: Entity, column: string, value: unknown): SqlValue => {
  const known = entity.columns[column]
  if (known !== undefined) return known.write(value as never)
  if (origin.includes(column)) return value as SqlValue
  throw new TypeError(`${entity.name} has no column ${column}.`)
}
const matches = (names: readonly string[]): string =>
  names.length === 0 ? '' : ` WHERE ${names.map((name) => `"${name}" IS ?`).join(' AND ')}`

/** A stored row with the values of its columns. */
export function decodeRow<Of extends Entity>(entity: Of, stored: Readonly<Record<string, SqlValue>>): Row<Of> {
  const from = originNames.map((name) => [name, stored[name]])
  const own = Object.entries(entity.columns).map(([name, { read }]) => [name, read(stored[name] ?? null)])
  return Object.fromEntries([...from, ...own]) as Row<Of>
}

/** Typed access to the tables of an index. */
export function openRows({ prepare }: IndexFile): Rows {
  const select = <Of extends Entity>(entity: Of, where: Partial<Row<Of>>, tail: string): Row<Of>[] => {
    const names = Object.keys(where)
    const values = names.map((name) => encode(entity, name, where[name as keyof Row<Of>]))
    const found = prepare(`SELECT * FROM "${entity.name}"${matches(names)} ORDER BY "position"${tail}`).all(...values)
    return found.map((row) => decodeRow(entity, row as Record<string, SqlValue>))
  }
  return {
    insert(entity, event, values) {
      const names = Object.keys(entity.columns)
      const all = [...originNames, ...names]
      const sql = `INSERT INTO "${entity.name}" (${all.map((name) => `"${name}"`).join(', ')}) VALUES (${all.map(() => '?').join(', ')})`
      const { position, block, time, transaction } = event
      prepare(sql).run(
        position,
        block,
        time,
        transaction,
        ...names.map((name) => encode(entity, name, values[name as keyof typeof values])),
      )
    },
    update(entity, position, values) {
      const names = Object.keys(values)
      const sql = `UPDATE "${entity.name}" SET ${names.map((name) => `"${name}" = ?`).join(', ')} WHERE "position" = ?`
      prepare(sql).run(...names.map((name) => encode(entity, name, values[name as keyof typeof values])), position)
    },
    find: (entity, where) => select(entity, where, ''),
    last: (entity, where) => select(entity, where, ' DESC LIMIT 1')[0],
    count(entity, where) {
      const names = Object.keys(where)
      const values = names.map((name) => encode(entity, name, where[name as keyof typeof where]))
      return (prepare(`SELECT count(*) AS n FROM "${entity.name}"${matches(names)}`).get(...values) as { readonly n: number }).n
    },
  }
}
