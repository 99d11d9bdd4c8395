import type { Hash, ParamId, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { isoTime } from '../kit/time.ts'
import type { ChainLog } from './ChainLog.ts'
import { checkRound } from './checkRound.ts'
import { checkWrite } from './checkWrite.ts'
import { decodeHistory, emptyHead, type HistoryLink, nextHead } from './decodeHistory.ts'
import { type FoldedHistory, foldHistory, parameterKey, type ValueWrite } from './foldHistory.ts'

/** What is checked, in this order. */
export const auditChecks = ['complete', 'chained', 'entries', 'values', 'ranges', 'limits', 'rounds', 'signatures'] as const
export type AuditCheck = (typeof auditChecks)[number]

/** Something that does not agree. */
export type AuditFault = {
  readonly check: AuditCheck
  /** Where: link, parameter and time, for people. */
  readonly place: string
  readonly expected: string
  readonly got: string
  readonly time: UnixSeconds | null
  readonly transaction: Hash | null
}

export type ChainAudit = {
  readonly ok: boolean
  readonly chainId: number
  readonly block: number
  readonly links: number
  readonly writes: number
  readonly rounds: number
  readonly signatures: number
  readonly checks: readonly { readonly check: AuditCheck; readonly ok: boolean; readonly count: number }[]
  readonly faults: readonly AuditFault[]
}

/** Recomputes everything the chain claims about itself, from its logs, its transactions and what the store returns. Believes no engine. */
export async function auditChain(log: ChainLog): Promise<ChainAudit> {
  const links = decodeHistory(log.logs)
  const folded = foldHistory(links)
  const faults: AuditFault[] = [
    ...checkComplete(log, links),
    ...checkChained(log, links),
    ...checkEntries(log, folded),
    ...checkValues(log, folded),
    ...folded.writes.flatMap((write, i) => checkWrite(write, folded.writes.slice(0, i))),
  ]
  let signatures = 0
  for (const [i, round] of folded.rounds.entries()) {
    const previous = folded.rounds.slice(0, i).findLast(({ scope }) => scope === round.scope)
    const result = await checkRound(log, round, previous, links)
    faults.push(...result.faults)
    signatures += result.signatures
  }
  const counts: Readonly<Record<AuditCheck, number>> = {
    complete: links.length,
    chained: links.length,
    entries: log.entries.length,
    values: log.values.length,
    ranges: folded.writes.length,
    limits: folded.writes.length,
    rounds: folded.rounds.length,
    signatures,
  }
  return {
    ok: faults.length === 0,
    chainId: log.chainId,
    block: log.until.block,
    links: links.length,
    writes: folded.writes.length,
    rounds: folded.rounds.length,
    signatures,
    checks: auditChecks.map((check) => ({ check, ok: !faults.some((fault) => fault.check === check), count: counts[check] })),
    faults,
  }
}

/** Links are numbered 0, 1, 2 ... and there are as many as the head counts. */
function checkComplete({ head }: ChainLog, links: readonly HistoryLink[]): AuditFault[] {
  const wrong = links.findIndex((link, i) => link.index !== i)
  const link = links[wrong]
  if (link !== undefined) return [fault('complete', `link ${wrong}`, `index ${wrong}`, `index ${link.index}`, link)]
  if (links.length === head.count) return []
  return [fault('complete', 'number of links', String(head.count), String(links.length), links.at(-1))]
}

/** Folding all links gives the head that the store returns. */
function checkChained({ head }: ChainLog, links: readonly HistoryLink[]): AuditFault[] {
  const recomputed = headOf(links)
  return recomputed === head.hash ? [] : [fault('chained', `head after ${links.length} links`, head.hash, recomputed, links.at(-1))]
}

/** Head after some links, from the empty one. */
export function headOf(links: readonly HistoryLink[]): ChainLog['head']['hash'] {
  return links.reduce(nextHead, emptyHead)
}

/** Every entry the store returns is a write of the history, and every write is an entry. */
function checkEntries({ entries }: ChainLog, { writes }: FoldedHistory): AuditFault[] {
  const keys = [...new Set([...entries, ...writes].map(({ scope, id }) => parameterKey(scope, id)))]
  return keys.flatMap((key) => {
    const stored = entries.filter(({ scope, id }) => parameterKey(scope, id) === key).sort((a, b) => a.index - b.index)
    const written = writes.filter(({ scope, id }) => parameterKey(scope, id) === key)
    // An imported scope brings its entries from the predecessor; the import itself writes one event and no entry.
    const imported = written[0]?.reason === 'import'
    const own = imported ? written.slice(1) : written
    const compared = imported ? stored.slice(stored.length - own.length) : stored
    if (compared.length !== own.length)
      return [fault('entries', `number of entries of ${key}`, String(own.length), String(compared.length), own.at(-1)?.link)]
    return own.flatMap((write, i) => {
      const expected = describeWrite(write)
      const entry = compared[i]?.entry
      const got = entry === undefined ? 'none' : describeEntry(entry)
      return expected === got ? [] : [fault('entries', `entry ${compared[i]?.index} of ${key}`, expected, got, write.link)]
    })
  })
}

function describeWrite({ value, link, round, writer, reason }: ValueWrite): string {
  return `value ${value}, ${isoTime(link.time)}, round ${round}, ${writer}, ${reason}`
}

function describeEntry({ value, time, round, writer, reason }: ChainLog['entries'][number]['entry']): string {
  return `value ${value}, ${isoTime(time)}, round ${round}, ${writer}, ${reason}`
}

/** The live value is the last one written; each write starts from the value before it. */
function checkValues({ values }: ChainLog, { writes }: FoldedHistory): AuditFault[] {
  const last = new Map<string, ValueWrite>()
  const breaks = writes.flatMap((write) => {
    const key = parameterKey(write.scope, write.id)
    const before = last.get(key)
    last.set(key, write)
    if (before === undefined || before.value === write.previous) return []
    return [fault('values', `previous value of ${key}`, String(before.value), String(write.previous), write.link)]
  })
  const live = values.flatMap(({ scope, id, value }) => {
    const write = last.get(parameterKey(scope, id))
    if (write?.value === value) return []
    return [fault('values', `live value of ${parameterKey(scope, id)}`, String(write?.value ?? 'none'), String(value), write?.link)]
  })
  const unread = [...last.keys()].filter((key) => !values.some(({ scope, id }) => parameterKey(scope, id) === key))
  return [...breaks, ...live, ...unread.map((key) => fault('values', `live value of ${key}`, 'a value', 'none', undefined))]
}

/** A fault at a link, or at none. */
export function fault(check: AuditCheck, place: string, expected: string, got: string, link: HistoryLink | undefined): AuditFault {
  return { check, place, expected, got, time: link?.time ?? null, transaction: link?.transaction ?? null }
}

/** Place of a write, for people. */
export function placeOf(scope: ScopeId, id: ParamId, link: HistoryLink): string {
  return `${id} of ${scope} at ${isoTime(link.time)} (link ${link.index})`
}
