import { effectiveValue, type ParameterStore, type RoundContext, type RuleSetting, readParameters } from '../../../risk/rules/index.ts'
import type {
  Bps,
  Catalogue,
  Item,
  LiveParameter,
  ParameterRule,
  ParameterSpec,
  ParameterValue,
  ParamId,
  ScopeId,
  UnixSeconds,
} from '../../../risk/types/index.ts'

/** One call on the store, as the differential test makes it on both sides. */
export type Operation =
  | { readonly kind: 'round'; readonly items: readonly Item[]; readonly context: RoundContext }
  | { readonly kind: 'setValues'; readonly values: readonly { readonly id: ParamId; readonly value: number }[] }
  | { readonly kind: 'setRules'; readonly settings: readonly RuleSetting[] }
  | { readonly kind: 'activateRule' | 'cancelRule' | 'walk' | 'veto'; readonly id: ParamId }
  | { readonly kind: 'execute'; readonly id: ParamId; readonly epoch: number }
  | { readonly kind: 'undo'; readonly id: ParamId; readonly entry: number }
  | { readonly kind: 'restrict'; readonly id: ParamId; readonly rule: ParameterRule }

/** Seeded source of choices. */
export type Chance = {
  readonly unit: () => number
  readonly below: (n: number) => number
  readonly pick: <T>(values: readonly T[]) => T
  readonly happens: (probability: number) => boolean
}

/** Congruential walk through whole numbers: the same everywhere. */
export function createChance(seed: number): Chance {
  let state = (seed % 2147483646) + 1
  const unit = (): number => {
    state = (state * 16807) % 2147483647
    return state / 2147483647
  }
  unit()
  const below = (n: number): number => Math.floor(unit() * n)
  return { unit, below, pick: (values) => values[below(values.length)]!, happens: (probability) => unit() < probability }
}

const value = (n: number): ParameterValue => n as ParameterValue
const bps = (n: number): Bps => n as Bps

function spec(id: ParamId, direction: ParameterSpec['direction'], group: number, other: Partial<ParameterSpec> = {}): ParameterSpec {
  return {
    id,
    unit: 'bps',
    description: id,
    scopeKind: 'market',
    direction,
    class: direction === 'twoSided' ? 'money' : 'risk',
    group,
    ramped: false,
    rails: {
      floor: value(0),
      ceiling: value(281_474_976_710_655),
      maxTightenStepBps: bps(10_000),
      maxLoosenStepBps: bps(5_000),
      maxTightenBudgetBps: bps(20_000),
      maxLoosenBudgetBps: bps(10_000),
      minLoosenCooldownMinutes: 0,
      minVetoHours: 1,
    },
    ...other,
  }
}

/** Every direction, class, a ramped parameter each way, coupling groups of one to three, a parameter near 2^48, one of another kind. */
export const testCatalogue: Catalogue = {
  schema: 'ballast.catalogue',
  version: 1,
  name: 'differential',
  parameters: [
    spec('a.range', 'up', 1, { ramped: true }),
    spec('b.volUp', 'up', 2, { ramped: true }),
    spec('c.volDown', 'up', 2),
    spec('d.cap', 'down', 3, { ramped: true }),
    spec('e.addOn', 'up', 4),
    spec('f.depth', 'down', 4),
    spec('g.weight', 'up', 4),
    spec('h.fee', 'twoSided', 5),
    spec('i.share', 'twoSided', 5),
    spec('j.heartbeat', 'up', 6, { class: 'governance', rails: { ...spec('', 'up', 0).rails, minVetoHours: 0 } }),
    spec('k.huge', 'up', 7),
    spec('l.haircut', 'up', 8, { scopeKind: 'asset' }),
  ],
  invariants: [
    { left: 'h.fee', right: 'a.range', leftBaseline: false, rightBaseline: false, leftMul: 3, rightMul: 1, slack: value(0) },
    { left: 'a.range', right: 'b.volUp', leftBaseline: true, rightBaseline: false, leftMul: 1, rightMul: 1, slack: value(600) },
    { left: 'c.volDown', right: 'd.cap', leftBaseline: false, rightBaseline: true, leftMul: 2, rightMul: 1, slack: value(5) },
  ],
}

export const testScope: ScopeId = 'market:ETH'

const firstValues: Readonly<Record<ParamId, number>> = {
  'a.range': 2_000,
  'b.volUp': 1_405,
  'c.volDown': 25_000,
  'd.cap': 50_000,
  'e.addOn': 7,
  'f.depth': 900,
  'g.weight': 7_700,
  'h.fee': 660,
  'i.share': 7_000,
  'j.heartbeat': 60,
  'k.huge': 100_000_000_000_000,
}

