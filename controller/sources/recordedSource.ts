import { inspectBars } from '../../risk/market/index.ts'
import type {
  Bar,
  FundingObservation,
  Hash,
  ImpliedVolObservation,
  LiquidityObservation,
  MarketSource,
  OpenInterestObservation,
  Seconds,
  UnixSeconds,
  Vol,
} from '../../risk/types/index.ts'
import { BadPrintError, StaleFeedError, UnavailableError } from '../errors/SourceErrors.ts'
import { flatMarkVol } from './markVol.ts'
import type { RecordedSeries } from './RecordedSeries.ts'
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
  /** What was recorded beside the bars; null where nothing was. */
  readonly series?: RecordedObservations
  /** Start of the window. The first observation, which reaches back before it, shows all implied volatility known by then: the policy asks for 30 days of it. */
  readonly from?: UnixSeconds
}

/** Recorded observations by kind. */
export type RecordedObservations = {
  readonly liquidity: RecordedSeries<LiquidityObservation> | null
  readonly impliedVol: RecordedSeries<ImpliedVolObservation> | null
  readonly openInterest: RecordedSeries<OpenInterestObservation> | null
  readonly funding: RecordedSeries<FundingObservation> | null
}

const NOTHING_RECORDED: RecordedObservations = { liquidity: null, impliedVol: null, openInterest: null, funding: null }
/** Oldest implied volatility at which accounts are marked. */
const OLDEST_VOL: Seconds = 86_400

/** Hours that the mark volatility looks back on, with the bar before them. */
const MARK_BARS = 169

/**
 * Recorded bars as a source, with what was recorded beside them. Only what was known at a time is ever shown for it. Portfolios are generated, and named so; so is the mark volatility
 * while no implied volatility of the last day is recorded.
 *
 * @throws from its functions: {UnavailableError} before the first bar, {StaleFeedError} when the newest bar known is too old, {BadPrintError} when the
 * newest seed bar has a price that no market made; the decision judges the bars after the seed.
 */
export function recordedSource({
  name,
  contentHash,
  bars,
  maxBarAgeSeconds,
  seedSeconds,
  series = NOTHING_RECORDED,
  from: start = Number.NEGATIVE_INFINITY,
}: RecordedSourceOptions): PricedSource {
  const { liquidity, impliedVol, openInterest, funding } = series
  const recordings = [liquidity, impliedVol, openInterest, funding].flatMap((each) => each?.recordings ?? [])
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
      const vol = recordedVol(impliedVol, time)
      return {
        provenance: {
          source: name,
          kind: 'recorded',
          synthetic: vol === null ? ['markVol', 'portfolios'] : ['portfolios'],
          contentHash,
          ...(recordings.length === 0 ? {} : { recordings }),
        },
        bars: bars.slice(from, to),
        liquidity: newOf(liquidity, since, time),
        impliedVol: newOf(impliedVol, since < start ? Number.NEGATIVE_INFINITY : since, time),
        clearing: [],
        ...(openInterest === null ? {} : { openInterest: newOf(openInterest, since, time) }),
        ...(funding === null ? {} : { funding: newOf(funding, since, time) }),
        spot: last.close,
        markVol: vol ?? flatMarkVol(bars.slice(Math.max(0, to - MARK_BARS), to)),
      }
    },
  }
  return { market, priceAt: async (time) => lastAt(time).close }
}

/** What became known after `since` and until `time`. */
function newOf<Observation extends { readonly knownAt: UnixSeconds }>(
  series: RecordedSeries<Observation> | null,
  since: UnixSeconds,
  time: UnixSeconds,
): readonly Observation[] {
  return series === null ? [] : series.observations.filter(({ knownAt }) => knownAt > since && knownAt <= time)
}

/** The latest 30-day volatility, null when none is of the last day. */
function recordedVol(series: RecordedSeries<ImpliedVolObservation> | null, time: UnixSeconds): Vol | null {
  const seen = series?.observations.findLast(({ knownAt }) => knownAt <= time)
  return seen === undefined || seen.knownAt <= time - OLDEST_VOL ? null : seen.atm30d
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
