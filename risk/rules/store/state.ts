import type {
  Catalogue,
  ParameterEntry,
  ParameterRule,
  ParameterSpec,
  ParamId,
  PendingLoosening,
  PendingRule,
  ScopeId,
  Seconds,
  UnixSeconds,
} from '../../types/index.ts'
import { RuleViolationError } from '../RuleViolationError.ts'

/** One parameter as the store holds it. Budgets, effective value and last write are derived from it at a time. */
export type ParameterRecord = {
  readonly rule: ParameterRule
  /** Target: seen by expected-value checks, steps, budgets and new risk. */
  readonly value: number
  /** Origin of the running ramp; equal to the value in a parameter that is not ramped. */
  readonly ramp: { readonly origin: number; readonly since: UnixSeconds }
  readonly lastTightenAt: UnixSeconds
  /** Ascending in time, at least one; also the sliding window of both budgets. */
  readonly history: readonly ParameterEntry[]
  /** As stored: it may be void by a later write, or expired. */
  readonly pending: PendingLoosening | null
  readonly vetoedUntil: UnixSeconds
  readonly pendingRule: PendingRule | null
  /** Instant of the last undo, zero when there was none. */
  readonly undoneAt: UnixSeconds
}

export type ScopeRecord = { readonly [id: ParamId]: ParameterRecord }

/** The parameter store as a value: the twin of contracts/parameters/RiskParameters.sol without roles and hash chain. */
export type ParameterStore = {
  readonly catalogue: Catalogue
  /** Seconds between a rule's submission and its activation. */
  readonly ruleDelay: Seconds
  /** Seconds after a tightening in which it may be undone, and between two undos of one parameter. */
  readonly undoWindow: Seconds
  /** Seconds after `eta` in which a pending loosening may execute. */
  readonly executionGrace: Seconds
  readonly scopes: { readonly [scope: ScopeId]: ScopeRecord }
}

/** A store without scopes. */
export function emptyStore(settings: Omit<ParameterStore, 'scopes'>): ParameterStore {
  return { ...settings, scopes: {} }
}

/** Kind of a scope, from its name. */
export function kindOf(scope: ScopeId): string {
  return scope.slice(0, scope.indexOf(':'))
}

/** Spec and record of an active parameter; mirrors `Store._open`. @throws {RuleViolationError} Unknown id, other kind, or inactive scope. */
export function openParameter(
  store: ParameterStore,
  scope: ScopeId,
  id: ParamId,
): { readonly spec: ParameterSpec; readonly record: ParameterRecord } {
  const spec = specOf(store, scope, id)
  const record = store.scopes[scope]?.[id]
  if (record === undefined) throw new RuleViolationError('RiskParameters_InactiveScope', [scope])
  return { spec, record }
}

/** @throws {RuleViolationError} The id is unknown, or lives in scopes of another kind. */
export function specOf(store: ParameterStore, scope: ScopeId, id: ParamId): ParameterSpec {
  const spec = store.catalogue.parameters.find((each) => each.id === id)
  if (spec === undefined) throw new RuleViolationError('RiskParameters_UnknownParameter', [scope, id])
  if (spec.scopeKind !== kindOf(scope)) throw new RuleViolationError('RiskParameters_WrongScopeKind', [scope, id])
  return spec
}

/** The store with one record replaced. */
export function withRecord(store: ParameterStore, scope: ScopeId, id: ParamId, record: ParameterRecord): ParameterStore {
  return { ...store, scopes: { ...store.scopes, [scope]: { ...store.scopes[scope], [id]: record } } }
}
