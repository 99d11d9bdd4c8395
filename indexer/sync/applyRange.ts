import { decodeEventLog, type Hex } from 'viem'
import { computeHead } from '../../chain/audit/index.ts'
import { MissingDataError } from '../../chain/errors/index.ts'
import { type ChainLink, chainedTopics, decodeLink, type RawLog } from '../../chain/read/index.ts'
import type { Deployment, UnixSeconds } from '../../risk/types/index.ts'
import { type IndexedEvent, settle } from '../handlers/index.ts'
import type { IndexFile } from '../store/openIndex.ts'
import type { HistoryHead, Progress } from '../store/progress.ts'
import type { Rows } from '../store/rows.ts'
import { emittersOf, handlersByTopic } from './emitters.ts'
import type { FetchedRange } from './fetchRange.ts'

/** The open index: file, rows and progress. */
export type Index = { readonly file: IndexFile; readonly rows: Rows; readonly progress: Progress; readonly deployment: Deployment }

/** Logs per block in a position; no block comes near. */
export const POSITIONS_PER_BLOCK = 2 ** 20

type Decoded = { readonly log: RawLog; readonly link: ChainLink | null }
/** The logs of one block, in order, and the hash chain behind it. */
export type DecodedBlock = { readonly number: number; readonly logs: readonly Decoded[]; readonly history: HistoryHead }

/**
 * The logs of a range by block, with the hash chain followed through them.
 *
 * @throws {MissingDataError} A link between two others, or between the index and the range, was not delivered.
 */
export function decodeRange(before: HistoryHead, range: FetchedRange, deployment: Deployment): DecodedBlock[] {
  const emitters = emittersOf(deployment, range.modules)
  const isLink = ({ address, topics: [topic = '0x'] }: RawLog): boolean =>
    chainedTopics.includes(topic) && ['store', 'module'].includes(emitters.get(address.toLowerCase()) ?? '')
  let history = before
  return groupByBlock(range.logs).map(([number, logs]) => {
    const decoded = logs.map((log) => ({ log, link: isLink(log) ? decodeLink(log) : null }))
    const links = decoded.flatMap(({ link }) => (link === null ? [] : [link]))
    links.forEach(({ index }, i) => {
      const expected = history.links + i
      if (index !== expected)
        throw new MissingDataError({ what: `link ${expected} of the history`, detail: `in block ${number} it gave link ${index}` })
    })
    history = { links: history.links + links.length, head: computeHead(links, history.head) }
    return { number, logs: decoded, history }
  })
}

/** Writes a range into the index: all of it, or, when anything fails, nothing. */
export function applyRange({ file, rows, progress, deployment }: Index, range: FetchedRange, blocks: readonly DecodedBlock[]): void {
  const emitters = emittersOf(deployment, range.modules)
  const context = { rows, deployment }
  file.atomically(() => {
    for (const { number, logs, history } of blocks) {
      const { hash, time } = range.headers.get(number) ?? range.end
      progress.write(number, () => {
        for (const { log, link } of logs) {
          const handler = handlersByTopic.get(`${emitters.get(log.address.toLowerCase())} ${log.topics[0]}`)
          if (handler === undefined) continue
          const args = link?.args ?? decodeEventLog({ abi: [handler.event], data: log.data, topics: log.topics as [Hex, ...Hex[]] }).args
          handler.handle(args as never, eventOf(log, link, time), context)
        }
        progress.saveHistory(history)
      })
      progress.saveBlock({ number, hash, time, events: logs.length, links: history.links })
    }
    const { number, hash, time } = range.end
    progress.write(number, () => settle(rows, time, new Map()))
    progress.saveBlock({ number, hash, time, events: 0, links: progress.history().links })
  })
}

/** Takes back everything after a block, or everything, and brings what depends on time back to that block. */
export function rollBack({ file, rows, progress }: Index, to: number | null): void {
  file.atomically(() => {
    progress.rollBackTo(to)
    const last = progress.last()
    if (last !== undefined) progress.write(last.number, () => settle(rows, last.time, new Map()))
  })
}

function groupByBlock(logs: readonly RawLog[]): [number, RawLog[]][] {
  const groups = new Map<number, RawLog[]>()
  for (const log of logs) {
    const number = Number(log.blockNumber)
    const group = groups.get(number)
    if (group === undefined) groups.set(number, [log])
    else group.push(log)
  }
  return [...groups]
}

function eventOf(log: RawLog, link: ChainLink | null, time: UnixSeconds): IndexedEvent {
  const block = Number(log.blockNumber)
  const position = block * POSITIONS_PER_BLOCK + log.logIndex
  return { position, block, time, transaction: log.transactionHash, emitter: log.address, link: link?.index ?? -1 }
}
