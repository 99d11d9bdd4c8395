import type { LaneSettings, Powers, UnixSeconds } from '../../types/index.ts'
import type { Lane } from './lane.ts'

const none: Powers = { submit: false, cosigned: false, applies: false, tightens: false, loosens: false, executes: false, walks: false }

/**
 * What a lane allows at `time`: the only place where mode, expiry, silence, undo and the engine set come together. At exactly the timeout the lane
 * still counts as heard; pause, expiry and a revoked epoch do not stop that clock. Mirrors `powersOf` of LaneMachine.sol.
 *
 * @param engineCount - Engines of the current epoch; zero after the epoch was revoked.
 */
export function powersOf(
  lane: Lane,
  settings: Pick<LaneSettings, 'heartbeatTimeout' | 'deadManTimeout' | 'expiresAt'>,
  engineCount: number,
  time: UnixSeconds,
): Powers {
  if (lane.mode === 'closed') return none
  const silence = time - lane.heartbeatAt
  const held = time < lane.tightenOnlyUntil
  const submit = lane.mode !== 'paused' && time < settings.expiresAt && engineCount !== 0
  const applies = submit && lane.mode !== 'shadow'
  const loosens = applies && lane.mode !== 'tightenOnly' && !held
  return {
    submit,
    cosigned: lane.mode === 'canary' || (lane.mode === 'tightenOnly' && lane.roundsLeft !== 0),
    applies,
    tightens: applies,
    loosens,
    executes: loosens && lane.mode === 'live' && silence <= settings.heartbeatTimeout,
    walks: silence > settings.deadManTimeout,
  }
}
