import { schedule } from 'node-cron'
import type { Clock, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import type { Log } from '../log/createLog.ts'
import { observationTime } from './tickTimes.ts'

export type BellOptions = {
  readonly clock: Clock
  readonly log: Log
  /** How long after the bar's close a tick runs; below a minute or a whole number of minutes below an hour. */
  readonly delaySeconds: Seconds
  /** One tick. It gets the end of the bar it decides on. */
  readonly tick: (observedAt: UnixSeconds) => Promise<void>
  /** A ring that found the tick before still running, or the process late. */
  readonly onDropped: (observedAt: UnixSeconds) => void
  readonly signal: AbortSignal
}

const HOUR = 3_600

/**
 * Rings once an hour, UTC, until the signal aborts. Ticks never overlap: a ring during a tick is dropped and counted, not queued, because a later tick sees
 * all that an earlier one would have seen.
 */
export function ringHourly(options: BellOptions): Promise<void> {
  const { clock, log, delaySeconds, signal } = options
  const second = delaySeconds % 60
  const minute = Math.floor(delaySeconds / 60) % 60
  const ring = createRing(options)
  const task = schedule(`${second} ${minute} * * * *`, () => ring(observationTime(clock.now(), HOUR, delaySeconds)), { timezone: 'UTC' })
  task.on('execution:missed', () => options.onDropped(observationTime(clock.now(), HOUR, delaySeconds)))
  log.info({ delaySeconds }, 'clock started')
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      Promise.resolve(task.destroy()).then(() => resolve(), reject)
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

/** One ring of the bell: runs the tick, or drops it when one is running or this one was already run. */
export function createRing({
  log,
  tick,
  onDropped,
}: Pick<BellOptions, 'log' | 'tick' | 'onDropped'>): (observedAt: UnixSeconds) => Promise<void> {
  let running = false
  let last = Number.NEGATIVE_INFINITY
  return async (observedAt) => {
    if (running || observedAt <= last) {
      log.warn({ observedAt }, 'tick dropped')
      onDropped(observedAt)
      return
    }
    running = true
    last = observedAt
    try {
      await tick(observedAt)
    } finally {
      running = false
    }
  }
}
