import type { LiveParameter, ParameterSpec, ParameterState, ParameterValue, ParamId, ScopeId, UnixSeconds } from '../../types/index.ts'
import { RuleViolationError } from '../RuleViolationError.ts'
import { effectiveValue } from './ramp.ts'
import { openParameter, type ParameterRecord, type ParameterStore } from './state.ts'
import { loosenUsed, tightenUsed } from './windows.ts'

/** Live state of one parameter at `now`; mirrors `RiskParameters.stateOf`. */
export function readState(spec: ParameterSpec, record: ParameterRecord, now: UnixSeconds): ParameterState {
  const { used, stewardUsed, base } = tightenUsed(record, now)
  return {
    value: record.value as ParameterValue,
    effective: effectiveValue(spec, record, now) as ParameterValue,
    lastTightenAt: record.lastTightenAt,
    lastWriteAt: record.history.at(-1)!.time,
    historyLength: record.history.length,
    loosenBudgetUsedBps: loosenUsed(record, now),
    tightenBudgetUsed: used,
    stewardTightenUsed: stewardUsed,
    tightenBudgetBase: base,
    vetoedUntil: record.vetoedUntil,
  }
}

/** What a decision needs to know of one parameter. */
export function readParameter(store: ParameterStore, scope: ScopeId, id: ParamId, now: UnixSeconds): LiveParameter {
  const { spec, record } = openParameter(store, scope, id)
  return { id, rule: record.rule, state: readState(spec, record, now), pending: record.pending }
}

/** Every parameter of a scope, ids ascending. @throws {RuleViolationError} The scope is not active. */
export function readParameters(store: ParameterStore, scope: ScopeId, now: UnixSeconds): LiveParameter[] {
  const records = store.scopes[scope]
  if (records === undefined) throw new RuleViolationError('RiskParameters_InactiveScope', [scope])
  return store.catalogue.parameters.filter(({ id }) => records[id] !== undefined).map(({ id }) => readParameter(store, scope, id, now))
}
