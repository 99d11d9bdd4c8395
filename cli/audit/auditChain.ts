import { type FindingKind, type HistoryFinding, verifyChain } from '../../chain/audit/index.ts'
import { isTighter } from '../../risk/rules/index.ts'
import type { ParameterEntry } from '../../risk/types/index.ts'
import { isoTime } from '../kit/time.ts'
import { type AuditCheck, type AuditFault, auditChecks, fault } from './AuditFault.ts'
import type { ChainLog } from './ChainLog.ts'
import { checkRound, signedDigests, submittedRound } from './checkRound.ts'
import { checkWrite } from './checkWrite.ts'
import { decodeHistory, type HistoryLink } from './decodeHistory.ts'
import { type AcceptedRound, type FoldedHistory, foldHistory, parameterKey, type ValueWrite } from './foldHistory.ts'
import { recoverSigners } from './recoverSigners.ts'

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
export async function auditChain(log: ChainLog, signal?: AbortSignal): Promise<ChainAudit> {
  const links = decodeHistory(log.logs)
  const folded = foldHistory(links)
  const atIndex = new Map(links.map((link) => [link.index, link]))
  const parameters = byParameter(log, folded)
  const faults: AuditFault[] = [
    ...[...verifyChain(links, log.head), ...folded.findings].map((found) => toFault(found, atIndex)),
    ...parameters.flatMap(checkEntries),
    ...checkValues(log, folded),
    ...parameters.flatMap((parameter) => checkLimits(parameter, log)),
  ]
  const transactions = new Map(log.transactions.map((transaction) => [transaction.hash, transaction]))
  const submittedRounds = folded.rounds.map(({ link }) => submittedRound(log, transactions.get(link.transaction)))
  const signers = await recoverSigners(
    submittedRounds.flatMap((submitted) => (submitted === undefined ? [] : signedDigests(submitted))),
    signal,
  )
  const linksOf = Map.groupBy(links, ({ transaction }) => transaction)
  const previous = new Map<string, AcceptedRound>()
  let signatures = 0
  let asked = 0
  for (const [i, round] of folded.rounds.entries()) {
    const submitted = submittedRounds[i]
    const count = submitted?.signatures.length ?? 0
    const result = checkRound(log, round, {
      previous: previous.get(laneOf(round)),
      submitted,
      links: linksOf.get(round.link.transaction) ?? [],
      signers: signers.slice(asked, asked + count),
    })
    asked += count
    previous.set(laneOf(round), round)
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

/** Rounds are numbered by scope, from one in each mandate. */
function laneOf({ link, scope }: AcceptedRound): string {
  return `${link.emitter} ${scope}`
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
function toFault({ kind, index, expected, got, sentence }: HistoryFinding, links: ReadonlyMap<number, HistoryLink>): AuditFault {
  const place = sentence.replace(/ \(expected .*/s, '')
  return fault(checkOf[kind], place, expected, got, index === null ? undefined : links.get(index))
}

/** What the store holds of one parameter, and what its history says. Both in order. */
type AuditedParameter = {
  readonly key: string
  readonly id: ValueWrite['id']
  readonly stored: readonly { readonly index: number; readonly entry: ParameterEntry }[]
  readonly written: readonly ValueWrite[]
}

function byParameter({ entries }: ChainLog, { writes }: FoldedHistory): AuditedParameter[] {
  const keyOf = ({ scope, id }: Pick<ValueWrite, 'scope' | 'id'>): string => parameterKey(scope, id)
  const stored = Map.groupBy(entries, keyOf)
  const written = Map.groupBy(writes, keyOf)
  const ids = new Map([...entries, ...writes].map((each) => [keyOf(each), each.id]))
  return [...ids].map(([key, id]) => ({
    key,
    id,
    stored: (stored.get(key) ?? []).toSorted((a, b) => a.index - b.index),
    written: written.get(key) ?? [],
  }))
}

/** Every entry the store returns is a write of the history, and every write is an entry. */
function checkEntries({ key, stored, written }: AuditedParameter): AuditFault[] {
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
function checkLimits({ id, stored, written }: AuditedParameter, { specs }: ChainLog): AuditFault[] {
  const spec = specs.find((each) => each.id === id)
  const entries = stored.map(({ entry }) => entry)
  // After an import the store holds copied entries before its own.
  const copied = Math.max(0, entries.length - written.length)
  let tightenedAt = 0
  let seen = 0
  return written.flatMap((write, i) => {
    const own = copied + i
    // The last tightening before this write: entries are looked at once, however long the history is.
    for (; seen < own; seen++)
      if (seen === 0 || (spec !== undefined && tightens(spec, entries, seen))) tightenedAt = entries[seen]?.time ?? 0
    return checkWrite(write, spec, recentEntries(write, entries, own), tightenedAt)
  })
}

function tightens({ direction }: ChainLog['specs'][number], entries: readonly ParameterEntry[], i: number): boolean {
  const [before, after] = [entries[i - 1], entries[i]]
  return before !== undefined && after !== undefined && isTighter(direction, after.value, before.value)
}

/** The entries that a write's budgets look at, up to and including its own: those inside the longer window, and one before. */
function recentEntries({ rule, link }: ValueWrite, entries: readonly ParameterEntry[], own: number): readonly ParameterEntry[] {
  const window = Math.max(24, rule?.loosenWindow ?? 0) * 3_600
  let first = Math.min(own, entries.length) - 1
  while (first > 0 && (entries[first]?.time ?? 0) > link.time - window) first--
  return entries.slice(Math.max(0, first), own + 1)
}
