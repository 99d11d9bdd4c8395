import { isStanding, isTighter, largestLoosening, largestTightening, shareOf, tightenBudget } from '../rules/index.ts'
import type {
  Clip,
  Fraction,
  HoldReason,
  LiveParameter,
  ParameterSpec,
  ParameterValue,
  PendingLoosening,
  Powers,
  Recommendation,
  UnixSeconds,
} from '../types/index.ts'

/** What binds a proposal beside the parameter's own rule. */
export type ClipFrame = {
  /** Chain time at which the parameter was read. */
  readonly now: UnixSeconds
  readonly powers: Powers
  readonly epoch: number
  /** The round needs a steward's signature, so its tightenings are charged to the steward's sum. */
  readonly cosigned: boolean
  /** Moves smaller than this share of the live value are not worth a round. */
  readonly hysteresis: Fraction
}

/** What the rule leaves of a target, and every bound that cut it, in the order in which they were applied. */
export type Clipped = Pick<Recommendation, 'clips' | 'proposed' | 'outcome'>

/** A target on its way through the bounds. A bound either cuts it or holds it at the live value. */
type Course = { readonly wanted: number; readonly clips: readonly Clip[]; readonly held: HoldReason | null }

const holdReasons: Readonly<Record<Clip['bound'], HoldReason>> = {
  floor: 'atBound',
  ceiling: 'atBound',
  hysteresis: 'hysteresis',
  tightenStep: 'atBound',
  loosenStep: 'atBound',
  tightenBudget: 'budget',
  loosenBudget: 'budget',
  cooldown: 'cooldown',
  pending: 'pending',
  mode: 'mode',
  vetoed: 'vetoed',
  joint: 'joint',
  group: 'group',
}

/**
 * Cuts a target down to what the store would accept now: floor, ceiling, hysteresis, step, budget, cooldown, what already pends, veto, mode.
 *
 * Hysteresis looks at the unclipped target: one far beyond a bound still moves the value the last small step to that bound.
 * A loosening that pends while policy no longer wants it is the one case in which hysteresis gives way: it is shrunk, or voided by a tightening.
 */
export function clipTarget(spec: ParameterSpec, live: LiveParameter, target: ParameterValue, frame: ClipFrame): Clipped {
  const { value } = live.state
  const pending = standingPending(live, frame)
  let course: Course = { wanted: target, clips: [], held: null }
  course = cutTo(course, 'floor', Math.max(course.wanted, live.rule.floor), live.rule.floor, value)
  course = cutTo(course, 'ceiling', Math.min(course.wanted, live.rule.ceiling), live.rule.ceiling, value)
  if (course.wanted === value) return finish(course.clips.length > 0 ? hold(course, 'atBound') : hold(course, 'hysteresis'), spec, value)
  const margin = frame.hysteresis * value
  if (pending === null && Math.abs(target - value) < margin) course = stop(course, 'hysteresis', value, margin)
  const bounded = isTighter(spec.direction, course.wanted, value)
    ? clipTightening(course, live, frame)
    : clipLoosening(course, live, pending, frame)
  return finish(bounded, spec, value)
}

/** The pending that still counts: not void, not expired, of this epoch. */
function standingPending({ pending, state }: LiveParameter, { now, epoch }: ClipFrame): PendingLoosening | null {
  return isStanding(pending, state.historyLength, now) && pending.epoch === epoch ? pending : null
}

function clipTightening(start: Course, { rule, state }: LiveParameter, { now, powers, cosigned }: ClipFrame): Course {
  const { value } = state
  let course = start
  const largest = largestTightening(value, rule, 'controller')
  course = cutTo(course, 'tightenStep', within(course.wanted, value, largest), largest, value)
  // A cut may bring the impact below the limit again, and then the round is charged to the controller's sum after all: both must have room.
  const used = cosigned ? Math.max(state.tightenBudgetUsed, state.stewardTightenUsed) : state.tightenBudgetUsed
  const left = Math.max(0, tightenBudget(state.tightenBudgetBase, rule) - used)
  course = cutTo(course, 'tightenBudget', within(course.wanted, value, left), left, value)
  const ends = state.lastTightenAt + rule.tightenCooldown * 60
  if (now < ends) course = stop(course, 'cooldown', value, ends)
  // A shadow round is judged as if the lane were live.
  return powers.tightens || !powers.applies ? course : stop(course, 'mode', value, 0)
}

