import type { Hash, UnixSeconds } from '../../risk/types/index.ts'
import type { AnyColumn } from './columns.ts'

/** A table of the index and the list of the same name in GraphQL. */
export type Entity<Columns extends Readonly<Record<string, AnyColumn>> = Readonly<Record<string, AnyColumn>>> = {
  /** Table and GraphQL type. */
  readonly name: string
  /** Field of `Query`. */
  readonly list: string
  readonly doc: string
  readonly columns: Columns
  /** Columns that together name one row; none for entities whose rows are events. */
  readonly key: readonly string[]
  /** Further indexes, each over these columns. */
  readonly indexes: readonly (readonly string[])[]
}

/** The event that made a row. Every entity has these columns besides its own. */
export type Origin = {
  /** Block times 2^20 plus the log's position in it: unique, ascending, what lists are ordered and paged by. */
  readonly position: number
  readonly block: number
  readonly time: UnixSeconds
  readonly transaction: Hash
}

type ValuesOf<Columns> = {
  readonly [Name in keyof Columns]: Columns[Name] extends { readonly read: (stored: never) => infer Value } ? Value : never
}

/** A row of an entity without its origin. */
export type Values<Of> = Of extends { readonly columns: infer Columns } ? ValuesOf<Columns> : never
/** A row of an entity. */
export type Row<Of> = Values<Of> & Origin

type Definition<Columns> = Omit<Entity, 'columns' | 'key' | 'indexes'> & {
  readonly columns: Columns
  readonly key?: readonly (keyof Columns & string)[]
  readonly indexes?: readonly (readonly (keyof Columns & string)[])[]
}

/** Keeps the exact types of the columns, so that rows are typed by them. */
export function defineEntity<const Columns extends Readonly<Record<string, AnyColumn>>>(entity: Definition<Columns>): Entity<Columns> {
  return { key: [], indexes: [], ...entity }
}
