import type { Seconds, UnixSeconds } from '../../risk/types/index.ts'

/** The end of the last bar that closed at least `delay` before `now`: the observation time of the tick that runs now. */
export function observationTime(now: UnixSeconds, tickSeconds: Seconds, delay: Seconds): UnixSeconds {
  return Math.floor((now - delay) / tickSeconds) * tickSeconds
}
