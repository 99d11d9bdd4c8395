import type { LaneMode } from '../../types/index.ts'

/**
 * What can happen to a lane. The first four are the DAO's, the last two the guardian's (or the DAO's); the others follow from accepted rounds and
 * from the meter.
 */
export const laneEvents = [
  'openShadow',
  'openCanary',
  'openLive',
  'resume',
  'shadowDone',
  'canaryDone',
  'breaker',
  'impactExceeded',
  'restrictToTightening',
  'pause',
] as const
export type LaneEvent = (typeof laneEvents)[number]

/**
 * The one transition table; an event without a row entry is refused in that mode. Mirrors LaneMachine.sol.
 *
 * Loosening comes back only by a vote, and only through canary or shadow. A shadow lane has applied nothing yet, so nothing may move it to
 * tightenOnly, which applies: its breaker starts the shadow rounds afresh. Nothing automatic leads to paused. impactExceeded keeps tightenOnly and
 * paused but is remembered there.
 */
export const laneTable: Readonly<Record<LaneMode, Readonly<Partial<Record<LaneEvent, LaneMode>>>>> = {
  closed: { openShadow: 'shadow', openCanary: 'canary', openLive: 'live' },
  shadow: { openShadow: 'shadow', shadowDone: 'canary', breaker: 'shadow', pause: 'paused' },
  canary: {
    openShadow: 'shadow',
    canaryDone: 'live',
    breaker: 'tightenOnly',
    impactExceeded: 'tightenOnly',
    restrictToTightening: 'tightenOnly',
    pause: 'paused',
  },
  live: {
    openShadow: 'shadow',
    breaker: 'tightenOnly',
    impactExceeded: 'tightenOnly',
    restrictToTightening: 'tightenOnly',
    pause: 'paused',
  },
  tightenOnly: { openShadow: 'shadow', resume: 'canary', impactExceeded: 'tightenOnly', pause: 'paused' },
  paused: { openShadow: 'shadow', resume: 'canary', impactExceeded: 'paused' },
}

/** Mode after `event` in `mode`; null when there is no such transition. */
export function nextMode(mode: LaneMode, event: LaneEvent): LaneMode | null {
  return laneTable[mode][event] ?? null
}