/** First rule and value of each parameter of the test scope. */
export function firstContents(chance: Chance): { readonly id: ParamId; readonly rule: ParameterRule; readonly value: number }[] {
  return testCatalogue.parameters
    .filter(({ scopeKind }) => scopeKind === 'market')
    .map((each) => ({ id: each.id, rule: randomRule(chance, each, firstValues[each.id]!), value: firstValues[each.id]! }))
}

/** A rule inside the rails of `testCatalogue` that contains `live`. */
function randomRule(chance: Chance, { class: paramClass, direction, group, ramped }: ParameterSpec, live: number): ParameterRule {
  const risk = paramClass === 'risk'
  // In two groups the baseline is tighter than the first value, so that the dead-man has somewhere to walk.
  const tighter = group === 4 || group === 7 ? Math.ceil(live * 0.02) : 0
  return {
    floor: value(Math.floor(live * chance.pick([0, 0.4, 0.7, 0.95]))),
    ceiling: value(Math.min(281_474_976_710_655, Math.ceil(live * chance.pick([1.15, 1.5, 2.5])))),
    baseline: value(direction === 'down' ? live - tighter : live + tighter),
    tightenStepBps: bps(chance.pick([0, 500, 2_500, 2_500])),
    tightenStepFloor: value(chance.pick([0, 1])),
    loosenStepBps: bps(chance.pick([0, 1_000, 2_500, 2_500])),
    tightenCooldown: chance.pick([0, 50, 600]),
    loosenCooldown: chance.pick([0, 600, 1_440, 1_440]),
    tightenBudgetBps: bps(chance.pick([300, 3_000, 10_000])),
    loosenBudgetBps: bps(chance.pick([0, 1_500, 4_000, 10_000])),
    loosenWindow: chance.pick([24, 72, 168]),
    vetoHours: chance.pick([1, 6, 24]),
    emergencyStepBps: bps(risk ? chance.pick([0, 1_000, 5_000]) : 0),
    emergencyCooldown: chance.pick([0, 30]),
    rampPerHour: value(ramped ? chance.pick([1, 40, 1_000]) : 0),
  }
}

const MINUTE = 60
const HOUR = 3_600

/** How long until the next call: often until a pending loosening is due, else short, or exactly on a cooldown, veto window or budget window. */
export function randomPause(chance: Chance, store: ParameterStore, now: UnixSeconds): number {
  const etas = Object.values(store.scopes[testScope] ?? {}).flatMap(({ pending }) =>
    pending === null || pending.eta < now ? [] : [pending.eta],
  )
  if (etas.length > 0 && chance.happens(0.3)) return chance.pick(etas) - now
  return chance.pick([
    0,
    1,
    10 * MINUTE,
    50 * MINUTE,
    HOUR,
    HOUR + 1,
    3 * HOUR,
    6 * HOUR,
    24 * HOUR - 1,
    24 * HOUR,
    24 * HOUR + 1,
    80 * HOUR,
  ])
}

/** A call on the scope as it stands, close to the limits of its rules. Most are rounds. */
export function randomOperation(chance: Chance, store: ParameterStore, now: UnixSeconds): Operation {
  const parameters = readParameters(store, testScope, now)
  const live = chance.pick(parameters)
  const vetoed = parameters.filter(({ state }) => state.vetoedUntil > now)
  if (vetoed.length > 0 && chance.happens(0.4)) return oneUnit(chance.pick(vetoed), 'loosen')
  const tightened = parameters.filter(({ state, rule }) => now < state.lastTightenAt + rule.tightenCooldown * MINUTE)
  if (tightened.length > 0 && chance.happens(0.1)) return oneUnit(chance.pick(tightened), 'tighten')
  if (chance.happens(0.55)) return randomRound(chance, store, parameters, now)
  const due = parameters.filter(({ pending, state }) => pending?.historyLength === state.historyLength && now <= pending.expiry)
  const tightenedLately = parameters.filter(({ id }) => wasTightened(store, id, now))
  if (tightenedLately.length > 0 && chance.happens(0.3)) return randomUndo(chance, chance.pick(tightenedLately))
  switch (chance.below(12)) {
    case 0:
      return {
        kind: 'setValues',
        values: sorted(chance, parameters, 2).map((each) => ({ id: each.id, value: near(chance, each.state.value) })),
      }
    case 1:
      return { kind: 'walk', id: chance.pick([live, ...parameters.filter(isLooserThanBaseline)]).id }
    case 2:
    case 9:
      return { kind: 'veto', id: chance.pick(due.length > 0 ? due : parameters).id }
    case 3:
      return randomUndo(chance, chance.pick(tightenedLately.length > 0 ? tightenedLately : parameters))
    case 4:
      return { kind: 'restrict', id: live.id, rule: changedRule(chance, live, chance.happens(0.7)) }
    case 5:
    case 6:
      return { kind: 'setRules', settings: sorted(chance, parameters, 2).map((each) => randomSetting(chance, each)) }
    case 7:
      return { kind: 'activateRule', id: pickWithPendingRule(chance, store, live.id) }
    case 8:
      return { kind: 'cancelRule', id: chance.happens(0.5) ? live.id : pickWithPendingRule(chance, store, live.id) }
    default:
      return { kind: 'execute', id: chance.pick(due.length > 0 ? due : parameters).id, epoch: chance.happens(0.9) ? 1 : 2 }
  }
}

