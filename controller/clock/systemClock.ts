import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../risk/types/index.ts'

/** The machine's clock. A wait ends early, by throwing, when its signal aborts. */
export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1_000),
  sleep: (seconds, signal) => wait(seconds * 1_000, undefined, signal && { signal }),
}

/** Seconds on a clock that only rises, whatever happens to the time of day. */
export const elapsed = (): number => performance.now() / 1_000
