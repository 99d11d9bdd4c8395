import type { LaneMode, LaneSettings, UnixSeconds } from '../../types/index.ts'
import type { RoundResult } from '../store/index.ts'
import { type LaneEvent, nextMode } from './laneMachine.ts'

/** What the mandate keeps of a lane; mirrors `LaneCore` of LaneMachine.sol without its meter. */
export type Lane = {
  readonly mode: LaneMode
  /** Clean rounds with items still to come in shadow, or still to be co-signed. */
  readonly roundsLeft: number
  readonly rejectedInARow: number
  /** Last accepted round. */
  readonly round: number
  readonly observedAt: UnixSeconds
  readonly heartbeatAt: UnixSeconds
  readonly tightenOnlyUntil: UnixSeconds
}

type RoundCounts = Pick<LaneSettings, 'shadowRounds' | 'canaryRounds' | 'breakerRejections'>

/** A lane that was never opened. */
export const closedLane: Lane = {
  mode: 'closed',
  roundsLeft: 0,
  rejectedInARow: 0,
  round: 0,
  observedAt: 0,
  heartbeatAt: 0,
  tightenOnlyUntil: 0,
}

/** The lane after `event`; null when its mode has no such transition. Mirrors `ControllerMandate._move`. */
export function moveLane(lane: Lane, event: LaneEvent, settings: RoundCounts): Lane | null {
  const mode = nextMode(lane.mode, event)
  if (mode === null) return null
  const roundsLeft = { shadow: settings.shadowRounds, canary: settings.canaryRounds, live: 0 }[mode as string] ?? lane.roundsLeft
  return { ...lane, mode, roundsLeft, rejectedInARow: 0 }
}

/**
 * Counts an accepted round with items: the breaker first, then, for a clean one, progress through shadow or the co-signed rounds.
 * Mirrors `ControllerMandate._count`.
 */
export function countRound(lane: Lane, result: RoundResult, settings: RoundCounts): Lane {
  const counted = { ...lane, rejectedInARow: result.countsForBreaker ? Math.min(lane.rejectedInARow + 1, 255) : 0 }
  const trips = result.flipped || counted.rejectedInARow >= settings.breakerRejections
  const tripped = trips ? moveLane(counted, 'breaker', settings) : null
  if (tripped !== null) return tripped
  if (counted.roundsLeft === 0 || result.countsForBreaker || result.flipped) return counted
  const next = { ...counted, roundsLeft: counted.roundsLeft - 1 }
  if (next.roundsLeft !== 0) return next
  const done = next.mode === 'shadow' ? 'shadowDone' : next.mode === 'canary' ? 'canaryDone' : null
  return (done === null ? null : moveLane(next, done, settings)) ?? next
}