function clipLoosening(
  start: Course,
  { rule, state }: LiveParameter,
  pending: PendingLoosening | null,
  { now, powers, hysteresis }: ClipFrame,
): Course {
  const { value } = state
  let course = start
  const largest = largestLoosening(value, rule)
  course = cutTo(course, 'loosenStep', within(course.wanted, value, largest), largest, value)
  const left = Math.max(0, rule.loosenBudgetBps - state.loosenBudgetUsedBps)
  course = cutTo(course, 'loosenBudget', within(course.wanted, value, shareOf(value, left)), left, value)
  // The cooldown is judged at execution: what would be due before it ends only expires.
  const ends = state.lastWriteAt + rule.loosenCooldown * 60
  if (now + rule.vetoHours * 3600 < ends) course = stop(course, 'cooldown', value, ends)
  if (pending !== null && course.held === null && !replaces(course.wanted, value, pending.target, hysteresis)) {
    course = stop(course, 'pending', value, pending.target)
  }
  // A shadow round is judged as if the lane were live.
  if (!powers.loosens && powers.applies) course = stop(course, 'mode', value, 0)
  return now < state.vetoedUntil ? stop(course, 'vetoed', value, state.vetoedUntil) : course
}

/** While a loosening pends no looser target is proposed, else it would never execute; one clearly nearer to the live value, or beyond it, is. */
function replaces(wanted: number, value: number, pending: number, hysteresis: Fraction): boolean {
  if (wanted > value !== pending > value) return true
  return Math.abs(pending - value) - Math.abs(wanted - value) >= hysteresis * value
}

/** `wanted`, or the point `distance` away from `value` on its side. */
function within(wanted: number, value: number, distance: number): number {
  return wanted > value ? Math.min(wanted, value + distance) : Math.max(wanted, value - distance)
}

function cutTo(course: Course, bound: Clip['bound'], to: number, limit: number, value: number): Course {
  if (course.held !== null || to === course.wanted) return course
  const clips = [...course.clips, { bound, from: course.wanted as ParameterValue, to: to as ParameterValue, limit }]
  const isBound = bound === 'floor' || bound === 'ceiling'
  return { wanted: to, clips, held: to === value && !isBound ? holdReasons[bound] : null }
}

/** Back to the live value because of `bound`. */
function stop(course: Course, bound: Clip['bound'], value: number, limit: number): Course {
  return course.held === null ? { ...cutTo(course, bound, value, limit, value), held: holdReasons[bound] } : course
}

function hold(course: Course, held: HoldReason): Course {
  return { ...course, held }
}

function finish({ wanted, clips, held }: Course, spec: ParameterSpec, value: ParameterValue): Clipped {
  if (held !== null) return { clips, proposed: value, outcome: { kind: 'hold', reason: held } }
  const direction = isTighter(spec.direction, wanted, value) ? 'tighten' : 'loosen'
  return { clips, proposed: wanted as ParameterValue, outcome: { kind: 'move', direction } }
}

/** A recommendation held back by something outside its own rule. */
export function holdBack(recommendation: Recommendation, bound: 'joint' | 'group' | 'mode', limit: number): Recommendation {
  const { value, proposed, clips } = recommendation
  return {
    ...recommendation,
    proposed: value,
    clips: [...clips, { bound, from: proposed, to: value, limit }],
    outcome: { kind: 'hold', reason: holdReasons[bound] },
  }
}
