import type { ParamId, ScopeId, UnixSeconds } from '../../types/index.ts'
import { judgeTightening } from '../judgeMove.ts'
import { largestTightening } from '../limits.ts'
import { isTighter } from '../moveOf.ts'
import { RuleViolationError } from '../RuleViolationError.ts'
import { requireJoint } from './joint.ts'
import { readParameter } from './read.ts'
import { openParameter, type ParameterStore, withRecord } from './state.ts'
import { windowStart } from './windows.ts'
import { writeValue } from './write.ts'

const classNumbers = { risk: 0, money: 1, feed: 2, governance: 3 } as const

/** Dead-man: one full tighten step toward a tighter baseline, cut there; the controller's cooldown and budget bind. Mirrors `SingleMoves._walk`. */
export function walkParameter(store: ParameterStore, scope: ScopeId, id: ParamId, now: UnixSeconds): ParameterStore {
  const { spec, record } = openParameter(store, scope, id)
  const refuse = (code: string, limit: number): never => {
    throw new RuleViolationError('RiskParameters_Cooldown', [scope, id, code, limit])
  }
  const { rule, value } = record
  if (!isTighter(spec.direction, rule.baseline, value))
    throw new RuleViolationError('RiskParameters_NotTighter', [scope, id, value, rule.baseline])
  if (spec.class !== 'risk') refuse('class', classNumbers[spec.class])
  const move = Math.min(largestTightening(value, rule, 'deadman'), Math.abs(rule.baseline - value))
  if (move === 0) refuse('step', 0)
  const verdict = judgeTightening(readParameter(store, scope, id, now), move, { writer: 'deadman', steward: false }, now)
  if (verdict.code !== 'none') refuse(verdict.code, verdict.limit)
  const write = {
    value: spec.direction === 'up' ? value + move : value - move,
    writer: 'deadman',
    reason: 'deadman',
    tighten: move,
  } as const
  const next = withRecord(store, scope, id, writeValue(spec, record, write, now))
  requireJoint(next, scope, [id])
  return next
}

/** Restores the value before entry `entry`, a recent tightening not made by the DAO. Mirrors `SingleMoves._undo`. */
export function undoTightening(store: ParameterStore, scope: ScopeId, id: ParamId, entry: number, now: UnixSeconds): ParameterStore {
  const { spec, record } = openParameter(store, scope, id)
  const value = undoableValue(store, scope, id, entry, now)
  const again = record.undoneAt + store.undoWindow
  if (record.undoneAt !== 0 && now < again) throw new RuleViolationError('RiskParameters_UndoUsed', [scope, id, again])
  const { floor, ceiling } = record.rule
  if (value < floor || value > ceiling) throw new RuleViolationError('RiskParameters_OutOfBounds', [scope, id, value, floor, ceiling])
  const next = withRecord(store, scope, id, { ...writeValue(spec, record, { value, writer: 'undo', reason: 'undo' }, now), undoneAt: now })
  requireJoint(next, scope, [id])
  return next
}

/**
 * Value before `entry`, if that entry is a tightening of a RISK parameter by anyone but the DAO, young enough, not followed by a decision of the
 * DAO, still tighter than what it replaced, and the restored value is not looser than every value in force in the window. Mirrors `_undoable`.
 */
function undoableValue(store: ParameterStore, scope: ScopeId, id: ParamId, entry: number, now: UnixSeconds): number {
  const { spec, record } = openParameter(store, scope, id)
  const { history } = record
  const notUndoable = (): RuleViolationError => new RuleViolationError('RiskParameters_NotUndoable', [scope, id, entry])
  const undone = history[entry]
  const before = history[entry - 1]
  if (undone === undefined || before === undefined || spec.class !== 'risk') throw notUndoable()
  const { value } = before
  const tightened = isTighter(spec.direction, undone.value, value) && isTighter(spec.direction, record.value, value)
  if (undone.writer === 'governance' || !tightened) throw notUndoable()
  const until = undone.time + store.undoWindow
  if (now > until) throw new RuleViolationError('RiskParameters_UndoTooLate', [scope, id, until])
  let loosest = record.value
  // The value before an entry was in force until the second before it.
  for (let j = windowStart(history, Math.max(0, now - store.undoWindow - 1)); j < history.length; j++) {
    const other = history[j]!
    if (j > entry && other.writer === 'governance') throw notUndoable()
    // Of entries of one second only the last was ever in force.
    const inForce = j + 1 === history.length || history[j + 1]!.time > other.time
    if (inForce && isTighter(spec.direction, loosest, other.value)) loosest = other.value
  }
  if (isTighter(spec.direction, loosest, value)) throw new RuleViolationError('RiskParameters_UndoTooLoose', [scope, id, value, loosest])
  return value
}
