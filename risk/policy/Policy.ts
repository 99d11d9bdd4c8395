import { InvalidInputError } from '../errors/index.ts'
import type { Signals } from '../signals/index.ts'
import type { HoldReason, LiveParameter, ParameterValue, ParamId, Term, UnixSeconds } from '../types/index.ts'

/** What a policy may look at. */
export type PolicyContext = {
  readonly time: UnixSeconds
  readonly signals: Signals
  /** The parameter the policy is for. */
  readonly live: LiveParameter
  /** Constants of this parameter from the engine configuration. */
  readonly constants: { readonly [name: string]: number }
  /** Target of another parameter of this tick, null when that one has none. */
  readonly targetOf: (id: ParamId) => ParameterValue | null
}

/** What the formula asks for, before any clip. `hold` says why there is no target. */
export type Target = {
  readonly target: ParameterValue | null
  readonly hold: HoldReason | null
  readonly terms: readonly Term[]
  readonly flags: readonly string[]
}

/** One parameter's formula. */
export type Policy = {
  readonly id: ParamId
  /** Names of the constants it reads; the configuration must give exactly these. */
  readonly constants: readonly string[]
  readonly compute: (context: PolicyContext) => Target
}

/** A constant of the configuration. @throws {InvalidInputError} It is not there. */
export function constantOf(context: PolicyContext, name: string): number {
  const value = context.constants[name]
  if (value === undefined)
    throw new InvalidInputError({ argument: `policy.${context.live.id}.${name}`, got: 'absent', limit: 'a number in the configuration' })
  return value
}

/** No target, since an input is absent; `missing` names it. */
export function unavailable(missing: string, flags: readonly string[] = []): Target {
  return { target: null, hold: 'inputUnavailable', terms: [], flags: [`missing:${missing}`, ...flags] }
}

export function term(name: string, value: number, unit: string): Term {
  return { name, value, unit }
}
