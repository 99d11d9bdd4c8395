import { constants } from 'node:os'

/** A signal that comes again this soon is the same one: to the process group, and passed on by a parent. */
const SAME_SIGNAL_MS = 1_000

/** Aborts on the first SIGINT, SIGTERM or SIGHUP, so that what is open is closed in order; a later one ends the process at once. */
export function stopOnSignals(): AbortSignal {
  const stop = new AbortController()
  let first = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      const now = performance.now()
      if (!stop.signal.aborted) {
        first = now
        stop.abort()
      } else if (now - first > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal])
    })
  return stop.signal
}
