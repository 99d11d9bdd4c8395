import type { Hash, ParamId, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { isoTime } from '../kit/time.ts'
import type { HistoryLink } from './decodeHistory.ts'

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

/** A fault at a link, or at none. */
export function fault(check: AuditCheck, place: string, expected: string, got: string, link: HistoryLink | undefined): AuditFault {
  return { check, place, expected, got, time: link?.time ?? null, transaction: link?.transaction ?? null }
}

/** Place of a write, for people. */
export function placeOf(scope: ScopeId, id: ParamId, link: HistoryLink): string {
  return `${id} of ${scope} at ${isoTime(link.time)} (link ${link.index})`
}
