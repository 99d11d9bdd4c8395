import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  activateScope,
  applyRound,
  classifyRuleChange,
  emptyStore,
  executeLoosening,
  onlyRestrictsLoosening,
  type ParameterStore,
  type RoundContext,
  readParameter,
  ruleFaults,
  setRules,
  setValues,
  undoTightening,
  valueAt,
  vetoLoosening,
  walkParameter,
} from '../../../risk/rules/index.ts'
import type { Item, ParameterRule, ParameterValue, ParamId } from '../../../risk/types/index.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { createChance, firstContents, testCatalogue, testScope } from './randomRounds.ts'

const T0 = 1_600_000_000
const HOUR = 3_600
const rule = {
  floor: 0,
  ceiling: 281_474_976_710_655,
  tightenStepBps: 2_500,
  tightenStepFloor: 1,
  loosenStepBps: 1_000,
  tightenCooldown: 50,
  loosenCooldown: 1_440,
  tightenBudgetBps: 10_000,
  loosenBudgetBps: 2_500,
  loosenWindow: 168,
  vetoHours: 24,
  emergencyStepBps: 0,
  emergencyCooldown: 0,
}
const settings = { catalogue: testCatalogue, ruleDelay: 172_800, undoWindow: 86_400, executionGrace: 86_400 }

/** All parameters with plain rules. At a fee of 660 the range may not fall, since three fees must fit in it. */
function open(fee = 660): ParameterStore {
  const contents = firstContents(createChance(1)).map((first) => {
    const each = first.id === 'h.fee' ? { ...first, value: fee } : first
    const ramped = testCatalogue.parameters.find(({ id }) => id === each.id)!.ramped
    return { ...each, rule: { ...rule, baseline: each.rule.baseline, rampPerHour: ramped ? 100 : 0 } as unknown as ParameterRule }
  })
  return activateScope(emptyStore(settings), testScope, contents, T0)
}
const context: RoundContext = {
  round: 1,
  epoch: 1,
  writer: 'controller',
  shadow: false,
  mayTighten: true,
  mayLoosen: true,
  chargeSteward: false,
  flipWindow: 6 * HOUR,
}
const item = (store: ParameterStore, id: ParamId, to: number): Item => ({
  id,
  expected: store.scopes[testScope]![id]!.value as ParameterValue,
  value: to as ParameterValue,
})
const round = (store: ParameterStore, moves: Readonly<Record<ParamId, number>>, now: number, other: Partial<RoundContext> = {}) =>
  applyRound(
    store,
    testScope,
    Object.entries(moves).map(([id, to]) => item(store, id, to)),
    { ...context, ...other },
    now,
  )
const codes = (outcome: ReturnType<typeof applyRound>): string[] => outcome.judgements.map(({ code, limit }) => `${code} ${limit}`)
const day = T0 + 86_400

