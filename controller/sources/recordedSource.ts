import { inspectBars } from '../../risk/market/index.ts'
import type { Bar, Hash, MarketSource, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import { BadPrintError, StaleFeedError, UnavailableError } from '../errors/SourceErrors.ts'
import { flatMarkVol } from './markVol.ts'
import type { PricedSource } from './simulatedSource.ts'

export type RecordedSourceOptions = {
  /** Name of the recording, as snapshots show it. */
  readonly name: string
  /** keccak256 of the recorded file's bytes. */
  readonly contentHash: Hash
  /** Hourly bars, ascending by start and by knownAt. */
  readonly bars: readonly Bar[]
  /** Oldest bar that still counts as fresh. */
  readonly maxBarAgeSeconds: Seconds
  /** How much history the genesis state is folded from. */
  readonly seedSeconds: Seconds
}

/** Hours that the mark volatility looks back on, with the bar before them. */
const MARK_BARS = 169

/**
 * Recorded bars as a source. Only what was known at a time is ever shown for it. Portfolios and the mark volatility are generated, and named so.
 *
 * @throws from its functions: {UnavailableError} before the first bar, {StaleFeedError} when the newest bar known is too old, {BadPrintError} when the
 * newest seed bar has a price that no market made; the decision judges the bars after the seed.
 */
export function recordedSource({ name, contentHash, bars, maxBarAgeSeconds, seedSeconds }: RecordedSourceOptions): PricedSource {
  /** How many bars were known at `time`. */
  const knownAt = (time: UnixSeconds): number => {
    let low = 0
    let high = bars.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((bars[middle] as Bar).knownAt <= time) low = middle + 1
      else high = middle
    }
    return low
  }
  const lastAt = (time: UnixSeconds): Bar => {
    const last = bars[knownAt(time) - 1]
    if (last === undefined) throw new UnavailableError({ source: name, what: 'bars', time })
    return last
  }
  const market: MarketSource = {
    fetchSeed: async (time) => {
      lastAt(time)
      const seed = bars.slice(knownAt(time - seedSeconds), knownAt(time))
      return withoutBadPrints(name, seed, time)
    },
    fetchObservation: async (since, time) => {
      const last = lastAt(time)
      const ageSeconds = time - last.end
      if (ageSeconds > maxBarAgeSeconds) throw new StaleFeedError({ source: name, ageSeconds, maxAgeSeconds: maxBarAgeSeconds })
      const [from, to] = [knownAt(since), knownAt(time)]
      return {
        provenance: { source: name, kind: 'recorded', synthetic: ['markVol', 'portfolios'], contentHash },
        bars: bars.slice(from, to),
        liquidity: [],
        impliedVol: [],
        clearing: [],
        spot: last.close,
        markVol: flatMarkVol(bars.slice(Math.max(0, to - MARK_BARS), to)),
      }
    },
  }
  return { market, priceAt: async (time) => lastAt(time).close }
}

/** Seed bars without single bad prints that later bars refute. */
function withoutBadPrints(source: string, seed: readonly Bar[], time: UnixSeconds): readonly Bar[] {
  const first = seed[0]
  if (first === undefined) throw new UnavailableError({ source, what: 'seed bars', time })
  const frame = { lastEnd: first.start, lastClose: first.open, barSeconds: first.end - first.start, observedAt: time }
  const inspection = inspectBars(seed, frame)
  if (inspection.kind === 'faulty') throw new BadPrintError({ source, detail: inspection.detail })
  return inspection.bars
}
