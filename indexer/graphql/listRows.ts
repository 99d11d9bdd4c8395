import { InvalidInputError } from '../../risk/errors/index.ts'
import type { SqlValue } from '../entities/columns.ts'
import type { Entity, Row } from '../entities/index.ts'
import type { IndexFile } from '../store/openIndex.ts'
import { decodeRow } from '../store/rows.ts'
import { MAX_PAGE } from './typeDefs.ts'

export type ListArguments = {
  readonly first: number
  readonly after?: string | null
  readonly order: 'ascending' | 'descending'
  /** Stored values by column, with `fromBlock` and `toBlock`. */
  readonly where?: Readonly<Record<string, SqlValue | boolean | undefined>> | null
}

export type Page = {
  readonly nodes: readonly Row<Entity>[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

const POSITIONS_PER_BLOCK = 2 ** 20

/**
 * A page of an entity. A cursor names a position, not a count: rows that come or go before it move nothing.
 *
 * @throws {InvalidInputError} `first` or `after` is outside what is allowed.
 */
export function listRows({ prepare }: IndexFile, entity: Entity, { first, after, order, where }: ListArguments): Page {
  if (!Number.isSafeInteger(first) || first < 1 || first > MAX_PAGE)
    throw new InvalidInputError({ argument: 'first', got: first, limit: `a whole number from 1 to ${MAX_PAGE}` })
  const { fromBlock, toBlock, ...equal } = where ?? {}
  const conditions: [sql: string, value: SqlValue][] = Object.entries(equal).map(([name, value]) => [
    `"${name}" IS ?`,
    typeof value === 'boolean' ? Number(value) : (value ?? null),
  ])
  if (fromBlock != null) conditions.push(['"position" >= ?', Number(fromBlock) * POSITIONS_PER_BLOCK])
  if (toBlock != null) conditions.push(['"position" < ?', (Number(toBlock) + 1) * POSITIONS_PER_BLOCK])
  if (after != null) conditions.push([`"position" ${order === 'ascending' ? '>' : '<'} ?`, parseCursor(entity, after)])
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`
  const direction = order === 'ascending' ? 'ASC' : 'DESC'
  const found = prepare(`SELECT * FROM "${entity.name}"${filter} ORDER BY "position" ${direction} LIMIT ?`).all(
    ...conditions.map(([, value]) => value),
    first + 1,
  ) as Record<string, SqlValue>[]
  const nodes = found.slice(0, first).map((row) => decodeRow(entity, row))
  const last = nodes.at(-1)
  return {
    nodes,
    pageInfo: { hasNextPage: found.length > first, endCursor: last === undefined ? null : `${entity.list}:${last.position}` },
  }
}

function parseCursor({ list }: Entity, cursor: string): number {
  const position = Number(cursor.slice(list.length + 1))
  if (!cursor.startsWith(`${list}:`) || !/^\d{1,16}$/.test(cursor.slice(list.length + 1)) || !Number.isSafeInteger(position))
    throw new InvalidInputError({ argument: 'after', got: cursor, limit: `an endCursor of ${list}` })
  return position
}
