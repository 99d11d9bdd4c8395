import { InvalidInputError } from '../errors/index.ts'
import {
  applyRound,
  countRound,
  executeLoosening,
  isStanding,
  type Judgement,
  type Lane,
  type ParameterStore,
  powersOf,
  RuleViolationError,
  readParameters,
} from '../rules/index.ts'
import type {
  Adjustment,
  ItemOutcome,
  LaneSettings,
  LaneState,
  ParameterValue,
  Powers,
  ScopeId,
  ScopeReading,
  UnixSeconds,
  World,
} from '../types/index.ts'

/** A lane and the settings the DAO gave it. */
export type OpenLane = { readonly lane: Lane; readonly settings: LaneSettings }

export type PureWorldOptions = {
  /** With the scopes of the lanes active. */
  readonly store: ParameterStore
  readonly lanes: { readonly [scope: ScopeId]: OpenLane }
  readonly epoch: number
  /** Engines of that epoch. */
  readonly engines: number
}

/** The rules as a world, with what they hold open to be read. */
export type PureWorld = World & {
  readonly store: () => ParameterStore
  readonly lane: (scope: ScopeId) => OpenLane
}

/**
 * Applies rounds to the twin of the contracts, without a chain. Signatures, submitters and co-signs are not part of it: a round that would need a
 * steward's signature is taken as co-signed, and charged to the steward as the mandate would.
 *
 * @throws from its functions: {RuleViolationError} where the mandate would revert.
 */
export function createPureWorld(options: PureWorldOptions): PureWorld {
  let { store } = options
  const lanes = new Map<ScopeId, OpenLane>(Object.entries(options.lanes) as [ScopeId, OpenLane][])
  let blocks = 0n
  const laneOf = (scope: ScopeId): OpenLane => {
    const open = lanes.get(scope)
    if (open === undefined) throw new InvalidInputError({ argument: 'scope', got: scope, limit: `one of ${[...lanes.keys()].join(', ')}` })
    return open
  }
  const powersAt = (scope: ScopeId, time: UnixSeconds): Powers => {
    const { lane, settings } = laneOf(scope)
    return powersOf(lane, settings, options.engines, time)
  }
  const readScope = (scope: ScopeId, time: UnixSeconds): ScopeReading => {
    const open = laneOf(scope)
    return {
      chainId: 0,
      block: blocks,
      time,
      lane: laneState(open, powersAt(scope, time), options.epoch),
      parameters: readParameters(store, scope, time),
    }
  }
  const submit = (adjustment: Adjustment, time: UnixSeconds): ItemOutcome[] => {
    const { lane, settings } = laneOf(adjustment.scope)
    const allowed = powersAt(adjustment.scope, time)
    requireEnvelope(adjustment, lane, allowed, options.epoch, time)
    const context = {
      round: adjustment.round,
      epoch: options.epoch,
      writer: 'controller',
      shadow: !allowed.applies,
      mayTighten: allowed.tightens || !allowed.applies,
      mayLoosen: allowed.loosens || !allowed.applies,
      chargeSteward: allowed.cosigned || isHeavy(adjustment, settings, allowed),
      flipWindow: settings.flipWindow,
    } as const
    const { store: next, judgements, result } = applyRound(store, adjustment.scope, adjustment.items, context, time)
    store = next
    const heard = { ...lane, round: adjustment.round, observedAt: adjustment.observedAt, heartbeatAt: time }
    lanes.set(adjustment.scope, { settings, lane: adjustment.items.length === 0 ? heard : countRound(heard, result, settings) })
    return judgements.map((judgement) => outcomeOf(next, adjustment.scope, judgement, context.shadow))
  }
  const executeDue = (scope: ScopeId, time: UnixSeconds): ItemOutcome[] => {
    if (!powersAt(scope, time).executes) return []
    const due = readParameters(store, scope, time).filter(
      ({ pending, state }) => isStanding(pending, state.historyLength, time) && pending.eta <= time,
    )
    return due.flatMap(({ id }) => {
      const executed = tryExecute(store, scope, id, options.epoch, time)
      if (executed === null) return []
      store = executed.store
      return executed.executed.map(
        (each): ItemOutcome => ({
          kind: 'applied',
          id: each.id,
          previous: each.previous as ParameterValue,
          value: each.value as ParameterValue,
        }),
      )
    })
  }
  return {
    store: () => store,
    lane: laneOf,
    readScope: async (scope, time) => readScope(scope, time),
    apply: async (adjustment, time) => {
      blocks += 1n
      return submit(adjustment, time)
    },
    executeDue: async (scope, time) => {
      blocks += 1n
      return executeDue(scope, time)
    },
  }
}

function laneState({ lane, settings }: OpenLane, powers: Powers, epoch: number): LaneState {
  return {
    mode: lane.mode,
    powers,
    epoch,
    round: lane.round,
    observedAt: lane.observedAt,
    heartbeatAt: lane.heartbeatAt,
    impactAccountsLimit: settings.impactAccountsLimit,
    impactNotionalLimit: settings.impactNotionalLimit,
  }
}

/** Impact above the lane's limits needs a co-sign; a shadow round needs none. */
function isHeavy({ impactNotional, impactAccounts }: Adjustment, settings: LaneSettings, { applies }: Powers): boolean {
  return applies && (impactNotional > BigInt(settings.impactNotionalLimit) || impactAccounts > settings.impactAccountsLimit)
}

/** Faults of the envelope, in the order of `ControllerMandate.submitRound`. */
function requireEnvelope(adjustment: Adjustment, lane: Lane, { submit }: Powers, epoch: number, time: UnixSeconds): void {
  const { scope, round, observedAt, validUntil } = adjustment
  if (!submit)
    throw new RuleViolationError(lane.mode === 'paused' ? 'ControllerMandate_LanePaused' : 'ControllerMandate_MandateExpired', [scope])
  if (adjustment.epoch !== epoch) throw new RuleViolationError('ControllerMandate_UnknownEpoch', [adjustment.epoch, epoch])
  if (round <= lane.round) throw new RuleViolationError('ControllerMandate_RoundNotNext', [round, lane.round])
  if (observedAt > time) throw new RuleViolationError('ControllerMandate_ObservationInFuture', [observedAt, time])
  if (observedAt <= lane.observedAt) throw new RuleViolationError('ControllerMandate_ObservationNotNewer', [observedAt, lane.observedAt])
  if (time > validUntil) throw new RuleViolationError('ControllerMandate_Expired', [validUntil, time])
}

/** Null when an earlier member of its set has just executed it, or the rules refuse it now. */
function tryExecute(
  store: ParameterStore,
  scope: ScopeId,
  id: string,
  epoch: number,
  time: UnixSeconds,
): ReturnType<typeof executeLoosening> | null {
  try {
    return executeLoosening(store, scope, id, epoch, time)
  } catch (error) {
    if (error instanceof RuleViolationError) return null
    throw error
  }
}

function outcomeOf(store: ParameterStore, scope: ScopeId, judgement: Judgement, shadow: boolean): ItemOutcome {
  const { id, code, limit } = judgement
  const current = judgement.current as ParameterValue
  const value = judgement.value as ParameterValue
  if (code !== 'none') return { kind: 'rejected', id, current, proposed: value, code, limit }
  if (shadow) return { kind: 'shadowed', id, previous: current, value }
  if (judgement.tightens) return { kind: 'applied', id, previous: current, value }
  return { kind: 'pended', id, previous: current, target: value, eta: store.scopes[scope]![id]!.pending!.eta }
}
