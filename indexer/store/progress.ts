import type { Hash, Hex, UnixSeconds } from '../../risk/types/index.ts'
import type { IndexFile } from './openIndex.ts'

/** A block of which the index keeps the hash. */
export type IndexedBlock = {
  readonly number: number
  readonly hash: Hash
  readonly time: UnixSeconds
  /** Logs of the protocol in it. */
  readonly events: number
  /** Links of the hash chain up to its end. */
  readonly links: number
}
/** The hash chain as far as it was read. */
export type HistoryHead = { readonly links: number; readonly head: Hex }
export type Counters = { readonly rollbacks: number; readonly deepestRollback: number; readonly rebuilds: number }

/** How far an index has come, and how to take blocks back. */
export type Progress = {
  readonly last: () => IndexedBlock | undefined
  /** Blocks of which the hash is kept: all with events, and the newest without. Ascending. */
  readonly numbers: () => number[]
  readonly blockAt: (number: number) => IndexedBlock | undefined
  readonly history: () => HistoryHead
  readonly counters: () => Counters
  /** Does `work` as of a block, so that it can be taken back with it. Inside a transaction of the caller's. */
  readonly write: (block: number, work: () => void) => void
  readonly saveBlock: (block: IndexedBlock) => void
  readonly saveHistory: (history: HistoryHead) => void
  /** Takes back everything after `number`; everything at all when it is null, which counts as a rebuild. Inside a transaction of the caller's. */
  readonly rollBackTo: (number: number | null) => void
}

/** Blocks without events that are kept, so that a short reorganisation is found where it begins. */
const RECENT_BLOCKS = 1_024
const EMPTY_HEAD: Hex = `0x${'0'.repeat(56)}`

export function openProgress({ database, prepare }: IndexFile): Progress {
  const last = (): IndexedBlock | undefined =>
    prepare('SELECT number, hash, time, events, links FROM block ORDER BY number DESC LIMIT 1').get() as IndexedBlock | undefined
  const history = (): HistoryHead =>
    (prepare('SELECT links, head FROM history_head').get() as HistoryHead | undefined) ?? { links: 0, head: EMPTY_HEAD }
  return {
    last,
    history,
    numbers: () => (prepare('SELECT number FROM block ORDER BY number').all() as { readonly number: number }[]).map(({ number }) => number),
    blockAt: (number) =>
      prepare('SELECT number, hash, time, events, links FROM block WHERE number = ?').get(number) as IndexedBlock | undefined,
    counters: () => prepare('SELECT rollbacks, deepest_rollback AS deepestRollback, rebuilds FROM progress').get() as unknown as Counters,
    write(block, work) {
      prepare('UPDATE writing SET block = ?').run(block)
      work()
      prepare('UPDATE writing SET block = NULL').run()
    },
    saveBlock({ number, hash, time, events, links }) {
      prepare('INSERT INTO block VALUES (?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET events = events + excluded.events').run(
        number,
        hash,
        time,
        events,
        links,
      )
      prepare('DELETE FROM block WHERE number < ? AND events = 0').run(number - RECENT_BLOCKS)
    },
    saveHistory({ links, head }) {
      const stored = prepare('UPDATE history_head SET links = ?, head = ?').run(links, head)
      if (stored.changes === 0) prepare('INSERT INTO history_head VALUES (1, ?, ?)').run(links, head)
    },
    rollBackTo(number) {
      const from = last()?.number
      if (from === undefined) return
      const keep = number ?? -1
      const steps = prepare('SELECT statement FROM undo WHERE block > ? ORDER BY sequence DESC').all(keep) as {
        readonly statement: string
      }[]
      for (const { statement } of steps) database.exec(statement)
      prepare('DELETE FROM undo WHERE block > ?').run(keep)
      prepare('DELETE FROM block WHERE number > ?').run(keep)
      prepare('UPDATE progress SET rollbacks = rollbacks + 1, deepest_rollback = max(deepest_rollback, ?), rebuilds = rebuilds + ?').run(
        number === null ? 0 : from - number,
        number === null ? 1 : 0,
      )
    },
  }
}
