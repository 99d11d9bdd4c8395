import type { LiveParameter, ParameterSpec, Rejection, UnixSeconds, Writer } from '../types/index.ts'
import { loosenCharge } from './arithmetic.ts'
import { largestLoosening, largestTightening, tightenBudget } from './limits.ts'
import { isTighter } from './moveOf.ts'

/** How a move is judged; mirrors `Standard` of Judge.sol. */
export type Standard = {
  readonly writer: Writer
  /** Tightenings are charged to the steward's sum. */
  readonly steward: boolean
  /** A pending loosening that executes: its cooldown counts. */
  readonly executes: boolean
  readonly mayTighten: boolean
  readonly mayLoosen: boolean
}

/** Verdict on one move. `limit` is what it broke: own unit, bps or seconds, as the code says; zero when accepted. */
export type MoveVerdict = {
  readonly code: Rejection
  readonly limit: number
  readonly tightens: boolean
  /** What a loosening adds to the drift budget, bps. */
  readonly charge: number
}

const classCodes = { risk: 0, money: 1, feed: 2, governance: 3 } as const

/**
 * Everything about one move that does not depend on the others of its round; the first failure is kept. Mirrors `Judge._judgeAlone`.
 *
 * @param live - The parameter as read at `now`: the budgets used are those of the windows that end at `now`.
 */
export function judgeMove(spec: ParameterSpec, live: LiveParameter, value: number, standard: Standard, now: UnixSeconds): MoveVerdict {
  const { rule, state } = live
  const tightens = isTighter(spec.direction, value, state.value)
  const fail = (code: Rejection, limit: number): MoveVerdict => ({ code, limit, tightens, charge: 0 })
  if (value === state.value) return fail('equal', state.value)
  if (value < rule.floor) return fail('floor', rule.floor)
  if (value > rule.ceiling) return fail('ceiling', rule.ceiling)
  const verdict = tightens
    ? judgeTightening(live, Math.abs(value - state.value), standard, now)
    : judgeLoosening(live, value, standard, now)
  if (verdict.code !== 'none') return verdict
  const emergencyOnly = standard.writer === 'steward' && (spec.class !== 'risk' || !tightens)
  if (spec.class === 'governance' || emergencyOnly) return fail('class', classCodes[spec.class])
  if (!(tightens ? standard.mayTighten : standard.mayLoosen)) return fail('mode', 0)
  if (!tightens && now < state.vetoedUntil) return fail('vetoed', state.vetoedUntil)
  return verdict
}

/** Step, cooldown and 24 h budget of a tightening by `move` units. Mirrors `Judge._judgeTightening`. */
export function judgeTightening(
  { rule, state }: LiveParameter,
  move: number,
  standard: Pick<Standard, 'writer' | 'steward'>,
  now: UnixSeconds,
): MoveVerdict {
  const fail = (code: Rejection, limit: number): MoveVerdict => ({ code, limit, tightens: true, charge: 0 })
  const largest = largestTightening(state.value, rule, standard.writer)
  if (move > largest) return fail('step', largest)
  const cooldown = standard.writer === 'steward' ? rule.emergencyCooldown : rule.tightenCooldown
  const ends = state.lastTightenAt + cooldown * 60
  if (now < ends) return fail('cooldown', ends)
  const used = standard.steward ? state.stewardTightenUsed : state.tightenBudgetUsed
  const budget = tightenBudget(state.tightenBudgetBase, rule)
  if (used + move > budget) return fail('budget', Math.max(0, budget - used))
  return fail('none', 0)
}

/** Step, cooldown (when it executes) and drift budget of a loosening. Mirrors `Judge._judgeLoosening`. */
function judgeLoosening({ rule, state }: LiveParameter, value: number, standard: Standard, now: UnixSeconds): MoveVerdict {
  const fail = (code: Rejection, limit: number): MoveVerdict => ({ code, limit, tightens: false, charge: 0 })
  const largest = largestLoosening(state.value, rule)
  if (Math.abs(value - state.value) > largest) return fail('step', largest)
  const ends = state.lastWriteAt + rule.loosenCooldown * 60
  if (standard.executes && now < ends) return fail('cooldown', ends)
  // From zero there is no relative size, so the move takes the whole budget.
  const charge = state.value === 0 ? rule.loosenBudgetBps : loosenCharge(state.value, value)
  const used = state.loosenBudgetUsedBps
  if (rule.loosenBudgetBps === 0 || used + charge > rule.loosenBudgetBps) return fail('budget', Math.max(0, rule.loosenBudgetBps - used))
  return { code: 'none', limit: 0, tightens: false, charge }
}
