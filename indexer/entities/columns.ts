import type { Address, Hex } from '../../risk/types/index.ts'

/** What SQLite keeps in a column. */
export type SqlValue = string | number | null

/** One column of an entity: how it is kept, and how GraphQL shows it. `Value` is what handlers write and readers get. */
export type Column<Value> = {
  readonly sql: 'INTEGER' | 'TEXT'
  /** Name of the GraphQL type, without `!`. */
  readonly graphql: string
  /** Members, when the GraphQL type is an enum. */
  readonly members?: readonly string[]
  readonly nullable: boolean
  /** Whether lists can be filtered by this column. */
  readonly filter: boolean
  readonly doc: string
  readonly write: (value: Value) => SqlValue
  readonly read: (stored: SqlValue) => Value
}

/** Any column: what is common to all, whatever its values are. */
export type AnyColumn = Omit<Column<unknown>, 'write'> & { readonly write: (value: never) => SqlValue }

type Kind<Value> = Pick<Column<Value>, 'sql' | 'graphql' | 'members' | 'write' | 'read'>

const column = <Value>(kind: Kind<Value>, doc: string): Column<Value> => ({ ...kind, nullable: false, filter: false, doc })

/** The column may be empty. */
export const nullable = <Value>(of: Column<Value>): Column<Value | null> => ({
  ...of,
  nullable: true,
  write: (value) => (value === null ? null : of.write(value)),
  read: (stored) => (stored === null ? null : of.read(stored)),
})
/** Lists can be filtered by the column; it gets an index. */
export const filtered = <Value>(of: Column<Value>): Column<Value> => ({ ...of, filter: true })

/** A whole number up to 2^53 - 1: counts, times in seconds, parameter values in their own unit. */
export const whole = (doc: string): Column<number> =>
  column({ sql: 'INTEGER', graphql: 'Whole', write: (value) => value, read: (stored) => stored as number }, doc)

/** A uint256. Decimal text in the store and in answers. */
export const bigInteger = (doc: string): Column<bigint> =>
  column({ sql: 'TEXT', graphql: 'BigInt', write: String, read: (stored) => BigInt(stored as string) }, doc)

export const text = (doc: string): Column<string> =>
  column({ sql: 'TEXT', graphql: 'String', write: (value) => value, read: (stored) => stored as string }, doc)

/** Bytes as 0x-prefixed hex. */
export const hex = (doc: string): Column<Hex> =>
  column({ sql: 'TEXT', graphql: 'Bytes', write: (value) => value, read: (stored) => stored as Hex }, doc)

/** An account, checksummed in the store, CAIP-10 in answers and filters. */
export const account = (doc: string): Column<Address> =>
  column({ sql: 'TEXT', graphql: 'Account', write: (value) => value, read: (stored) => stored as Address }, doc)

export const flag = (doc: string): Column<boolean> =>
  column({ sql: 'INTEGER', graphql: 'Boolean', write: Number, read: (stored) => stored === 1 }, doc)

/** One of a closed list, by name. */
export const oneOf = <Name extends string>(graphql: string, members: readonly Name[], doc: string): Column<Name> =>
  column({ sql: 'TEXT', graphql, members, write: (value) => value, read: (stored) => stored as Name }, doc)

/** A record or list, kept as JSON and never searched. */
export const json = <Value>(graphql: string, doc: string): Column<Value> =>
  column({ sql: 'TEXT', graphql, write: JSON.stringify, read: (stored) => JSON.parse(stored as string) as Value }, doc)
