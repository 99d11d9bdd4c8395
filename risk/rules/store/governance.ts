import type { ParameterRule, ParameterSpec, ParameterValue, ParamId, ScopeId, UnixSeconds } from '../../types/index.ts'
import { ruleFaults } from '../checkRule.ts'
import { onlyRestrictsLoosening } from '../classifyRule.ts'
import { assertAscending } from '../judgeRound.ts'
import { RuleViolationError } from '../RuleViolationError.ts'
import { requireJoint } from './joint.ts'
import { settledRamp } from './ramp.ts'
import { kindOf, openParameter, type ParameterRecord, type ParameterStore, withRecord } from './state.ts'
import { writeValue } from './write.ts'

/** Rule and first value of one parameter of a scope. */
export type Activation = { readonly id: ParamId; readonly rule: ParameterRule; readonly value: number }

/**
 * Writes all rules and values of a new scope, in catalogue order; timers start here, so the first move of any writer is as late as every other.
 * Mirrors `RiskParameters.activateScope`.
 */
export function activateScope(store: ParameterStore, scope: ScopeId, activations: readonly Activation[], now: UnixSeconds): ParameterStore {
  if (activations.length === 0) throw new RuleViolationError('RiskParameters_EmptyBatch', [])
  if (store.scopes[scope] !== undefined) throw new RuleViolationError('RiskParameters_ActiveScope', [scope])
  const specs = store.catalogue.parameters.filter(({ scopeKind }) => scopeKind === kindOf(scope))
  let next = store
  specs.forEach((spec, i) => {
    const activation = activations[i]
    if (activation?.id !== spec.id) throw new RuleViolationError('RiskParameters_IncompleteScope', [scope, spec.id])
    next = withRecord(next, scope, spec.id, firstRecord(scope, spec, activation, now))
  })
  const extra = activations[specs.length]
  if (extra !== undefined) throw new RuleViolationError('RiskParameters_WrongScopeKind', [scope, extra.id])
  requireJoint(
    next,
    scope,
    specs.map(({ id }) => id),
  )
  return next
}

function firstRecord(scope: ScopeId, spec: ParameterSpec, { rule, value }: Activation, now: UnixSeconds): ParameterRecord {
  requireRule(scope, spec, rule)
  requireBounds(scope, spec.id, rule, value)
  const sums = { cumulativeLoosenBps: 0, cumulativeTighten: 0, cumulativeStewardTighten: 0 }
  return {
    rule,
    value,
    ramp: { origin: value, since: now },
    lastTightenAt: now,
    history: [{ value: value as ParameterValue, time: now, ...sums, round: 0, writer: 'governance', reason: 'activation' }],
    pending: null,
    vetoedUntil: 0,
    pendingRule: null,
    undoneAt: 0,
  }
}

/**
 * Sets values of one scope: skips step, cooldown, budget and veto, never range, equality, joint invariants or history.
 * Mirrors `RiskParameters.setValues`.
 */
export function setValues(
  store: ParameterStore,
  scope: ScopeId,
  values: readonly { readonly id: ParamId; readonly value: number }[],
  now: UnixSeconds,
): ParameterStore {
  if (values.length === 0) throw new RuleViolationError('RiskParameters_EmptyBatch', [])
  assertAscending(values.map(({ id }) => id))
  let next = store
  for (const { id, value } of values) {
    const { spec, record } = openParameter(next, scope, id)
    if (value === record.value) throw new RuleViolationError('RiskParameters_EqualValue', [scope, id, value])
    requireBounds(scope, id, record.rule, value)
    next = withRecord(next, scope, id, writeValue(spec, record, { value, writer: 'governance', reason: 'governance' }, now))
  }
  requireJoint(
    next,
    scope,
    values.map(({ id }) => id),
  )
  return next
}

/** A rule to set; `value` is zero to keep the live value, else the bound nearest to it when the rule excludes it. */
export type RuleSetting = { readonly id: ParamId; readonly rule: ParameterRule; readonly value: number }

/**
 * Sets rules. One that only restricts loosening is in force at once, any other after the rule delay.
 * Mirrors `RiskParameters.setRules` and `RuleBook._setRule`.
 */
