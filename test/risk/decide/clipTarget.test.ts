import { describe, expect, it } from 'vitest'
import { clipTarget, usdToWadUp } from '../../../risk/decide/index.ts'
import type { LiveParameter, ParameterRule, ParameterSpec, ParameterState, ParameterValue, Powers } from '../../../risk/types/index.ts'

const NOW = 1_600_000_000
const HOUR = 3_600
const value = (n: number): ParameterValue => n as ParameterValue
const spec = { id: 'x', direction: 'up', class: 'risk', group: 1, ramped: false } as unknown as ParameterSpec
const rule = {
  floor: 1_200,
  ceiling: 5_000,
  baseline: 2_100,
  tightenStepBps: 2_500,
  tightenStepFloor: 100,
  loosenStepBps: 1_000,
  tightenCooldown: 50,
  loosenCooldown: 1_440,
  tightenBudgetBps: 10_000,
  loosenBudgetBps: 2_500,
  loosenWindow: 168,
  vetoHours: 24,
} as unknown as ParameterRule
const state: ParameterState = {
  value: value(2_000),
  effective: value(2_000),
  lastTightenAt: NOW - 48 * HOUR,
  lastWriteAt: NOW - 48 * HOUR,
  historyLength: 3,
  loosenBudgetUsedBps: 0,
  tightenBudgetUsed: 0,
  stewardTightenUsed: 0,
  tightenBudgetBase: 2_000,
  vetoedUntil: 0,
}
const powers: Powers = { submit: true, cosigned: false, applies: true, tightens: true, loosens: true, executes: true, walks: false }
const frame = { now: NOW, powers, epoch: 1, cosigned: false, hysteresis: 0.02 }
const pending = {
  target: value(1_800),
  createdAt: NOW - HOUR,
  eta: NOW + 23 * HOUR,
  expiry: NOW + 47 * HOUR,
  epoch: 1,
  historyLength: 3,
  round: 1,
}
const live = (other: Partial<ParameterState> = {}, rest: Partial<LiveParameter> = {}): LiveParameter => ({
  id: 'x',
  rule,
  state: { ...state, ...other },
  pending: null,
  ...rest,
})
const clip = (target: number, parameter: LiveParameter = live(), other: Partial<typeof frame> = {}, of: ParameterSpec = spec): string => {
  const { clips, proposed, outcome } = clipTarget(of, parameter, value(target), { ...frame, ...other })
  const bounds = clips.map(({ bound }) => bound).join('+')
  return `${outcome.kind === 'move' ? outcome.direction : outcome.reason} ${proposed}${bounds === '' ? '' : ` by ${bounds}`}`
}

