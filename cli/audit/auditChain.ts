import { type FindingKind, type HistoryFinding, verifyChain } from '../../chain/audit/index.ts'
import { isoTime } from '../kit/time.ts'
import { type AuditCheck, type AuditFault, auditChecks, fault } from './AuditFault.ts'
import type { ChainLog } from './ChainLog.ts'
import { checkRound } from './checkRound.ts'
import { checkWrite } from './checkWrite.ts'
import { decodeHistory, type HistoryLink } from './decodeHistory.ts'
import { type FoldedHistory, foldHistory, parameterKey, type ValueWrite } from './foldHistory.ts'

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
    ...[...verifyChain(links, log.head), ...folded.findings].map((found) => toFault(found, links)),
    ...checkEntries(log, folded),
    ...checkValues(log, folded),
    ...checkLimits(log, folded),
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

const checkOf: Readonly<Record<FindingKind, AuditCheck>> = {
  gap: 'complete',
  duplicate: 'complete',
  countMismatch: 'complete',
  headMismatch: 'chained',
  previousMismatch: 'values',
  valueMismatch: 'values',
  inactiveScope: 'values',
  ruleMismatch: 'values',
  lengthMismatch: 'entries',
  entryMismatch: 'entries',
  noRule: 'ranges',
  outsideRule: 'ranges',
  ruleExcludesValue: 'ranges',
}

/** A finding of the chain's own audit at its link. */
function toFault({ kind, index, expected, got, sentence }: HistoryFinding, links: readonly HistoryLink[]): AuditFault {
  const place = sentence.replace(/ \(expected .*/s, '')
  return fault(
    checkOf[kind],
    place,
    expected,
    got,
    links.find((link) => link.index === index),
  )
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

/** The live value of every parameter is the last one written. */
function checkValues({ values }: ChainLog, { writes }: FoldedHistory): AuditFault[] {
  const last = new Map(writes.map((write) => [parameterKey(write.scope, write.id), write]))
  const live = values.flatMap(({ scope, id, value }) => {
    const write = last.get(parameterKey(scope, id))
    if (write?.value === value) return []
    return [fault('values', `live value of ${parameterKey(scope, id)}`, String(write?.value ?? 'none'), String(value), write?.link)]
  })
  const unread = [...last.keys()].filter((key) => !values.some(({ scope, id }) => parameterKey(scope, id) === key))
  return [...live, ...unread.map((key) => fault('values', `live value of ${key}`, 'a value', 'none', undefined))]
}

/** Every write against its rule, with the entries the store held at that time. */
function checkLimits({ entries, specs }: ChainLog, { writes }: FoldedHistory): AuditFault[] {
  const seen = new Map<string, number>()
  return writes.flatMap((write) => {
    const key = parameterKey(write.scope, write.id)
    const own = entries.filter(({ scope, id }) => parameterKey(scope, id) === key).sort((a, b) => a.index - b.index)
    const written = writes.filter(({ scope, id }) => parameterKey(scope, id) === key).length
    const nth = seen.get(key) ?? 0
    seen.set(key, nth + 1)
    // After an import the store holds copied entries before its own.
    const upTo = own.slice(0, nth + 1 + Math.max(0, own.length - written)).map(({ entry }) => entry)
    return checkWrite(
      write,
      specs.find(({ id }) => id === write.id),
      upTo,
    )
  })
}