export function setRules(store: ParameterStore, scope: ScopeId, settings: readonly RuleSetting[], now: UnixSeconds): ParameterStore {
  if (settings.length === 0) throw new RuleViolationError('RiskParameters_EmptyBatch', [])
  assertAscending(settings.map(({ id }) => id))
  let next = store
  const enforced: ParamId[] = []
  for (const setting of settings) {
    const { spec, record } = openParameter(next, scope, setting.id)
    requireRule(scope, spec, setting.rule)
    const nearest = nearestBound(setting.rule, record.value)
    if (setting.value !== (nearest === record.value ? 0 : nearest))
      throw new RuleViolationError('RiskParameters_RuleExcludesValue', [scope, setting.id, record.value, nearest, setting.value])
    const atOnce = onlyRestrictsLoosening(record.rule, setting.rule, spec.direction)
    if (atOnce) enforced.push(setting.id)
    const pendingRule = { rule: setting.rule, value: setting.value as ParameterValue, eta: now + store.ruleDelay }
    next = withRecord(
      next,
      scope,
      setting.id,
      atOnce ? { ...enforce(spec, record, setting.rule, now), pendingRule: null } : { ...record, pendingRule },
    )
  }
  requireJoint(next, scope, enforced)
  return next
}

/** Brings a pending rule into force once its delay has passed, judged again. Mirrors `RuleBook._activateRule`. */
export function activateRule(store: ParameterStore, scope: ScopeId, id: ParamId, now: UnixSeconds): ParameterStore {
  const { spec, record } = openParameter(store, scope, id)
  const { pendingRule } = record
  if (pendingRule === null) throw new RuleViolationError('RiskParameters_NoPendingRule', [scope, id])
  if (now < pendingRule.eta) throw new RuleViolationError('RiskParameters_RuleNotDue', [scope, id, pendingRule.eta])
  requireRule(scope, spec, pendingRule.rule)
  const next = withRecord(store, scope, id, { ...enforce(spec, record, pendingRule.rule, now), pendingRule: null })
  requireJoint(next, scope, [id])
  return next
}

/** Forgets a pending rule. Mirrors `RuleBook._cancelRule`. */
export function cancelRule(store: ParameterStore, scope: ScopeId, id: ParamId): ParameterStore {
  const { record } = openParameter(store, scope, id)
  if (record.pendingRule === null) throw new RuleViolationError('RiskParameters_NoPendingRule', [scope, id])
  return withRecord(store, scope, id, { ...record, pendingRule: null })
}

/**
 * Stewards or guardian: puts a rule in force at once whose every difference restricts loosening and that keeps the live value inside.
 * Mirrors `RuleBook._restrict`.
 */
export function restrictRule(store: ParameterStore, scope: ScopeId, id: ParamId, rule: ParameterRule, now: UnixSeconds): ParameterStore {
  const { spec, record } = openParameter(store, scope, id)
  requireRule(scope, spec, rule)
  const different = Object.keys(rule).some((field) => rule[field as keyof ParameterRule] !== record.rule[field as keyof ParameterRule])
  if (!different || !onlyRestrictsLoosening(record.rule, rule, spec.direction))
    throw new RuleViolationError('RiskParameters_NotRestricting', [scope, id])
  const nearest = nearestBound(rule, record.value)
  if (nearest !== record.value) throw new RuleViolationError('RiskParameters_RuleExcludesValue', [scope, id, record.value, nearest, 0])
  return withRecord(store, scope, id, ruled(spec, record, rule, now))
}

/** A checked rule in force; an excluded value moves to the nearest bound, as a write of the DAO. Mirrors `RuleBook._enforce`. */
function enforce(spec: ParameterSpec, record: ParameterRecord, rule: ParameterRule, now: UnixSeconds): ParameterRecord {
  const next = ruled(spec, record, rule, now)
  const value = nearestBound(rule, record.value)
  return value === record.value ? next : writeValue(spec, next, { value, writer: 'governance', reason: 'ruleBound' }, now)
}

/** A running ramp goes on from where it is, at the new speed. Mirrors `RuleBook._putRule`. */
function ruled(spec: ParameterSpec, record: ParameterRecord, rule: ParameterRule, now: UnixSeconds): ParameterRecord {
  const settles = spec.ramped && rule.rampPerHour !== record.rule.rampPerHour
  return { ...record, rule, ramp: settles ? settledRamp(spec, record, now) : record.ramp }
}

function nearestBound({ floor, ceiling }: ParameterRule, value: number): number {
  return value < floor ? floor : value > ceiling ? ceiling : value
}

function requireRule(scope: ScopeId, spec: ParameterSpec, rule: ParameterRule): void {
  const fault = ruleFaults(spec, rule)[0]
  if (fault !== undefined)
    throw new RuleViolationError('RiskParameters_InvalidRule', [scope, spec.id, fault.field, fault.value, fault.limit])
}

function requireBounds(scope: ScopeId, id: ParamId, { floor, ceiling }: ParameterRule, value: number): void {
  if (value < floor || value > ceiling) throw new RuleViolationError('RiskParameters_OutOfBounds', [scope, id, value, floor, ceiling])
}
