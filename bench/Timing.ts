import { median as medianOf } from 'simple-statistics'

/**
 * Best and median of repeated runs by the clock, and the best by processor time, all threads of the process together. On a busy machine a run longer than the
 * scheduler's slice is interrupted, so its clock time says how busy the machine was; processor time says what the work costs.
 */
export type Timing = { readonly best: number; readonly median: number; readonly processor: number }

/** Runs `act` once unmeasured, then `runs` times. `scale` turns milliseconds into the unit wanted. */
export async function time(runs: number, scale: number, act: () => unknown): Promise<Timing> {
  await act()
  const times: number[] = []
  const processor: number[] = []
  for (let run = 0; run < runs; run++) {
    const used = process.cpuUsage()
    const start = performance.now()
    const pending = act()
    if (pending instanceof Promise) await pending
    times.push((performance.now() - start) * scale)
    const { user, system } = process.cpuUsage(used)
    processor.push(((user + system) / 1000) * scale)
  }
  return { best: Math.min(...times), median: medianOf(times), processor: Math.min(...processor) }
}

/** The best of the bests and the median of the medians. */
export function mergeTimings(timings: readonly Timing[]): Timing {
  return {
    best: Math.min(...timings.map(({ best }) => best)),
    median: medianOf(timings.map(({ median }) => median)),
    processor: Math.min(...timings.map(({ processor }) => processor)),
  }
}
