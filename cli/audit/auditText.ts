import type { Colours } from '../kit/colours.ts'
import type { Document } from '../kit/json.ts'
import { formatTable } from '../kit/table.ts'
import { bothTimes, shortTime } from '../kit/time.ts'
import type { AuditCheck, AuditFault } from './AuditFault.ts'
import type { ChainAudit } from './auditChain.ts'

const meanings: Readonly<Record<AuditCheck, string>> = {
  complete: 'no link of the history is missing',
  chained: 'the links hash to the head that the store holds',
  entries: 'every stored entry is a write of the history, and the reverse',
  values: 'each write starts where the last one ended; live values are the last ones',
  ranges: 'every value lies inside the rule in force at its time',
  limits: 'every controller write keeps step and budget',
  rounds: 'every round is what its calldata says, numbered without gaps',
  signatures: 'every round has k valid signatures of its epoch',
}

const counted: Readonly<Record<AuditCheck, string>> = {
  complete: 'links',
  chained: 'links',
  entries: 'entries',
  values: 'values',
  ranges: 'writes',
  limits: 'writes',
  rounds: 'rounds',
  signatures: 'signatures',
}

/** The result of `audit verify` for people: a line per check, then every fault. */
export function auditText(audit: ChainAudit, origin: string, colours: Colours): string {
  const rows = audit.checks.map(({ check, ok, count }) => [
    ok ? colours.good('✓') : colours.bad('✗'),
    check,
    meanings[check],
    `${count} ${counted[check]}`,
  ])
  const verdict = audit.ok
    ? colours.good('✓ verified')
    : colours.bad(`✗ ${audit.faults.length} ${audit.faults.length === 1 ? 'fault' : 'faults'}`)
  return [
    `${colours.strong('Audit of the chain')} (${origin})`,
    formatTable([{ title: '' }, { title: 'check' }, { title: 'means' }, { title: 'seen', align: 'right' }], rows, colours.dim),
    ...audit.faults.flatMap((fault) => faultLines(fault, colours)),
    verdict,
  ].join('\n')
}

function faultLines({ check, place, expected, got, time, transaction }: AuditFault, colours: Colours): string[] {
  const where = [time === null ? '' : `${shortTime(time)} UTC`, transaction ?? ''].filter((text) => text !== '').join(', ')
  return [
    '',
    `${colours.bad('✗')} ${check}: ${place}${where === '' ? '' : ` (${where})`}`,
    `  ${colours.bad('expected')} ${expected}`,
    `  ${colours.bad('got     ')} ${got}`,
  ]
}

/** The JSON form of `audit verify`. */
export function auditDocument(audit: ChainAudit, origin: string): Document {
  const { faults, checks, ok, ...counts } = audit
  return {
    schema: 'ballast.audit',
    version: 1,
    origin,
    ok,
    ...counts,
    checks: checks.map((check) => ({ ...check, means: meanings[check.check] })),
    faults: faults.map((fault) => ({ ...fault, time: fault.time === null ? null : bothTimes(fault.time) })),
  }
}