describe('clipping a target', () => {
  it('when nothing binds → the target itself', () => expect(clip(2_300)).toBe('tighten 2300'))
  it('when the move is below the hysteresis → it holds', () => expect(clip(2_039)).toBe('hysteresis 2000 by hysteresis'))
  it('when the move is exactly the hysteresis → it moves', () => expect(clip(2_040)).toBe('tighten 2040'))
  it('when the step is too large → the step', () => expect(clip(4_000)).toBe('tighten 2500 by tightenStep'))
  it('when the budget is nearly used → what is left of it', () =>
    expect(clip(4_000, live({ tightenBudgetUsed: 1_900 }))).toBe('tighten 2100 by tightenStep+tightenBudget'))
  it('when the budget is used → it holds', () =>
    expect(clip(4_000, live({ tightenBudgetUsed: 2_000 }))).toBe('budget 2000 by tightenStep+tightenBudget'))
  it('when a steward co-signs → the fuller of both sums binds, since a cut may end the need for the co-signature', () => {
    expect(clip(4_000, live({ stewardTightenUsed: 1_900 }))).toBe('tighten 2500 by tightenStep')
    expect(clip(4_000, live({ stewardTightenUsed: 1_900 }), { cosigned: true })).toBe('tighten 2100 by tightenStep+tightenBudget')
    expect(clip(4_000, live({ tightenBudgetUsed: 1_800 }), { cosigned: true })).toBe('tighten 2200 by tightenStep+tightenBudget')
  })
  it('when the cooldown runs → it holds', () => expect(clip(2_300, live({ lastTightenAt: NOW - 2_999 }))).toBe('cooldown 2000 by cooldown'))
  it('when the lane may not tighten → it holds', () =>
    expect(clip(2_300, live(), { powers: { ...powers, tightens: false } })).toBe('mode 2000 by mode'))
  it('when the lane is in shadow → it proposes as if it were live', () =>
    expect(clip(2_300, live(), { powers: { ...powers, applies: false, tightens: false, loosens: false } })).toBe('tighten 2300'))
  it('when the target is far above the ceiling and the value just below → the last small step', () =>
    expect(clip(8_000, live({ value: value(4_960), tightenBudgetBase: value(4_960) }))).toBe('tighten 5000 by ceiling'))
  it('when the value is at the ceiling already → it holds at its bound', () =>
    expect(clip(8_000, live({ value: value(5_000) }))).toBe('atBound 5000 by ceiling'))
  it('when a loosening is too large → the step', () => expect(clip(1_300)).toBe('loosen 1800 by loosenStep'))
  it('when the drift budget is nearly used → what is left of it', () =>
    expect(clip(1_300, live({ loosenBudgetUsedBps: 2_200 }))).toBe('loosen 1940 by loosenStep+loosenBudget'))
  it('when the drift budget is used → it holds', () =>
    expect(clip(1_300, live({ loosenBudgetUsedBps: 2_500 }))).toBe('budget 2000 by loosenStep+loosenBudget'))
  it('when a veto is in force → it holds, and tightening goes on', () => {
    expect(clip(1_900, live({ vetoedUntil: NOW + 1 }))).toBe('vetoed 2000 by vetoed')
    expect(clip(2_300, live({ vetoedUntil: NOW + 1 }))).toBe('tighten 2300')
  })
  it('when the loosening would be due before its cooldown ends → it holds', () => {
    const slow = live({ lastWriteAt: NOW - HOUR }, { rule: { ...rule, loosenCooldown: 10_080, vetoHours: 72 } })
    expect(clip(1_900, slow)).toBe('cooldown 2000 by cooldown')
  })
})

describe('clipping a target while a loosening pends', () => {
  const pends = (other: Partial<ParameterState> = {}): LiveParameter => live(other, { pending })
  it('when a looser target is wanted → it holds, else it would never execute', () =>
    expect(clip(1_300, pends())).toBe('pending 2000 by loosenStep+pending'))
  it('when a clearly tighter target is wanted → it shrinks the pending one', () => expect(clip(1_900, pends())).toBe('loosen 1900'))
  it('when policy no longer wants to loosen → a tightening voids it, however small', () =>
    expect(clip(2_010, pends())).toBe('tighten 2010'))
  it('when the pending one is void, expired or of another epoch → it does not count', () => {
    expect(clip(1_300, pends({ historyLength: 4 }))).toBe('loosen 1800 by loosenStep')
    expect(clip(1_300, live({}, { pending: { ...pending, expiry: NOW - 1 } }))).toBe('loosen 1800 by loosenStep')
    expect(clip(1_300, live({}, { pending: { ...pending, epoch: 2 } }))).toBe('loosen 1800 by loosenStep')
  })
})

describe('clipping a target in the other directions', () => {
  const down = { ...spec, direction: 'down' } as ParameterSpec
  const both = { ...spec, direction: 'twoSided' } as ParameterSpec
  it('a parameter that tightens down tightens down', () => {
    expect(clip(1_700, live(), {}, down)).toBe('tighten 1700')
    expect(clip(4_000, live(), {}, down)).toBe('loosen 2200 by loosenStep')
  })
  it('every move of a two-sided parameter is a loosening', () => {
    expect(clip(4_000, live(), {}, both)).toBe('loosen 2200 by loosenStep')
    expect(clip(1_300, live(), {}, both)).toBe('loosen 1800 by loosenStep')
  })
})

describe('USD with 18 decimals', () => {
  it('is exact where a double is, and rounds up below', () => {
    expect(usdToWadUp(0)).toBe(0n)
    expect(usdToWadUp(1.5)).toBe(1_500_000_000_000_000_000n)
    expect(usdToWadUp(123_456_789.25)).toBe(123_456_789_250_000_000_000_000_000n)
    expect(usdToWadUp(1e-30)).toBe(223n)
    expect(usdToWadUp(0.1) >= 100_000_000_000_000_000n).toBe(true)
  })
})