describe('judging a round', () => {
  const store = open()
  it('when a tightening stays inside step, cooldown and budget → it is applied', () => {
    const outcome = round(store, { 'a.range': 2_500 }, day)
    expect(codes(outcome)).toEqual(['none 0'])
    expect(outcome.store.scopes[testScope]!['a.range']!.value).toBe(2_500)
  })
  it('when one expected value is wrong → the whole round falls', () => {
    const items = [{ ...item(store, 'a.range', 2_100), expected: 1 as ParameterValue }, item(store, 'e.addOn', 8)]
    expect(codes(applyRound(store, testScope, items, context, day))).toEqual(['expected 2000', 'round 0'])
  })
  it('when the step is a unit too large → it names the largest', () =>
    expect(codes(round(store, { 'a.range': 2_501 }, day))).toEqual(['step 500']))
  it('when the cooldown runs → it names its end', () =>
    expect(codes(round(store, { 'a.range': 2_100 }, T0 + 2_999))).toEqual([`cooldown ${T0 + 3_000}`]))
  it('when 24 h of tightening would pass twice the value at their start → it names what is left', () => {
    const steps = [2_500, 3_125, 3_906].reduce((each, to, i) => round(each, { 'a.range': to }, day + i * HOUR).store, store)
    expect(codes(round(steps, { 'a.range': 4_001 }, day + 3 * HOUR))).toEqual(['budget 94'])
    expect(codes(round(steps, { 'a.range': 4_000 }, day + 3 * HOUR))).toEqual(['none 0'])
  })
  it('when a group mixes directions → both fall', () =>
    expect(codes(round(store, { 'b.volUp': 1_420, 'c.volDown': 24_990 }, day))).toEqual(['mixedGroup 2', 'mixedGroup 2']))
  it('when a member of a group fails → the group falls', () =>
    expect(codes(round(store, { 'b.volUp': 1_420, 'c.volDown': 99_999 }, day))).toEqual(['group 2', 'step 6250']))
  it('when a joint invariant breaks → every survivor falls, also one it does not read', () =>
    expect(codes(round(store, { 'e.addOn': 8, 'h.fee': 667 }, day))).toEqual(['joint 0', 'joint 0']))
  it('when the lane may not loosen → a loosening names the mode, a tightening passes', () =>
    expect(codes(round(store, { 'a.range': 2_100, 'g.weight': 7_600 }, day, { mayLoosen: false }))).toEqual(['none 0', 'mode 0']))
  it('when a governance parameter moves → it names the class', () =>
    expect(codes(round(store, { 'j.heartbeat': 61 }, day))).toEqual(['class 3']))
  it('when an id repeats or descends → the call reverts', () => {
    const twice = [item(store, 'a.range', 2_100), item(store, 'a.range', 2_200)]
    expect(() => applyRound(store, testScope, twice, context, day)).toThrow('RiskParameters_IdsNotAscending')
  })
  it('given a shadow round → it is judged and nothing is stored', () =>
    expect(round(store, { 'a.range': 2_500 }, day, { shadow: true }).store).toBe(store))
})

describe('a loosening', () => {
  const pended = round(open(500), { 'a.range': 1_900 }, day).store
  const pendingOf = (store: ParameterStore) => store.scopes[testScope]!['a.range']!.pending
  it('waits for its veto window', () => {
    expect(pendingOf(pended)).toMatchObject({ target: 1_900, eta: day + 24 * HOUR, expiry: day + 48 * HOUR })
    expect(() => executeLoosening(pended, testScope, 'a.range', 1, day + 24 * HOUR - 1)).toThrow('LooseningNotDue')
    expect(executeLoosening(pended, testScope, 'a.range', 1, day + 24 * HOUR).executed).toEqual([
      { id: 'a.range', previous: 2_000, value: 1_900, round: 1 },
    ])
  })
  it('keeps its eta when the target gets tighter and restarts when it gets looser', () => {
    expect(pendingOf(round(pended, { 'a.range': 1_950 }, day + HOUR).store)).toMatchObject({ target: 1_950, eta: day + 24 * HOUR })
    expect(pendingOf(round(pended, { 'a.range': 1_850 }, day + HOUR).store)).toMatchObject({ target: 1_850, eta: day + 25 * HOUR })
  })
  it('is void after any write to its parameter', () => {
    const written = round(pended, { 'a.range': 2_050 }, day + HOUR).store
    expect(() => executeLoosening(written, testScope, 'a.range', 1, day + 24 * HOUR)).toThrow('LooseningVoid')
  })
  it('is void in another epoch and expires after its grace', () => {
    expect(() => executeLoosening(pended, testScope, 'a.range', 2, day + 24 * HOUR)).toThrow('LooseningVoid')
    expect(() => executeLoosening(pended, testScope, 'a.range', 1, day + 48 * HOUR + 1)).toThrow('LooseningExpired')
  })
  it('once vetoed cannot come back for a loosen cooldown, while tightening goes on', () => {
    const vetoed = vetoLoosening(pended, testScope, 'a.range', day + HOUR)
    expect(codes(round(vetoed, { 'a.range': 1_900 }, day + 2 * HOUR))).toEqual([`vetoed ${day + 25 * HOUR}`])
    expect(codes(round(vetoed, { 'a.range': 2_100 }, day + 2 * HOUR))).toEqual(['none 0'])
    expect(codes(round(vetoed, { 'a.range': 1_900 }, day + 25 * HOUR))).toEqual(['none 0'])
  })
  it('charges the budget for a whole window, and a tightening between gives nothing back', () => {
    let store = open(500)
    let now = T0
    for (const to of [1_800, 1_640]) {
      now += 25 * HOUR
      store = round(store, { 'a.range': to }, now).store
      now += 24 * HOUR
      store = executeLoosening(store, testScope, 'a.range', 1, now).store
    }
    expect(readParameter(store, testScope, 'a.range', now).state.loosenBudgetUsedBps).toBe(1_000 + 889)
    const tightened = round(store, { 'a.range': 2_050 }, now + HOUR).store
    expect(codes(round(tightened, { 'a.range': 1_900 }, now + 2 * HOUR))).toEqual(['budget 611'])
  })
})

