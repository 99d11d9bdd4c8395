import type { Item, Reason, Rejection, ScopeId, UnixSeconds } from '../../types/index.ts'
import { type Judgement, judgeRound, type RoundContext } from '../judgeRound.ts'
import { pendLoosenings } from './pendings.ts'
import { readParameters } from './read.ts'
import { openParameter, type ParameterRecord, type ParameterStore, withRecord } from './state.ts'
import { writeValue } from './write.ts'

/** What happened to a round; mirrors the Solidity struct of the same name. */
export type RoundResult = {
  readonly applied: number
  readonly pended: number
  readonly rejected: number
  /** Some rejection says something about the engines. */
  readonly countsForBreaker: boolean
  /** Some parameter tightened, loosened and tightened again inside the flip window. */
  readonly flipped: boolean
}

/** Rejections that are ordinary: another writer came first, the lane or a budget is closed. */
const ordinary: ReadonlySet<Rejection> = new Set<Rejection>(['expected', 'round', 'cooldown', 'budget', 'mode'])

/** Judges a round against the store as it was before, then applies, pends or rejects each item. Mirrors `RiskParameters.applyRound`. */
export function applyRound(
  store: ParameterStore,
  scope: ScopeId,
  items: readonly Item[],
  context: RoundContext,
  now: UnixSeconds,
): { readonly store: ParameterStore; readonly judgements: readonly Judgement[]; readonly result: RoundResult } {
  const judgements = items.length === 0 ? [] : judgeRound(store.catalogue, readParameters(store, scope, now), items, context, now)
  const rejections = judgements.filter(({ code }) => code !== 'none')
  const counted = {
    rejected: rejections.length,
    countsForBreaker: rejections.some(({ code }) => !ordinary.has(code)),
  }
  if (context.shadow) return { store, judgements, result: { applied: 0, pended: 0, flipped: false, ...counted } }
  const tightenings = judgements.filter(({ code, tightens }) => code === 'none' && tightens)
  const flipped = tightenings.some(({ id }) => flips(openParameter(store, scope, id).record, context.flipWindow, now))
  const tightened = tightenings.reduce((next, judgement) => tighten(next, scope, judgement, context, now), store)
  const next = pendLoosenings(tightened, store, scope, judgements, context, now)
  const pended = judgements.length - rejections.length - tightenings.length
  return { store: next, judgements, result: { applied: tightenings.length, pended, flipped, ...counted } }
}

function tighten(
  store: ParameterStore,
  scope: ScopeId,
  { id, current, value }: Judgement,
  context: RoundContext,
  now: UnixSeconds,
): ParameterStore {
  const { spec, record } = openParameter(store, scope, id)
  const move = Math.abs(value - current)
  const steward = context.writer === 'steward'
  const charge = steward || context.chargeSteward ? { stewardTighten: move } : { tighten: move }
  const write = { value, writer: context.writer, reason: steward ? 'emergency' : 'round', round: context.round, ...charge } as const
  return withRecord(store, scope, id, writeValue(spec, record, write, now))
}

const tighteningReasons: ReadonlySet<Reason> = new Set<Reason>(['round', 'emergency', 'deadman'])

/**
 * Whether a tightening now follows a loosening that followed a tightening, none of them the DAO's, all inside the window.
 * Mirrors `RiskParameters._flips`.
 */
function flips({ history }: ParameterRecord, window: number, now: UnixSeconds): boolean {
  const last = history.at(-1)!
  const before = history.at(-2)
  if (history.length < 3 || before === undefined || (last.reason !== 'loosening' && last.reason !== 'undo')) return false
  return tighteningReasons.has(before.reason) && now - before.time <= window
}
