import type { MarketSource, UnixSeconds, Usd } from '../../risk/types/index.ts'
import { UnavailableError } from '../errors/SourceErrors.ts'
import { type SimulatedHour, type SimulatedMarketOptions, simulateMarket } from './simulateMarket.ts'

/** A market source that can also tell the price known at any past time. */
export type PricedSource = { readonly market: MarketSource; readonly priceAt: (time: UnixSeconds) => Promise<Usd> }

const HOUR = 3_600

/**
 * A seeded market as a source. It is unrolled as far as it is asked, so any time from the first bar's end on is available.
 *
 * @throws {UnavailableError} from its functions, for a time before the first bar ends.
 */
export function simulatedSource(options: SimulatedMarketOptions): PricedSource {
  const source = `simulation ${options.seed}`
  const generator = simulateMarket(options)
  const hours: SimulatedHour[] = []
  /** How many hours have ended at `time`. */
  const endedAt = (time: UnixSeconds): number => {
    const count = Math.max(0, Math.floor((time - options.origin) / HOUR))
    while (hours.length < count) hours.push(generator.next().value)
    return count
  }
  const lastAt = (time: UnixSeconds): SimulatedHour => {
    const last = hours[endedAt(time) - 1]
    if (last === undefined) throw new UnavailableError({ source, what: 'bars', time })
    return last
  }
  const market: MarketSource = {
    fetchSeed: async (time) => {
      lastAt(time)
      return hours.slice(0, endedAt(time)).map(({ bar }) => bar)
    },
    fetchObservation: async (since, time) => {
      const last = lastAt(time)
      const fresh = hours.slice(endedAt(since), endedAt(time))
      return {
        provenance: { source, kind: 'simulated', synthetic: ['market', 'portfolios'], contentHash: null },
        bars: fresh.map(({ bar }) => bar),
        liquidity: fresh.map(({ liquidity }) => liquidity),
        impliedVol: fresh.map(({ impliedVol }) => impliedVol),
        clearing: fresh.map(({ clearing }) => clearing),
        spot: last.bar.close,
        markVol: last.impliedVol.atm30d,
      }
    },
  }
  return { market, priceAt: async (time) => lastAt(time).bar.close }
}
