import { describe, expect, it } from 'vitest'
import { closedLane, countRound, type Lane, laneEvents, moveLane, nextMode, powersOf } from '../../../risk/rules/index.ts'
import { type LaneMode, laneModes } from '../../../risk/types/index.ts'

// The table of contracts/parameters/LaneMachine.sol, written out again by hand: S shadow, C canary, L live, T tighten only, P paused.
const table: Readonly<Record<LaneMode, string>> = {
  closed: 'SCL.......',
  shadow: 'S...C.S..P',
  canary: 'S....LTTTP',
  live: 'S.....TTTP',
  tightenOnly: 'S..C...T.P',
  paused: 'S..C...P..',
}
const letters: Readonly<Record<string, LaneMode | null>> = { S: 'shadow', C: 'canary', L: 'live', T: 'tightenOnly', P: 'paused', '.': null }

const settings = {
  heartbeatTimeout: 21_600,
  deadManTimeout: 86_400,
  expiresAt: 1_000_000,
  shadowRounds: 3,
  canaryRounds: 2,
  breakerRejections: 2,
}
const clean = { applied: 1, pended: 0, rejected: 0, countsForBreaker: false, flipped: false }
const bad = { ...clean, applied: 0, rejected: 1, countsForBreaker: true }
const lane = (mode: LaneMode, other: Partial<Lane> = {}): Lane => ({ ...closedLane, mode, heartbeatAt: 1_000, ...other })

describe('the transition table of a lane', () => {
  for (const mode of laneModes)
    for (const [i, event] of laneEvents.entries())
      it(`${mode} on ${event} → ${letters[table[mode][i]!] ?? 'refused'}`, () => {
        expect(nextMode(mode, event)).toBe(letters[table[mode][i]!])
      })
})

describe('the powers of a lane', () => {
  const powers = (mode: LaneMode, time = 2_000, other: Partial<Lane> = {}, engines = 3): string => {
    const all = powersOf(lane(mode, other), settings, engines, time)
    return Object.entries(all)
      .flatMap(([name, has]) => (has ? [name] : []))
      .join(' ')
  }
  it('a closed lane allows nothing, however long the silence', () => expect(powers('closed', 900_000)).toBe(''))
  it('a shadow lane takes rounds and applies none', () => expect(powers('shadow')).toBe('submit'))
  it('a canary lane applies co-signed rounds and executes nothing', () =>
    expect(powers('canary')).toBe('submit cosigned applies tightens loosens'))
  it('a live lane does everything but walk', () => expect(powers('live')).toBe('submit applies tightens loosens executes'))
  it('a tighten-only lane tightens', () => expect(powers('tightenOnly')).toBe('submit applies tightens'))
  it('a tighten-only lane that came from canary still wants its co-signs', () =>
    expect(powers('tightenOnly', 2_000, { roundsLeft: 1 })).toBe('submit cosigned applies tightens'))
  it('a paused lane takes nothing', () => expect(powers('paused')).toBe(''))
  it('given an undo a tick ago, a live lane does not loosen', () =>
    expect(powers('live', 2_000, { tightenOnlyUntil: 2_001 })).toBe('submit applies tightens'))
  it('given the mandate has expired, nothing is taken', () => expect(powers('live', 1_000_000, { heartbeatAt: 999_999 })).toBe(''))
  it('given a revoked epoch, nothing is taken', () => expect(powers('live', 2_000, {}, 0)).toBe(''))
  it('at exactly the heartbeat timeout it still executes, a second later it does not', () => {
    expect(powers('live', 22_600)).toContain('executes')
    expect(powers('live', 22_601)).not.toContain('executes')
  })
  it('the dead-man walks only after its own timeout, in every open mode', () => {
    for (const mode of laneModes.filter((each) => each !== 'closed')) {
      expect(powers(mode, 87_400)).not.toContain('walks')
      expect(powers(mode, 87_401)).toContain('walks')
    }
  })
})

describe('counting an accepted round', () => {
  it('shadow rounds lead to canary, and canary rounds to live', () => {
    const opened = moveLane(lane('closed'), 'openShadow', settings)!
    const canary = [1, 2, 3].reduce((each) => countRound(each, clean, settings), opened)
    expect([canary.mode, canary.roundsLeft]).toEqual(['canary', 2])
    expect([1, 2].reduce((each) => countRound(each, clean, settings), canary).mode).toBe('live')
  })
  it('a round that counts for the breaker is no progress', () => {
    expect(countRound(lane('canary', { roundsLeft: 2 }), bad, settings).roundsLeft).toBe(2)
  })
  it('rejected rounds in a row trip a live lane, a clean one between them does not', () => {
    const once = countRound(lane('live'), bad, settings)
    expect(once.mode).toBe('live')
    expect(countRound(once, bad, settings).mode).toBe('tightenOnly')
    expect(countRound(countRound(once, clean, settings), bad, settings).mode).toBe('live')
  })
  it('a flip trips at once', () => expect(countRound(lane('live'), { ...clean, flipped: true }, settings).mode).toBe('tightenOnly'))
  it('a flip that finds no breaker to trip is no progress', () => {
    const owing = lane('tightenOnly', { roundsLeft: 2 })
    expect(countRound(owing, { ...clean, flipped: true }, settings)).toEqual(owing)
    expect(countRound(owing, clean, settings).roundsLeft).toBe(1)
  })
  it('the breaker of a shadow lane starts its rounds afresh', () => {
    const tripped = countRound(lane('shadow', { roundsLeft: 1, rejectedInARow: 1 }), bad, settings)
    expect([tripped.mode, tripped.roundsLeft, tripped.rejectedInARow]).toEqual(['shadow', 3, 0])
  })
  it('nothing automatic stops a tighten-only lane from tightening', () => {
    const tripped = [1, 2, 3, 4].reduce((each) => countRound(each, bad, settings), lane('tightenOnly'))
    expect(tripped.mode).toBe('tightenOnly')
  })
})
