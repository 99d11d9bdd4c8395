import { type AuditFault, fault, placeOf } from './auditChain.ts'
import type { ValueWrite } from './foldHistory.ts'

const day = 86_400

/**
 * One write against the rule in force at its time: the range for every writer; step, cooldown and budget for the controller.
 *
 * @param earlier - All writes before it, in order.
 */
export function checkWrite(write: ValueWrite, earlier: readonly ValueWrite[]): AuditFault[] {
  const { rule, value, scope, id, link } = write
  const place = placeOf(scope, id, link)
  if (rule === null) return [fault('ranges', place, 'a rule in force', 'none', link)]
  if (value < rule.floor || value > rule.ceiling) return [fault('ranges', place, `${rule.floor} to ${rule.ceiling}`, String(value), link)]
  if (write.writer !== 'controller') return []
  const own = earlier.filter((other) => other.scope === scope && other.id === id)
  return write.reason === 'loosening' ? checkLoosening(write, own, place) : checkTightening(write, own, place)
}

/** Step and gross budget of a tightening. The budget is a share of the value at the start of the 24 hours. */
function checkTightening(write: ValueWrite, own: readonly ValueWrite[], place: string): AuditFault[] {
  const { rule, value, previous, link } = write
  if (rule === null) return []
  const step = Math.abs(value - previous)
  const allowed = Math.max(Math.floor((previous * rule.tightenStepBps) / 10_000), rule.tightenStepFloor)
  const start = link.time - day
  const base = own.findLast((other) => other.link.time <= start)?.value ?? own[0]?.value ?? previous
  const inWindow = [...own, write].filter(
    (other) => other.link.time > start && isTightening(other) && ['controller', 'deadman'].includes(other.writer),
  )
  const used = inWindow.reduce((sum, other) => sum + Math.abs(other.value - other.previous), 0)
  const budget = Math.floor((base * rule.tightenBudgetBps) / 10_000)
  return [
    ...(step > allowed ? [fault('limits', `tighten step of ${place}`, `at most ${allowed}`, String(step), link)] : []),
    ...(used > budget ? [fault('limits', `tighten budget of ${place}`, `at most ${budget} in 24 h`, String(used), link)] : []),
  ]
}

/** Step and gross budget of a loosening, in ten-thousandths of the value it left. */
function checkLoosening(write: ValueWrite, own: readonly ValueWrite[], place: string): AuditFault[] {
  const { rule, value, previous, link } = write
  if (rule === null) return []
  const step = Math.abs(value - previous)
  const allowed = Math.max(Math.floor((previous * rule.loosenStepBps) / 10_000), 1)
  const start = link.time - rule.loosenWindow * 3_600
  const inWindow = [...own, write].filter((other) => other.link.time > start && other.reason === 'loosening')
  const used = inWindow.reduce((sum, other) => sum + Math.ceil((10_000 * Math.abs(other.value - other.previous)) / other.previous), 0)
  return [
    ...(step > allowed ? [fault('limits', `loosen step of ${place}`, `at most ${allowed}`, String(step), link)] : []),
    ...(used > rule.loosenBudgetBps
      ? [fault('limits', `loosen budget of ${place}`, `at most ${rule.loosenBudgetBps} bps in ${rule.loosenWindow} h`, `${used} bps`, link)]
      : []),
  ]
}

/** A write of a round is a tightening: loosenings of the controller have a reason of their own. */
function isTightening({ writer, reason }: ValueWrite): boolean {
  return (writer === 'controller' && reason === 'round') || writer === 'deadman'
}
