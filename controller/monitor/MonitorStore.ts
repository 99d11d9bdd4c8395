import type { Hash } from '../../risk/types/index.ts'

/** Where a monitor has read to. */
export type Cursor = { readonly block: bigint; readonly hash: Hash }

/** An account as its events left it. Cash in units of the group's cash token. */
export type MonitoredAccount = {
  readonly account: bigint
  readonly group: Hash
  readonly principal: bigint
  readonly profit: bigint
  readonly debt: bigint
  /** Instrument to lots; negative is short. */
  readonly positions: ReadonlyMap<bigint, bigint>
  /** Place in the group's list to token units. */
  readonly collateral: ReadonlyMap<bigint, bigint>
  /** Something happened to it that its own events do not tell before it is touched: a tear-up, a settlement, a loss of the group. */
  readonly outdated: boolean
}

/** An open auction. */
export type MonitoredAuction = {
  readonly account: bigint
  /** Block of the flag. */
  readonly block: bigint
  readonly keeper: bigint
  readonly bankrupt: boolean
  readonly slices: number
}

/** Durable state of a monitor. Everything of a block range is applied with its cursor, or nothing is. */
export type MonitorStore = {
  readonly path: string
  readonly cursor: () => Cursor | undefined
  readonly accounts: () => readonly MonitoredAccount[]
  readonly account: (account: bigint) => MonitoredAccount | undefined
  readonly auctions: () => readonly MonitoredAuction[]
  readonly write: MonitorWrites
  /** Runs the writes and moves the cursor, all or nothing. */
  readonly advance: (to: Cursor, writes: () => void) => void
  /** Forgets everything: the chain took back what was read. */
  readonly clear: () => void
  readonly close: () => void
}

/** What events do to the state. */
export type MonitorWrites = {
  readonly open: (account: bigint, group: Hash) => void
  readonly cash: (account: bigint, principal: bigint, profit: bigint, debt: bigint) => void
  readonly position: (account: bigint, instrument: bigint, lots: bigint) => void
  readonly collateral: (account: bigint, asset: bigint, amount: bigint) => void
  /** Holders of one side of an instrument. */
  readonly outdateHolders: (instrument: bigint, side: 'long' | 'short') => void
  /** Holders of an instrument that expired are outdated for as long as they hold it. */
  readonly strike: (instrument: bigint) => void
  readonly outdateGroupOf: (account: bigint) => void
  readonly flag: (account: bigint, block: bigint, keeper: bigint) => void
  readonly bankrupt: (account: bigint) => void
  readonly sold: (account: bigint) => void
  readonly ended: (account: bigint) => void
}
