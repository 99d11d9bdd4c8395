/** Best and median of repeated runs. */
export type Timing = { readonly best: number; readonly median: number }

/** Runs `act` once unmeasured, then `runs` times. `scale` turns milliseconds into the unit wanted. */
export async function time(runs: number, scale: number, act: () => unknown): Promise<Timing> {
  await act()
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    const pending = act()
    if (pending instanceof Promise) await pending
    times.push((performance.now() - start) * scale)
  }
  return { best: Math.min(...times), median: quantileOf(times, 0.5) }
}

/** The best of the bests and the median of the medians. */
export function mergeTimings(timings: readonly Timing[]): Timing {
  return {
    best: Math.min(...timings.map(({ best }) => best)),
    median: quantileOf(
      timings.map(({ median }) => median),
      0.5,
    ),
  }
}

/** The value that a share of the times does not exceed. */
export function quantileOf(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
