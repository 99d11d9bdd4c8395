import type { Catalogue, Item, LiveParameter, ParameterSpec, ParamId, Rejection, UnixSeconds, Writer } from '../types/index.ts'
import { firstBrokenInvariant } from './jointInvariants.ts'
import { judgeMove, type Standard } from './judgeMove.ts'
import { RuleViolationError } from './RuleViolationError.ts'

/** What a round may do when it reaches the store; mirrors the Solidity struct of the same name. */
export type RoundContext = {
  readonly round: number
  readonly epoch: number
  readonly writer: Writer
  /** Judge and record, apply nothing. */
  readonly shadow: boolean
  readonly mayTighten: boolean
  readonly mayLoosen: boolean
  /** Tightenings are charged to the steward's sum. */
  readonly chargeSteward: boolean
  /** Seconds; two sign flips of one parameter inside it trip the breaker. */
  readonly flipWindow: number
}

/** One item after judgement. Code `none` survives: a tightening is applied, a loosening waits for its veto window. */
export type Judgement = {
  readonly id: ParamId
  /** Live value, zero when the id is unknown in this scope. */
  readonly current: number
  readonly value: number
  readonly code: Rejection
  readonly limit: number
  readonly tightens: boolean
  /** What a loosening would add to the drift budget, bps. */
  readonly charge: number
}

type Candidate = { -readonly [K in keyof Judgement]: Judgement[K] } & { readonly spec: ParameterSpec | null }

/**
 * Judges all items of a round against the state before it. Mirrors `Judge._judgeRound`: a wrong `expected` fails the whole round; then each item
 * alone; then coupling groups that mix directions or lost a member; then the joint invariants on all survivors, and on the tightenings alone.
 *
 * @param parameters - Every parameter of the scope, as read at `now`.
 * @throws {RuleViolationError} Ids do not ascend strictly.
 */
export function judgeRound(
  catalogue: Catalogue,
  parameters: readonly LiveParameter[],
  items: readonly Item[],
  context: RoundContext,
  now: UnixSeconds,
): Judgement[] {
  assertAscending(items.map(({ id }) => id))
  const specs = new Map(catalogue.parameters.map((spec) => [spec.id, spec]))
  const live = new Map(parameters.map((parameter) => [parameter.id, parameter]))
  const all: Candidate[] = items.map(({ id, value }) => {
    const parameter = live.get(id)
    const spec = parameter === undefined ? null : (specs.get(id) ?? null)
    return { id, current: parameter?.state.value ?? 0, value, code: 'none', limit: 0, tightens: false, charge: 0, spec }
  })
  if (!judgeExpected(all, items)) {
    const standard: Standard = {
      writer: context.writer,
      steward: context.chargeSteward || context.writer === 'steward',
      executes: false,
      mayTighten: context.mayTighten,
      mayLoosen: context.mayLoosen,
    }
    for (const candidate of all) judgeAlone(candidate, live.get(candidate.id), standard, now)
    judgeGroups(all)
    judgeJoint(catalogue, live, all)
  }
  return all.map(({ spec: _, ...judgement }) => judgement)
}

/** @throws {RuleViolationError} A repeated id would walk past its step. Ids are compared by their ASCII bytes. */
export function assertAscending(ids: readonly ParamId[]): void {
  ids.forEach((id, i) => {
    const previous = ids[i - 1]
    if (id === '' || (previous !== undefined && !(id > previous)))
      throw new RuleViolationError('RiskParameters_IdsNotAscending', [previous ?? '', id])
  })
}

/** Whether the round falls because the engines saw another state. */
function judgeExpected(all: readonly Candidate[], items: readonly Item[]): boolean {
  all.forEach((candidate, i) => {
    if (candidate.spec !== null && candidate.current !== items[i]!.expected)
      Object.assign(candidate, { code: 'expected', limit: candidate.current })
  })
  if (all.every(({ code }) => code === 'none')) return false
  for (const candidate of all) if (candidate.code === 'none') candidate.code = 'round'
  return true
}

function judgeAlone(candidate: Candidate, live: LiveParameter | undefined, standard: Standard, now: UnixSeconds): void {
  if (candidate.spec === null || live === undefined) candidate.code = 'unknownId'
  else Object.assign(candidate, judgeMove(candidate.spec, live, candidate.value, standard, now))
}

/** A group with a tightening and a loosening falls, then a group with a member that failed alone. Limit: the group's number. */
function judgeGroups(all: readonly Candidate[]): void {
  const groupsOf = (matches: (candidate: Candidate) => boolean): Set<number> =>
    new Set(all.flatMap((candidate) => (candidate.spec !== null && matches(candidate) ? [candidate.spec.group] : [])))
  const failed = groupsOf(({ code }) => code !== 'none')
  const tightening = groupsOf(({ code, tightens }) => code === 'none' && tightens)
  const loosening = groupsOf(({ code, tightens }) => code === 'none' && !tightens)
  for (const candidate of all) {
    if (candidate.code !== 'none' || candidate.spec === null) continue
    const { group } = candidate.spec
    if (tightening.has(group) && loosening.has(group)) Object.assign(candidate, { code: 'mixedGroup', limit: group })
    else if (failed.has(group)) Object.assign(candidate, { code: 'group', limit: group })
  }
}

/**
 * A broken invariant rejects every survivor; no subset is searched. Each one that a survivor touches must hold with all survivors, and with the
 * tightenings alone: these are written now, the loosenings only after their veto window, if ever. Limit: the invariant. Mirrors `Judge._judgeJoint`.
 */
function judgeJoint(catalogue: Catalogue, live: ReadonlyMap<ParamId, LiveParameter>, all: readonly Candidate[]): void {
  const survivors = all.filter(({ code }) => code === 'none')
  const touched = new Set(survivors.map(({ id }) => id))
  const brokenBy = (moves: readonly Judgement[]): number => {
    const moved = new Map(moves.map(({ id, value }) => [id, value]))
    const valuesOf = (id: ParamId): { value: number; baseline: number } => {
      const { rule, state } = live.get(id)!
      return { value: moved.get(id) ?? state.value, baseline: rule.baseline }
    }
    return firstBrokenInvariant(catalogue.invariants, touched, valuesOf)?.invariant ?? Number.POSITIVE_INFINITY
  }
  const broken = Math.min(brokenBy(survivors), brokenBy(survivors.filter(({ tightens }) => tightens)))
  if (broken === Number.POSITIVE_INFINITY) return
  for (const candidate of survivors) Object.assign(candidate, { code: 'joint', limit: broken })
}
