import type { ContractFunctionReturnType } from 'viem'
import type { Bps, JointInvariant, ParameterRule, ParameterSpec } from '../../risk/types/index.ts'
import type { riskParametersAbi } from '../generated/index.ts'
import { decodeParamId, decodeScopeKind, directions, encodeParamId, fromCode, paramClasses, scopeKinds, toCode } from '../ids/index.ts'
import { decodeValue, encodeInteger } from './values.ts'

/** `ParameterRule` as viem reads and writes it. */
export type RuleStruct = ContractFunctionReturnType<typeof riskParametersAbi, 'view', 'ruleOf'>
/** `ParameterSpec` as viem reads and writes it. */
export type SpecStruct = ContractFunctionReturnType<typeof riskParametersAbi, 'view', 'spec'>
/** `JointInvariant` as viem reads and writes it. */
export type InvariantStruct = ContractFunctionReturnType<typeof riskParametersAbi, 'view', 'jointInvariants'>[number]

/** A rule for a call; bounds go from number to bigint, nothing else changes. */
export function encodeRule(rule: ParameterRule): RuleStruct {
  return {
    floor: encodeInteger(rule.floor),
    ceiling: encodeInteger(rule.ceiling),
    baseline: encodeInteger(rule.baseline),
    tightenStepBps: rule.tightenStepBps,
    tightenStepFloor: encodeInteger(rule.tightenStepFloor),
    loosenStepBps: rule.loosenStepBps,
    tightenCooldown: rule.tightenCooldown,
    loosenCooldown: rule.loosenCooldown,
    tightenBudgetBps: rule.tightenBudgetBps,
    loosenBudgetBps: rule.loosenBudgetBps,
    loosenWindow: rule.loosenWindow,
    vetoHours: rule.vetoHours,
    emergencyStepBps: rule.emergencyStepBps,
    emergencyCooldown: rule.emergencyCooldown,
    rampPerHour: encodeInteger(rule.rampPerHour),
  }
}

/** Inverse of {encodeRule}. */
export function decodeRule(rule: RuleStruct): ParameterRule {
  return {
    floor: decodeValue(rule.floor),
    ceiling: decodeValue(rule.ceiling),
    baseline: decodeValue(rule.baseline),
    tightenStepBps: rule.tightenStepBps as Bps,
    tightenStepFloor: decodeValue(rule.tightenStepFloor),
    loosenStepBps: rule.loosenStepBps as Bps,
    tightenCooldown: rule.tightenCooldown,
    loosenCooldown: rule.loosenCooldown,
    tightenBudgetBps: rule.tightenBudgetBps as Bps,
    loosenBudgetBps: rule.loosenBudgetBps as Bps,
    loosenWindow: rule.loosenWindow,
    vetoHours: rule.vetoHours,
    emergencyStepBps: rule.emergencyStepBps as Bps,
    emergencyCooldown: rule.emergencyCooldown,
    rampPerHour: decodeValue(rule.rampPerHour),
  }
}

/** A catalogue entry for the constructor; unit and description stay off chain. */
export function encodeSpec(spec: ParameterSpec): SpecStruct {
  return {
    id: encodeParamId(spec.id),
    scopeKind: toCode(scopeKinds, spec.scopeKind),
    direction: toCode(directions, spec.direction),
    class: toCode(paramClasses, spec.class),
    group: spec.group,
    ramped: spec.ramped,
    railFloor: encodeInteger(spec.rails.floor),
    railCeiling: encodeInteger(spec.rails.ceiling),
    maxTightenStepBps: spec.rails.maxTightenStepBps,
    maxLoosenStepBps: spec.rails.maxLoosenStepBps,
    maxTightenBudgetBps: spec.rails.maxTightenBudgetBps,
    maxLoosenBudgetBps: spec.rails.maxLoosenBudgetBps,
    minLoosenCooldown: spec.rails.minLoosenCooldownMinutes,
    minVetoHours: spec.rails.minVetoHours,
  }
}

/** What the chain knows of a catalogue entry: all but unit and description. */
export function decodeSpec(spec: SpecStruct): Omit<ParameterSpec, 'unit' | 'description'> {
  return {
    id: decodeParamId(spec.id),
    scopeKind: decodeScopeKind(spec.scopeKind),
    direction: fromCode(directions, spec.direction),
    class: fromCode(paramClasses, spec.class),
    group: spec.group,
    ramped: spec.ramped,
    rails: {
      floor: decodeValue(spec.railFloor),
      ceiling: decodeValue(spec.railCeiling),
      maxTightenStepBps: spec.maxTightenStepBps as Bps,
      maxLoosenStepBps: spec.maxLoosenStepBps as Bps,
      maxTightenBudgetBps: spec.maxTightenBudgetBps as Bps,
      maxLoosenBudgetBps: spec.maxLoosenBudgetBps as Bps,
      minLoosenCooldownMinutes: spec.minLoosenCooldown,
      minVetoHours: spec.minVetoHours,
    },
  }
}

export function encodeInvariant(invariant: JointInvariant): InvariantStruct {
  return {
    left: encodeParamId(invariant.left),
    right: encodeParamId(invariant.right),
    leftBaseline: invariant.leftBaseline,
    rightBaseline: invariant.rightBaseline,
    leftMul: invariant.leftMul,
    rightMul: invariant.rightMul,
    slack: encodeInteger(invariant.slack),
  }
}

export function decodeInvariant(invariant: InvariantStruct): JointInvariant {
  return {
    left: decodeParamId(invariant.left),
    right: decodeParamId(invariant.right),
    leftBaseline: invariant.leftBaseline,
    rightBaseline: invariant.rightBaseline,
    leftMul: invariant.leftMul,
    rightMul: invariant.rightMul,
    slack: decodeValue(invariant.slack),
  }
}
