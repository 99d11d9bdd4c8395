import type { Clock, UnixSeconds } from '../../risk/types/index.ts'
import { systemClock } from './systemClock.ts'

/** A clock that stands still until it is set: event time of a replay. Waits still pass in real time. */
export type DrivenClock = Clock & { readonly set: (time: UnixSeconds) => void }

/** @param start - Time until the first {@link DrivenClock.set}. */
export function drivenClock(start: UnixSeconds): DrivenClock {
  let time = start
  return {
    now: () => time,
    sleep: systemClock.sleep,
    set(next) {
      time = Math.max(time, next)
    },
  }
}
