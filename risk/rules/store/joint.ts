import type { ParamId, ScopeId } from '../../types/index.ts'
import { firstBrokenInvariant } from '../jointInvariants.ts'
import { RuleViolationError } from '../RuleViolationError.ts'
import type { ParameterStore } from './state.ts'

/** @throws {RuleViolationError} The store breaks an invariant that reads one of `touched`. Mirrors `Store._requireJoint`. */
export function requireJoint(store: ParameterStore, scope: ScopeId, touched: readonly ParamId[]): void {
  const records = store.scopes[scope]!
  const broken = firstBrokenInvariant(store.catalogue.invariants, new Set(touched), (id) => ({
    value: records[id]!.value,
    baseline: records[id]!.rule.baseline,
  }))
  if (broken !== null) throw new RuleViolationError('RiskParameters_JointInvariant', [scope, broken.invariant, broken.left, broken.right])
}
