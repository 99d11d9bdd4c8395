import { judgeMove, type ParameterRecord, readState } from '../../risk/rules/index.ts'
import type { LiveParameter, ParameterEntry, ParameterSpec, UnixSeconds } from '../../risk/types/index.ts'
import { type AuditFault, fault, placeOf } from './AuditFault.ts'
import type { ValueWrite } from './foldHistory.ts'

/**
 * One write against the rule in force at its time: step, cooldown, budget and class for those whom they bind, judged again by the twin of the
 * contract's judge. A value without a rule or outside it is found elsewhere.
 *
 * @param spec - Catalogue entry as the store holds it.
 * @param entries - History of the parameter as the store holds it, up to and including this write; it may begin where the rule's windows do.
 * @param lastTightenAt - Time of the last tightening before the write.
 */
export function checkWrite(
  write: ValueWrite,
  spec: Omit<ParameterSpec, 'unit' | 'description'> | undefined,
  entries: readonly ParameterEntry[],
  lastTightenAt: UnixSeconds,
): AuditFault[] {
  const { rule, value, scope, id, link } = write
  if (rule === null) return []
  const place = placeOf(scope, id, link)
  const before = entries.slice(0, -1)
  const [last] = before.slice(-1)
  if (['governance', 'undo'].includes(write.writer) || last === undefined) return []
  if (spec === undefined) return [fault('limits', place, 'a parameter of the catalogue', 'unknown to the store', link)]
  const live = liveBefore(write, spec, before, lastTightenAt)
  const { code, limit } = judgeMove(withTexts(spec), live, value, standardOf(write, entries), link.time)
  return code === 'none'
    ? []
    : [fault('limits', place, `allowed by its rule (${code}, limit ${limit})`, `${write.previous} to ${value}`, link)]
}

/** The parameter as it was just before the write. */
function liveBefore(
  { rule, id, link, scope }: ValueWrite,
  spec: Omit<ParameterSpec, 'unit' | 'description'>,
  before: readonly ParameterEntry[],
  lastTightenAt: UnixSeconds,
): LiveParameter {
  const last = before.at(-1)
  if (rule === null || last === undefined) throw new RangeError(`${id} of ${scope} has no entry before link ${link.index}`)
  const record: ParameterRecord = {
    rule,
    value: last.value,
    ramp: { origin: last.value, since: last.time },
    lastTightenAt,
    history: before,
    pending: null,
    vetoedUntil: 0,
    pendingRule: null,
    undoneAt: 0,
  }
  return { id, rule, state: readState(withTexts(spec), record, link.time), pending: null }
}

/** Whose limits apply: a loosening of the controller executes a pending one; a co-signed tightening is charged to the steward. */
function standardOf({ writer, reason }: ValueWrite, entries: readonly ParameterEntry[]): Parameters<typeof judgeMove>[3] {
  const [previous, own] = entries.slice(-2)
  const steward = (own?.cumulativeStewardTighten ?? 0) !== (previous?.cumulativeStewardTighten ?? 0)
  return { writer, steward, executes: reason === 'loosening', mayTighten: true, mayLoosen: true }
}

/** The judge takes whole catalogue entries; texts for people do not reach the chain and do not matter to it. */
function withTexts(spec: Omit<ParameterSpec, 'unit' | 'description'>): ParameterSpec {
  return { ...spec, unit: 'bps', description: '' }
}
