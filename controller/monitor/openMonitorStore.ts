import type { Hash } from '../../risk/types/index.ts'
import { StoreCorruptError, StoreVersionError } from '../errors/StoreErrors.ts'
import { type DatabaseSync, loadSqlite } from '../store/loadSqlite.ts'
import { storeError } from '../store/storeError.ts'
import type { MonitoredAccount, MonitoredAuction, MonitorStore } from './MonitorStore.ts'

/** Amounts are decimal text: SQLite's integers end at 2^63. */
const SCHEMA = `
  CREATE TABLE cursor (one INTEGER PRIMARY KEY CHECK (one = 1), block TEXT NOT NULL, hash TEXT NOT NULL);
  CREATE TABLE account (
    id TEXT PRIMARY KEY,
    margin_group TEXT NOT NULL,
    principal TEXT NOT NULL,
    profit TEXT NOT NULL,
    debt TEXT NOT NULL,
    outdated INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE position (
    account TEXT NOT NULL REFERENCES account (id),
    instrument TEXT NOT NULL,
    lots TEXT NOT NULL,
    PRIMARY KEY (account, instrument)
  ) WITHOUT ROWID;
  CREATE INDEX position_by_instrument ON position (instrument);
  CREATE TABLE struck (instrument TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE collateral (
    account TEXT NOT NULL REFERENCES account (id),
    asset TEXT NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (account, asset)
  ) WITHOUT ROWID;
  CREATE TABLE auction (
    account TEXT PRIMARY KEY REFERENCES account (id),
    block TEXT NOT NULL,
    keeper TEXT NOT NULL,
    bankrupt INTEGER NOT NULL,
    slices INTEGER NOT NULL
  ) WITHOUT ROWID;
`
const VERSION = 1

type Row = Readonly<Record<string, string | number>>

/**
 * Opens the durable state of a monitor: one SQLite file in WAL mode with full synchronisation. It holds nothing that the chain does not: deleting the file costs
 * only the time to read the events again.
 *
 * @param path - The file; `:memory:` for a state that ends with the process.
 * @throws {StoreLockedError} Another process writes it. {StoreCorruptError} It is no such store. {StoreVersionError} It is newer than this program.
 */