/** A round of one item that moves by one unit: while a veto bars it, or before its cooldown ends. */
function oneUnit({ id, state }: LiveParameter, move: 'tighten' | 'loosen'): Operation {
  const { direction } = testCatalogue.parameters.find((each) => each.id === id)!
  const sign = (direction === 'up') === (move === 'tighten') ? 1 : -1
  const target = value(Math.max(0, state.value + sign))
  const context = {
    round: 1,
    epoch: 1,
    writer: 'controller',
    shadow: false,
    mayTighten: true,
    mayLoosen: true,
    chargeSteward: false,
    flipWindow: 0,
  } as const
  return { kind: 'round', items: [{ id, expected: state.value, value: target }], context }
}

function isLooserThanBaseline({ id, rule, state }: LiveParameter): boolean {
  const { direction } = testCatalogue.parameters.find((each) => each.id === id)!
  return direction === 'up' ? state.value < rule.baseline : direction === 'down' && state.value > rule.baseline
}

/** Whether the last entry is a tightening of the last day by anyone but the DAO. */
function wasTightened(store: ParameterStore, id: ParamId, now: UnixSeconds): boolean {
  const { reason, time } = store.scopes[testScope]![id]!.history.at(-1)!
  return ['round', 'emergency', 'deadman'].includes(reason) && now - time <= 24 * HOUR
}

function randomUndo(chance: Chance, { id, state }: LiveParameter): Operation {
  return { kind: 'undo', id, entry: Math.max(0, state.historyLength - 1 - chance.pick([0, 0, 0, 1, 2])) }
}

function pickWithPendingRule(chance: Chance, store: ParameterStore, otherwise: ParamId): ParamId {
  const ids = Object.entries(store.scopes[testScope] ?? {}).flatMap(([id, { pendingRule }]) => (pendingRule === null ? [] : [id]))
  return ids.length === 0 ? otherwise : chance.pick(ids)
}

function randomRound(chance: Chance, store: ParameterStore, parameters: readonly LiveParameter[], now: UnixSeconds): Operation {
  const group = chance.pick([2, 4, 5])
  const members = parameters.filter(({ id }) => testCatalogue.parameters.find((each) => each.id === id)?.group === group)
  const chosen = chance.happens(0.2) ? sorted(chance, members, 4) : sorted(chance, parameters, chance.pick([0, 1, 1, 1, 2, 2, 3, 5]))
  const items = chosen.map(
    (live): Item => ({
      id: live.id,
      expected: chance.happens(0.02) ? value(live.state.value + 1) : live.state.value,
      value: value(randomTarget(chance, store, live, now)),
    }),
  )
  if (chance.happens(0.03)) items.push({ id: 'l.haircut', expected: value(1), value: value(2) })
  if (chance.happens(0.02)) items.push({ id: 'z.unknown', expected: value(1), value: value(2) })
  if (chance.happens(0.01)) items.reverse()
  return {
    kind: 'round',
    items,
    context: {
      round: chance.below(1_000_000),
      epoch: chance.happens(0.95) ? 1 : 2,
      writer: chance.happens(0.92) ? 'controller' : 'steward',
      shadow: chance.happens(0.03),
      mayTighten: chance.happens(0.95),
      mayLoosen: chance.happens(0.93),
      chargeSteward: chance.happens(0.1),
      flipWindow: chance.pick([0, 6 * HOUR, 100 * HOUR]),
    },
  }
}