describe('a ramp', () => {
  it('n small writes give exactly what one big write gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 90_000 }),
        (parts, later) => {
          const total = 2_000 + parts.reduce((sum, part) => sum + part, 0)
          const free = setRulesNow(open())
          let value = 2_000
          const small = parts.reduce((store, part) => {
            value += part
            return round(store, { 'a.range': value }, day).store
          }, free)
          const big = round(free, { 'a.range': total }, day).store
          const at = (store: ParameterStore): number => readParameter(store, testScope, 'a.range', day + later).state.effective
          expect(at(small)).toBe(at(big))
        },
      ),
      propertyRuns,
    )
  })
  it('a loosening in mid-ramp does not jump the effective value up to the target', () => {
    const tightened = setValues(open(), testScope, [{ id: 'a.range', value: 3_000 }], day)
    const looser = setValues(tightened, testScope, [{ id: 'a.range', value: 2_800 }], day + HOUR)
    expect(readParameter(looser, testScope, 'a.range', day + HOUR).state.effective).toBe(2_100)
    const below = setValues(looser, testScope, [{ id: 'a.range', value: 2_050 }], day + 2 * HOUR)
    expect(readParameter(below, testScope, 'a.range', day + 2 * HOUR).state.effective).toBe(2_050)
  })
})

/** The same store without the tighten cooldown of the range, so that writes may share a second. */
function setRulesNow(store: ParameterStore): ParameterStore {
  const record = store.scopes[testScope]!['a.range']!
  const quick = { ...record, rule: { ...record.rule, tightenCooldown: 0 } }
  return { ...store, scopes: { [testScope]: { ...store.scopes[testScope], 'a.range': quick } } }
}

describe('the single moves', () => {
  it('undo restores the value before a tightening, once, inside its window, at no cost of budget', () => {
    const tightened = round(open(), { 'a.range': 2_500 }, day).store
    const undone = undoTightening(tightened, testScope, 'a.range', 1, day + HOUR)
    const { value, loosenBudgetUsedBps } = readParameter(undone, testScope, 'a.range', day + HOUR).state
    expect([value, loosenBudgetUsedBps]).toEqual([2_000, 0])
    const again = round(undone, { 'a.range': 2_500 }, day + 2 * HOUR).store
    expect(() => undoTightening(again, testScope, 'a.range', 3, day + 3 * HOUR)).toThrow('UndoUsed')
    expect(() => undoTightening(tightened, testScope, 'a.range', 1, day + 86_401)).toThrow('UndoTooLate')
    expect(() => undoTightening(tightened, testScope, 'a.range', 0, day)).toThrow('NotUndoable')
  })
  it('the dead-man walks one step toward a tighter baseline and stops there', () => {
    const store = setValues(open(), testScope, [{ id: 'g.weight', value: 5_000 }], day)
    const once = walkParameter(store, testScope, 'g.weight', day + 86_401)
    expect(once.scopes[testScope]!['g.weight']!.value).toBe(6_250)
    const twice = walkParameter(once, testScope, 'g.weight', day + 2 * 86_401)
    expect(twice.scopes[testScope]!['g.weight']!.value).toBe(7_812)
    const end = walkParameter(twice, testScope, 'g.weight', day + 3 * 86_401)
    expect(end.scopes[testScope]!['g.weight']!.value).toBe(end.scopes[testScope]!['g.weight']!.rule.baseline)
    expect(() => walkParameter(end, testScope, 'g.weight', day + 4 * 86_401)).toThrow('NotTighter')
  })
  it('the value at a time is that of the last entry not after it', () => {
    const record = round(open(), { 'a.range': 2_500 }, day).store.scopes[testScope]!['a.range']!
    expect([valueAt(record, T0 - 1), valueAt(record, day - 1), valueAt(record, day)]).toEqual([null, 2_000, 2_500])
  })
})

