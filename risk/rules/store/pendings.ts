import type { ParameterSpec, ParameterValue, ParamId, PendingLoosening, Rejection, ScopeId, UnixSeconds } from '../../types/index.ts'
import { firstBrokenInvariant } from '../jointInvariants.ts'
import { judgeMove, type MoveVerdict } from '../judgeMove.ts'
import type { Judgement, RoundContext } from '../judgeRound.ts'
import { RuleViolationError } from '../RuleViolationError.ts'
import { readParameter } from './read.ts'
import { openParameter, type ParameterRecord, type ParameterStore, withRecord } from './state.ts'
import { writeValue } from './write.ts'

/** Pending, not void by a write and not expired; the epoch is the caller's to know. Mirrors `Pendings._standing`. */
export function isStanding(pending: PendingLoosening | null, historyLength: number, now: UnixSeconds): pending is PendingLoosening {
  return pending !== null && pending.historyLength === historyLength && now <= pending.expiry
}

type Loosening = { readonly spec: ParameterSpec; readonly before: ParameterRecord; readonly value: number }

/**
 * Pends the surviving loosenings of a round. One that is at most as loose as what is pending keeps creation and `eta`; a looser one, or one whose
 * group mates do not keep theirs, starts again. Mirrors `Pendings._pendAll`.
 *
 * @param before - The store as judged, before the round's tightenings.
 */
export function pendLoosenings(
  store: ParameterStore,
  before: ParameterStore,
  scope: ScopeId,
  judgements: readonly Judgement[],
  context: RoundContext,
  now: UnixSeconds,
): ParameterStore {
  const loosenings: Loosening[] = judgements
    .filter(({ code, tightens }) => code === 'none' && !tightens)
    .map(({ id, value }) => {
      const { spec, record } = openParameter(before, scope, id)
      return { spec, before: record, value }
    })
  const restarts = new Set<number>()
  loosenings.forEach((each, i) => {
    const mates = loosenings.slice(0, i).filter(({ spec }) => spec.group === each.spec.group)
    const apart = mates.some((mate) => createdAt(mate.before) !== createdAt(each.before))
    if (apart || !keepsEta(each, context.epoch, now)) restarts.add(each.spec.group)
  })
  return loosenings.reduce((next, each) => pend(next, scope, each, restarts.has(each.spec.group), context, now), store)
}

function createdAt({ pending }: ParameterRecord): UnixSeconds {
  return pending?.createdAt ?? 0
}

/** Whether a newer target leaves `eta` of the pending one: same side of the live value, and not further from it. Mirrors `Pendings._keeps`. */
function keepsEta({ before, value }: Loosening, epoch: number, now: UnixSeconds): boolean {
  const { pending } = before
  if (!isStanding(pending, before.history.length, now) || pending.epoch !== epoch) return false
  return pending.target > before.value === value > before.value && Math.abs(value - before.value) <= Math.abs(pending.target - before.value)
}

function pend(
  store: ParameterStore,
  scope: ScopeId,
  each: Loosening,
  restart: boolean,
  context: RoundContext,
  now: UnixSeconds,
): ParameterStore {
  const { spec, before, value } = each
  const next = restart ? dissolve(store, scope, spec, createdAt(before), now) : store
  const { record } = openParameter(next, scope, spec.id)
  const times = restart || before.pending === null ? { createdAt: now, eta: now + record.rule.vetoHours * 3600 } : before.pending
  const pending: PendingLoosening = {
    target: value as ParameterValue,
    createdAt: times.createdAt,
    eta: times.eta,
    expiry: times.eta + store.executionGrace,
    epoch: context.epoch,
    historyLength: before.history.length,
    round: context.round,
  }
  return withRecord(next, scope, spec.id, { ...record, pending })
}

/** Removes the standing mates of a member that leaves its set, so that no part of a coupled move survives. Mirrors `Pendings._dissolve`. */
function dissolve(store: ParameterStore, scope: ScopeId, leaving: ParameterSpec, created: UnixSeconds, now: UnixSeconds): ParameterStore {
  if (created === 0) return store
  const stands = (id: ParamId): boolean => {
    const { record } = openParameter(store, scope, id)
    return isStanding(record.pending, record.history.length, now)
  }
  return setMembers(store, scope, leaving.group, created)
    .filter((id) => id !== leaving.id && stands(id))
    .reduce((next, id) => withRecord(next, scope, id, { ...openParameter(next, scope, id).record, pending: null }), store)
}