/** Mostly a value at, just inside or just outside a limit of the rule. */
function randomTarget(chance: Chance, store: ParameterStore, live: LiveParameter, now: UnixSeconds): number {
  const { rule, state, pending } = live
  // Half of the moves are small enough to pass everything but timers, groups and joint invariants.
  if (chance.happens(0.5)) {
    const small = state.value + chance.pick([-1, 1]) * Math.max(1, Math.floor(state.value * 0.02 * chance.unit()))
    return Math.min(rule.ceiling, Math.max(rule.floor, small))
  }
  const record = store.scopes[testScope]![live.id]!
  const effective = effectiveValue(testCatalogue.parameters.find(({ id }) => id === live.id)!, record, now)
  const sign = chance.pick([-1, 1])
  const step = chance.pick([rule.tightenStepBps, rule.loosenStepBps, rule.emergencyStepBps])
  const budget = Math.floor((state.tightenBudgetBase * rule.tightenBudgetBps) / 10_000) - state.tightenBudgetUsed
  const budgetBps = rule.loosenBudgetBps - state.loosenBudgetUsedBps
  const at = chance.pick([
    () => state.value + sign * Math.floor((state.value * step) / 10_000),
    () => state.value + sign * Math.floor((state.value * chance.below(Math.max(step, 1))) / 10_000),
    () => state.value + sign,
    () => rule.floor,
    () => rule.ceiling,
    () => state.value + sign * budget,
    () => state.value + sign * Math.floor((state.value * budgetBps) / 10_000),
    () => pending?.target ?? state.value,
    () => effective,
  ])()
  return Math.min(281_474_976_710_655, Math.max(0, at + chance.pick([0, 0, 0, -1, 1])))
}

function randomSetting(chance: Chance, live: LiveParameter): RuleSetting {
  const rule = changedRule(chance, live, chance.happens(0.5))
  const nearest = Math.min(rule.ceiling, Math.max(rule.floor, live.state.value))
  const honest = nearest === live.state.value ? 0 : nearest
  return { id: live.id, rule, value: chance.happens(0.95) ? honest : honest + 1 }
}

/** The live rule with one to three fields changed; mostly restricting loosening when asked for. */
function changedRule(chance: Chance, { id, rule, state }: LiveParameter, restricting: boolean): ParameterRule {
  const { direction, ramped } = testCatalogue.parameters.find((each) => each.id === id)!
  if (restricting) {
    const bound = direction === 'up' ? { floor: value(Math.min(state.value, rule.floor + chance.below(50))) } : {}
    const cap = direction === 'down' ? { ceiling: value(Math.max(state.value, rule.ceiling - chance.below(50))) } : {}
    return {
      ...rule,
      ...bound,
      ...cap,
      loosenCooldown: rule.loosenCooldown + chance.below(3),
      loosenWindow: rule.loosenWindow + chance.below(2),
    }
  }
  const changes: Partial<ParameterRule>[] = [
    { floor: value(near(chance, rule.floor)) },
    { ceiling: value(near(chance, rule.ceiling)) },
    { floor: value(Math.min(rule.baseline, state.value + 1)) },
    { ceiling: value(Math.max(rule.baseline, state.value - 1)) },
    { baseline: value(near(chance, rule.baseline)) },
    { tightenStepBps: bps(chance.pick([0, 2_500, 10_001])) },
    { tightenBudgetBps: bps(chance.pick([3_000, 10_000])) },
    { loosenBudgetBps: bps(chance.pick([1_500, 4_000])) },
    { loosenWindow: chance.pick([23, 24, 168]) },
    { vetoHours: chance.pick([0, 1, 24]) },
    { rampPerHour: value(ramped ? chance.pick([0, 7, 500]) : chance.pick([0, 1])) },
  ]
  return { ...rule, ...chance.pick(changes), ...(chance.happens(0.3) ? chance.pick(changes) : {}) }
}

function near(chance: Chance, n: number): number {
  return Math.max(0, n + chance.pick([-1, 1]) * Math.ceil(n * chance.unit() * 0.1))
}

/** Up to `count` different parameters, ids ascending. */
function sorted(chance: Chance, parameters: readonly LiveParameter[], count: number): LiveParameter[] {
  const chosen = new Set<LiveParameter>()
  for (let i = 0; i < count; i++) chosen.add(chance.pick(parameters))
  return parameters.filter((each) => chosen.has(each))
}