describe('a change of rule', () => {
  const record = open().scopes[testScope]!['a.range']!
  it('is in force at once only when every difference restricts loosening', () => {
    expect(onlyRestrictsLoosening(record.rule, { ...record.rule, loosenCooldown: 2_000, floor: 1_000 as ParameterValue }, 'up')).toBe(true)
    expect(onlyRestrictsLoosening(record.rule, { ...record.rule, ceiling: 9_000 as ParameterValue }, 'up')).toBe(false)
    expect(onlyRestrictsLoosening(record.rule, { ...record.rule, ceiling: 9_000 as ParameterValue }, 'down')).toBe(true)
    expect(onlyRestrictsLoosening(record.rule, { ...record.rule, loosenCooldown: 2_000, rampPerHour: 1 as ParameterValue }, 'up')).toBe(
      false,
    )
  })
  it('says what each difference does', () => {
    const next = { ...record.rule, ceiling: 9_000 as ParameterValue, vetoHours: 1 }
    expect(classifyRuleChange(record.rule, next, 'up').map(({ field, effect }) => [field, effect])).toEqual([
      ['ceiling', 'restrictsTightening'],
      ['vetoHours', 'freesLoosening'],
    ])
  })
  it('names every field outside its rails by its position', () => {
    const spec = testCatalogue.parameters[0]!
    const wrong = { ...record.rule, loosenWindow: 23, vetoHours: 0, rampPerHour: 0 as ParameterValue }
    expect(ruleFaults(spec, wrong).map(({ field, limit }) => [field, limit])).toEqual([
      [10, 24],
      [11, 1],
      [14, 1],
    ])
  })
  it('must carry the nearest bound when it excludes the live value, and writes it as an entry of its own', () => {
    const store = open()
    const narrow = { ...record.rule, floor: 2_100 as ParameterValue, baseline: 2_100 as ParameterValue }
    expect(() => setRules(store, testScope, [{ id: 'a.range', rule: narrow, value: 0 }], day)).toThrow('RuleExcludesValue')
    const floorOnly = { ...record.rule, floor: 2_000 as ParameterValue }
    const same = setRules(store, testScope, [{ id: 'a.range', rule: floorOnly, value: 0 }], day)
    expect(same.scopes[testScope]!['a.range']!.history).toHaveLength(1)
  })
  it('keeps what was loosened before in its budget', () => {
    const pended = round(open(), { 'g.weight': 7_000 }, day).store
    const loosened = executeLoosening(pended, testScope, 'g.weight', 1, day + 24 * HOUR).store
    const { rule: before } = loosened.scopes[testScope]!['g.weight']!
    const longer = setRules(loosened, testScope, [{ id: 'g.weight', rule: { ...before, loosenWindow: 400 }, value: 0 }], day + 25 * HOUR)
    expect(readParameter(longer, testScope, 'g.weight', day + 300 * HOUR).state.loosenBudgetUsedBps).toBe(910)
    expect(readParameter(loosened, testScope, 'g.weight', day + 300 * HOUR).state.loosenBudgetUsedBps).toBe(0)
  })
})
