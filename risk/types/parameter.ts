import type { Bps, ParameterValue, Seconds, UnixSeconds } from './units.ts'

/** Dotted name of a parameter, at most 31 ASCII characters, for example `margin.priceScanRange`. */
export type ParamId = string
export type ScopeKind = 'protocol' | 'market' | 'asset' | 'group'
/** Where a parameter lives: kind and name, for example `market:ETH`. */
export type ScopeId = `${ScopeKind}:${string}`
export type ParameterKey = { readonly scope: ScopeId; readonly id: ParamId }

/** Which way the parameter tightens; in a two-sided one every move counts as a loosening. */
export type Direction = 'up' | 'down' | 'twoSided'
export type ParamClass = 'risk' | 'money' | 'feed' | 'governance'
/** How people read the stored integer. */
export type ParameterUnit = 'bps' | 'bps/100' | 'volPoints/100' | 'usd' | 'contracts' | 'seconds'

/** Catalogue entry, as data. The same facts as the Solidity struct of the same name, plus unit and description for people. */
export type ParameterSpec = {
  readonly id: ParamId
  readonly unit: ParameterUnit
  readonly description: string
  readonly scopeKind: ScopeKind
  readonly direction: Direction
  readonly class: ParamClass
  /** Coupling group: one rejected member rejects its group. */
  readonly group: number
  readonly ramped: boolean
  /** Limits of what any rule may contain; fixed when the store is deployed. */
  readonly rails: {
    readonly floor: ParameterValue
    readonly ceiling: ParameterValue
    readonly maxTightenStepBps: Bps
    readonly maxLoosenStepBps: Bps
    readonly maxTightenBudgetBps: Bps
    readonly maxLoosenBudgetBps: Bps
    readonly minLoosenCooldownMinutes: number
    readonly minVetoHours: number
  }
}

/** What governance decides about one parameter in one scope; mirrors the Solidity struct field by field. */
export type ParameterRule = {
  readonly floor: ParameterValue
  readonly ceiling: ParameterValue
  readonly baseline: ParameterValue
  readonly tightenStepBps: Bps
  readonly tightenStepFloor: ParameterValue
  readonly loosenStepBps: Bps
  readonly tightenCooldown: number // minutes
  readonly loosenCooldown: number // minutes
  readonly tightenBudgetBps: Bps
  readonly loosenBudgetBps: Bps
  readonly loosenWindow: number // hours
  readonly vetoHours: number
  readonly emergencyStepBps: Bps
  readonly emergencyCooldown: number // minutes
  readonly rampPerHour: ParameterValue
}

/** `left * leftMul <= right * rightMul + slack`, over values or baselines of one scope. */
export type JointInvariant = {
  readonly left: ParamId
  readonly right: ParamId
  readonly leftBaseline: boolean
  readonly rightBaseline: boolean
  readonly leftMul: number
  readonly rightMul: number
  readonly slack: ParameterValue
}

/** A catalogue: the parameters and joint invariants of one protocol. */
export type Catalogue = {
  readonly schema: 'ballast.catalogue'
  readonly version: 1
  readonly name: string
  /** Ids ascending as bytes. */
  readonly parameters: readonly ParameterSpec[]
  readonly invariants: readonly JointInvariant[]
}

/** Same order as the Solidity enum: the position is the code on chain. */
export const writers = ['governance', 'controller', 'steward', 'deadman', 'undo'] as const
export type Writer = (typeof writers)[number]
export const reasons = ['activation', 'governance', 'ruleBound', 'round', 'loosening', 'emergency', 'deadman', 'undo', 'import'] as const
export type Reason = (typeof reasons)[number]
/** Why an item was not applied, in the order in which it is judged. The position is the code on chain. */
export const rejections = [
  'none',
  'expected',
  'round',
  'unknownId',
  'equal',
  'floor',
  'ceiling',
  'step',
  'cooldown',
  'budget',
  'class',
  'mode',
  'vetoed',
  'mixedGroup',
  'group',
  'joint',
] as const
export type Rejection = (typeof rejections)[number]

/** One proposed move; `expected` is the live value the engines saw. */
export type Item = { readonly id: ParamId; readonly expected: ParameterValue; readonly value: ParameterValue }

/** One history record of a parameter. */
export type ParameterEntry = {
  readonly value: ParameterValue
  readonly time: UnixSeconds
  readonly cumulativeLoosenBps: number
  readonly cumulativeTighten: number
  readonly cumulativeStewardTighten: number
  readonly round: number
  readonly writer: Writer
  readonly reason: Reason
}

/** Live state at one block; budgets are what is used inside their windows at that block's time. */
export type ParameterState = {
  readonly value: ParameterValue
  readonly effective: ParameterValue
  readonly lastTightenAt: UnixSeconds
  readonly lastWriteAt: UnixSeconds
  readonly historyLength: number
  readonly loosenBudgetUsedBps: number
  readonly tightenBudgetUsed: number
  readonly stewardTightenUsed: number
  readonly tightenBudgetBase: number
  readonly vetoedUntil: UnixSeconds
}

export type PendingLoosening = {
  readonly target: ParameterValue
  readonly createdAt: UnixSeconds
  readonly eta: UnixSeconds
  readonly expiry: UnixSeconds
  readonly epoch: number
  readonly historyLength: number
  readonly round: number
}

/** A rule that widens something and waits for the rule delay. `value` is what the live value moves to, zero when it stays. */
export type PendingRule = { readonly rule: ParameterRule; readonly value: ParameterValue; readonly eta: UnixSeconds }

/** All that a decision needs to know of one parameter. */
export type LiveParameter = {
  readonly id: ParamId
  readonly rule: ParameterRule
  readonly state: ParameterState
  readonly pending: PendingLoosening | null
}

export const laneModes = ['closed', 'shadow', 'canary', 'live', 'tightenOnly', 'paused'] as const
export type LaneMode = (typeof laneModes)[number]

/** What a lane allows now. */
export type Powers = {
  readonly submit: boolean
  readonly cosigned: boolean
  readonly applies: boolean
  readonly tightens: boolean
  readonly loosens: boolean
  readonly executes: boolean
  readonly walks: boolean
}

export type LaneSettings = {
  readonly heartbeatTimeout: Seconds
  readonly deadManTimeout: Seconds
  readonly flipWindow: Seconds
  readonly shadowRounds: number
  readonly canaryRounds: number
  readonly breakerRejections: number
  readonly impactAccountsLimit: number
  /** USD with 18 decimals, as a decimal string. */
  readonly impactNotionalLimit: string
  readonly impactMultipleBps: Bps
  readonly expiresAt: UnixSeconds
}

/** Lane of one scope, read at one block. */
export type LaneState = {
  readonly mode: LaneMode
  readonly powers: Powers
  readonly epoch: number
  /** Last accepted round; the next one is this plus one. */
  readonly round: number
  readonly observedAt: UnixSeconds
  readonly heartbeatAt: UnixSeconds
  readonly impactAccountsLimit: number
  readonly impactNotionalLimit: string
}