export function openMonitorStore(path: string): MonitorStore {
  const guard = <Result>(act: () => Result): Result => {
    try {
      return act()
    } catch (cause) {
      throw storeError(path, cause)
    }
  }
  const database = guard(() => open(path))
  const sql = {
    cursor: database.prepare('SELECT block, hash FROM cursor'),
    move: database.prepare('INSERT OR REPLACE INTO cursor (one, block, hash) VALUES (1, ?, ?)'),
    accounts: database.prepare('SELECT * FROM account ORDER BY id'),
    account: database.prepare('SELECT * FROM account WHERE id = ?'),
    positions: database.prepare('SELECT instrument, lots FROM position WHERE account = ?'),
    collateral: database.prepare('SELECT asset, amount FROM collateral WHERE account = ?'),
    auctions: database.prepare('SELECT * FROM auction ORDER BY account'),
    open: database.prepare(
      "INSERT OR IGNORE INTO account (id, margin_group, principal, profit, debt, outdated) VALUES (?, ?, '0', '0', '0', 0)",
    ),
    cash: database.prepare('UPDATE account SET principal = ?, profit = ?, debt = ?, outdated = 0 WHERE id = ?'),
    position: database.prepare('INSERT OR REPLACE INTO position (account, instrument, lots) VALUES (?, ?, ?)'),
    noPosition: database.prepare('DELETE FROM position WHERE account = ? AND instrument = ?'),
    putCollateral: database.prepare('INSERT OR REPLACE INTO collateral (account, asset, amount) VALUES (?, ?, ?)'),
    noCollateral: database.prepare('DELETE FROM collateral WHERE account = ? AND asset = ?'),
    outdateSide: database.prepare(
      "UPDATE account SET outdated = 1 WHERE id IN (SELECT account FROM position WHERE instrument = ? AND (lots LIKE '-%') = ?)",
    ),
    outdateGroup: database.prepare(
      'UPDATE account SET outdated = 1 WHERE margin_group = (SELECT margin_group FROM account WHERE id = ?) AND (principal <> ? OR profit <> ?)',
    ),
    strike: database.prepare('INSERT OR IGNORE INTO struck (instrument) VALUES (?)'),
    holdsStruck: database.prepare('SELECT 1 FROM position JOIN struck USING (instrument) WHERE account = ? LIMIT 1'),
    flag: database.prepare('INSERT OR REPLACE INTO auction (account, block, keeper, bankrupt, slices) VALUES (?, ?, ?, 0, 0)'),
    bankrupt: database.prepare('UPDATE auction SET bankrupt = 1 WHERE account = ?'),
    sold: database.prepare('UPDATE auction SET slices = slices + 1 WHERE account = ?'),
    ended: database.prepare('DELETE FROM auction WHERE account = ?'),
  }
  const run = (statement: (typeof sql)[keyof typeof sql], ...values: (string | number)[]): void => {
    guard(() => statement.run(...values))
  }
  const atomically = (work: () => void): void => {
    guard(() => database.exec('BEGIN IMMEDIATE'))
    try {
      work()
      guard(() => database.exec('COMMIT'))
    } catch (cause) {
      rollBack(database)
      throw cause
    }
  }
  const toAccount = (row: Row): MonitoredAccount => {
    const id = String(row['id'])
    const pairs = (rows: unknown, key: string, value: string): ReadonlyMap<bigint, bigint> =>
      new Map((rows as Row[]).map((each) => [BigInt(each[key] as string), BigInt(each[value] as string)]))
    return {
      account: BigInt(id),
      group: row['margin_group'] as Hash,
      principal: BigInt(row['principal'] as string),
      profit: BigInt(row['profit'] as string),
      debt: BigInt(row['debt'] as string),
      positions: pairs(sql.positions.all(id), 'instrument', 'lots'),
      collateral: pairs(sql.collateral.all(id), 'asset', 'amount'),
      outdated: row['outdated'] === 1 || sql.holdsStruck.get(id) !== undefined,
    }
  }
  return {
    path,
    cursor: () => {
      const row = guard(() => sql.cursor.get()) as Row | undefined
      return row && { block: BigInt(row['block'] as string), hash: row['hash'] as Hash }
    },
    accounts: () => guard(() => (sql.accounts.all() as Row[]).map(toAccount)),
    account: (account) => {
      const row = guard(() => sql.account.get(account.toString())) as Row | undefined
      return row && toAccount(row)
    },
    auctions: () =>
      (guard(() => sql.auctions.all()) as Row[]).map(
        (row): MonitoredAuction => ({
          account: BigInt(row['account'] as string),
          block: BigInt(row['block'] as string),
          keeper: BigInt(row['keeper'] as string),
          bankrupt: row['bankrupt'] === 1,
          slices: Number(row['slices']),
        }),
      ),
    write: {
      open: (account, group) => run(sql.open, account.toString(), group),
      cash: (account, principal, profit, debt) =>
        run(sql.cash, principal.toString(), profit.toString(), debt.toString(), account.toString()),
      position: (account, instrument, lots) =>
        lots === 0n
          ? run(sql.noPosition, account.toString(), instrument.toString())
          : run(sql.position, account.toString(), instrument.toString(), lots.toString()),
      collateral: (account, asset, amount) =>
        amount === 0n
          ? run(sql.noCollateral, account.toString(), asset.toString())
          : run(sql.putCollateral, account.toString(), asset.toString(), amount.toString()),
      outdateHolders: (instrument, side) => run(sql.outdateSide, instrument.toString(), side === 'short' ? 1 : 0),
      strike: (instrument) => run(sql.strike, instrument.toString()),
      outdateGroupOf: (account) => run(sql.outdateGroup, account.toString(), '0', '0'),
      flag: (account, block, keeper) => run(sql.flag, account.toString(), block.toString(), keeper.toString()),
      bankrupt: (account) => run(sql.bankrupt, account.toString()),
      sold: (account) => run(sql.sold, account.toString()),
      ended: (account) => run(sql.ended, account.toString()),
    },
    advance: ({ block, hash }, writes) =>
      atomically(() => {
        writes()
        run(sql.move, block.toString(), hash)
      }),
    clear: () =>
      atomically(() => {
        for (const table of ['auction', 'collateral', 'position', 'struck', 'account', 'cursor'])
          guard(() => database.exec(`DELETE FROM ${table}`))
      }),
    close: () => database.close(),
  }
}

function open(path: string): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite()
  const database = new Database(path)
  try {
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    const check = database.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string }
    if (check.quick_check !== 'ok') throw new StoreCorruptError({ path, detail: check.quick_check })
    const { user_version: found } = database.prepare('PRAGMA user_version').get() as { readonly user_version: number }
    if (found > VERSION) throw new StoreVersionError({ path, found, newest: VERSION })
    if (found === 0) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${VERSION}; COMMIT`)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite already rolled back by itself, as it does when the disk is full.
  }
}