/** Ids of a coupling group whose pendings were created together, ascending. */
function setMembers(store: ParameterStore, scope: ScopeId, group: number, created: UnixSeconds): ParamId[] {
  const records = store.scopes[scope]!
  return store.catalogue.parameters
    .filter(({ id, group: each }) => each === group && records[id]?.pending?.createdAt === created)
    .map(({ id }) => id)
}

/** Removes a pending and its set, and bars its return for one loosen cooldown. Mirrors `Pendings._veto`. */
export function vetoLoosening(store: ParameterStore, scope: ScopeId, id: ParamId, now: UnixSeconds): ParameterStore {
  const { spec, record } = openParameter(store, scope, id)
  const { pending } = record
  if (!isStanding(pending, record.history.length, now)) throw new RuleViolationError('RiskParameters_NoPendingLoosening', [scope, id])
  const vetoedUntil = now + record.rule.loosenCooldown * 60
  return dissolve(withRecord(store, scope, id, { ...record, pending: null, vetoedUntil }), scope, spec, pending.createdAt, now)
}

/** A value that an execution wrote. */
export type Executed = { readonly id: ParamId; readonly previous: number; readonly value: number; readonly round: number }

/**
 * Executes a due loosening with the set it was made in, judged again against the store as it is now. Mirrors `Pendings._execute`.
 *
 * @throws {RuleViolationError} Nothing pends, or a member is void, not due, expired or rejected.
 */
export function executeLoosening(
  store: ParameterStore,
  scope: ScopeId,
  id: ParamId,
  epoch: number,
  now: UnixSeconds,
): { readonly store: ParameterStore; readonly executed: readonly Executed[] } {
  const { spec, record } = openParameter(store, scope, id)
  if (record.pending === null) throw new RuleViolationError('RiskParameters_NoPendingLoosening', [scope, id])
  const members = setMembers(store, scope, spec.group, record.pending.createdAt)
  for (const member of members) requireDue(store, scope, member, epoch, now)
  const verdicts = members.map((member) => judgeExecution(store, scope, member, now))
  requireJointOfSet(store, scope, members)
  return members.reduce<{ store: ParameterStore; executed: Executed[] }>(
    (before, member, i) => {
      const { spec: each, record: old } = openParameter(before.store, scope, member)
      const { target, round } = old.pending!
      const write = { value: target, writer: 'controller', reason: 'loosening', round, loosenBps: verdicts[i]!.charge } as const
      const next = writeValue(each, { ...old, pending: null }, write, now)
      return {
        store: withRecord(before.store, scope, member, next),
        executed: [...before.executed, { id: member, previous: old.value, value: target, round }],
      }
    },
    { store, executed: [] },
  )
}

function requireDue(store: ParameterStore, scope: ScopeId, id: ParamId, epoch: number, now: UnixSeconds): void {
  const { record } = openParameter(store, scope, id)
  const pending = record.pending!
  if (pending.epoch !== epoch || pending.historyLength !== record.history.length)
    throw new RuleViolationError('RiskParameters_LooseningVoid', [scope, id])
  if (now < pending.eta) throw new RuleViolationError('RiskParameters_LooseningNotDue', [scope, id, pending.eta])
  if (now > pending.expiry) throw new RuleViolationError('RiskParameters_LooseningExpired', [scope, id, pending.expiry])
}

function judgeExecution(store: ParameterStore, scope: ScopeId, id: ParamId, now: UnixSeconds): MoveVerdict {
  const { spec, record } = openParameter(store, scope, id)
  const standard = { writer: 'controller', steward: false, executes: true, mayTighten: true, mayLoosen: true } as const
  const verdict = judgeMove(spec, readParameter(store, scope, id, now), record.pending!.target, standard, now)
  if (verdict.code !== 'none') throw rejected(scope, id, verdict.code, verdict.limit)
  return verdict
}

function requireJointOfSet(store: ParameterStore, scope: ScopeId, members: readonly ParamId[]): void {
  const records = store.scopes[scope]!
  const broken = firstBrokenInvariant(store.catalogue.invariants, new Set(members), (id) => ({
    value: members.includes(id) ? records[id]!.pending!.target : records[id]!.value,
    baseline: records[id]!.rule.baseline,
  }))
  if (broken !== null) throw rejected(scope, members[0]!, 'joint', broken.invariant)
}

function rejected(scope: ScopeId, id: ParamId, code: Rejection, limit: number): RuleViolationError {
  return new RuleViolationError('RiskParameters_LooseningRejected', [scope, id, code, limit])
}
