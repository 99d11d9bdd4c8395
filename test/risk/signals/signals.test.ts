import { describe, expect, it } from 'vitest'
import type { Signals } from '../../../risk/signals/index.ts'
import {
  appendRows,
  computeSignals,
  emptySeries,
  foldBars,
  foldObservations,
  genesisState,
  horizonLosses,
  readBars,
  readRows,
} from '../../../risk/signals/index.ts'
import { excursionLosses, purgedQuantile } from '../../../risk/tail/index.ts'
import type { LiquidityObservation, MarketSnapshot } from '../../../risk/types/index.ts'
import { realizedVol } from '../../../risk/volatility/index.ts'
import { barsFromCloses, walk } from '../support/bars.ts'
import { memoryDocuments } from '../support/memoryDocuments.ts'

const bars = barsFromCloses(walk(5000, 7, 3000, 3040))

describe('a chunked series', () => {
  it('reads back what was appended, in any portions', () => {
    const rows = Array.from({ length: 2001 * 2 }, (_, i) => i)
    for (const portion of [2, 14, 700, 4002]) {
      const documents = memoryDocuments()
      let series = emptySeries
      for (let i = 0; i < rows.length; i += portion) series = appendRows(series, rows.slice(i, i + portion), 2, documents)
      expect([...readRows(series, 10_000, 2, documents)]).toEqual(rows)
      expect([...readRows(series, 400, 2, documents)]).toEqual(rows.slice(-800))
    }
  })

  it('is the same document chain whatever the portions', () => {
    const rows = Array.from({ length: 1500 }, (_, i) => i / 7)
    const whole = appendRows(emptySeries, rows, 1, memoryDocuments())
    const documents = memoryDocuments()
    expect(rows.reduce((series, row) => appendRows(series, [row], 1, documents), emptySeries)).toEqual(whole)
  })

  it('refuses a chunk that is missing or changed, and names it', () => {
    const documents = memoryDocuments()
    const series = appendRows(
      emptySeries,
      Array.from({ length: 400 }, (_, i) => i),
      1,
      documents,
    )
    const [hash] = series.chunks
    const lost = memoryDocuments()
    expect(() => readRows(series, 400, 1, lost)).toThrow(`chunk ${hash} is missing`)
    lost.all.set(hash!, '{"schema":"ballast.chunk","values":[1],"version":1}')
    expect(() => readRows(series, 400, 1, lost)).toThrow(`chunk ${hash} is changed`)
  })
})

describe('foldBars', () => {
  it('gives the same state bar by bar as all at once', () => {
    const one = memoryDocuments()
    const other = memoryDocuments()
    const whole = genesisState(bars, 'ETH', one)
    const first = { ...genesisState(bars.slice(0, 1), 'ETH', other), seed: whole.seed }
    expect(bars.slice(1).reduce((state, bar) => foldBars(state, [bar], other), first)).toEqual(whole)
  })

  it('freezes sigma through an outage and remembers since when', () => {
    const documents = memoryDocuments()
    const before = genesisState(bars, 'ETH', documents)
    const last = bars.at(-1)!
    const carried = {
      ...last,
      start: last.end,
      end: last.end + 3600,
      knownAt: last.end + 3600,
      open: last.close,
      high: last.close,
      low: last.close,
      volume: 0,
    }
    const after = foldBars(before, [carried], documents)
    expect(after.variance).toEqual(before.variance)
    expect(after.staleSince).toBe(carried.start)
    expect(computeSignals(after, carried.end, documents).bars.sigma24h).toBe(computeSignals(before, last.end, documents).bars.sigma24h)
  })

  it('refuses a bar that is not after the last one', () => {
    const documents = memoryDocuments()
    const state = genesisState(bars, 'ETH', documents)
    expect(() => foldBars(state, [bars.at(-1)!], documents)).toThrow('bar.end')
  })
})

describe('horizonLosses', () => {
  it.each([1, 24, 48])('over %i bars equals the direct search', (horizon) => {
    const documents = memoryDocuments()
    const columns = readBars(genesisState(bars, 'ETH', documents).series['bars']!, 10_000, documents)
    const direct = excursionLosses(bars, horizon)
    const fast = horizonLosses(columns, horizon)
    expect([...fast.long]).toEqual([...direct.long].map((loss) => Math.max(0, loss)))
    expect([...fast.short]).toEqual([...direct.short].map((loss) => Math.max(0, loss)))
  })
})

describe('computeSignals', () => {
  const documents = memoryDocuments()
  const state = genesisState(bars, 'ETH', documents)
  const signals = computeSignals(state, state.lastBarEnd, documents)

  it('measures the loss multiple on purged losses only', () => {
    const columns = readBars(state.series['bars']!, 10_000, documents)
    const { long, short } = excursionLosses(bars, 24)
    const multiple = (losses: Float64Array): number =>
      purgedQuantile(
        losses.map((loss, i) => loss / (columns.sigma[i]! * Math.sqrt(24))),
        bars.length,
        24,
        0.99,
      )!
    expect(signals.bars.lossMultiple).toBe(Math.max(multiple(long), multiple(short)))
  })

  it('never sees the future: later bars change nothing that was known before', () => {
    const early = memoryDocuments()
    const part = genesisState(bars.slice(0, 4800), 'ETH', early)
    const changed = bars.map((bar, i) => (i < 4800 ? bar : { ...bar, low: bar.low / 2 }))
    const late = memoryDocuments()
    const whole = genesisState(changed, 'ETH', late)
    const columns = readBars(whole.series['bars']!, 10_000, late)
    expect([...columns.sigma.slice(0, 4800)]).toEqual([...readBars(part.series['bars']!, 10_000, early).sigma])
  })

  it('annualises seven days of returns as the volatility module does', () => {
    expect(signals.bars.realizedVol7d).toBeCloseTo(realizedVol(bars, 168), 12)
  })

  it('has no tail quantile below 180 days of losses', () => {
    const short = memoryDocuments()
    const young = genesisState(bars.slice(0, 4320 + 23), 'ETH', short)
    expect(computeSignals(young, young.lastBarEnd, short).bars).toMatchObject({ lossMultiple: null, loss24hQ99: null, fall24hQ99: null })
    expect(signals.bars.loss48hQ99!).toBeGreaterThanOrEqual(signals.bars.loss24hQ99!)
    expect(signals.bars.loss24hEs99!).toBeGreaterThanOrEqual(signals.bars.loss24hQ99!)
  })

  it('says nothing of order books, options and clearing that nobody observed', () => {
    expect(signals).toMatchObject({ liquidity: null, impliedVol: null, clearing: null, tenMinuteMoveQ95: null })
  })
})

describe('implied volatility', () => {
  const HOUR = 3_600
  const seenBy = (impliedVol: MarketSnapshot['impliedVol'], time: number, synthetic: readonly string[] = []): Signals['impliedVol'] => {
    const documents = memoryDocuments()
    const genesis = genesisState(bars.slice(0, 100), 'ETH', documents)
    const provenance = { source: 'test', kind: 'recorded' as const, synthetic, contentHash: null }
    const snapshot = { provenance, liquidity: [], impliedVol, clearing: [] } as unknown as MarketSnapshot
    return computeSignals(foldObservations(genesis, snapshot, documents), time, documents).impliedVol
  }
  const index = Array.from({ length: 800 }, (_, i) => ({ knownAt: i * HOUR, atm30d: i % 48 < 24 ? 0.5 : 0.6 }))

  it('of an index of 30 days alone gives moves of 24 h, and nothing that an index does not know', () => {
    const signals = seenBy(index, 799 * HOUR)
    expect(signals?.riseQ995).toBeCloseTo(0.2, 12)
    expect(signals?.fallQ99).toBeCloseTo(1 / 6, 12)
    expect(signals).toMatchObject({ atm7d: null, halfSpreadQ90: null, vegaDepthQ10: null })
  })

  it('takes each quote for itself: the 7-day vol of an observation without one is the last that had one, for a day', () => {
    const quoted = index.map((seen, i) => (i === 780 ? { ...seen, atm7d: 0.9, atmHalfSpread: 0.01 } : seen))
    expect(seenBy(quoted, 799 * HOUR)).toMatchObject({ atm7d: 0.9, halfSpreadQ90: 0.01, vegaDepthQ10: null })
    expect(seenBy(quoted, 780 * HOUR + 86_400)).toMatchObject({ atm7d: null, halfSpreadQ90: 0.01 })
  })

  it('is null when nothing was seen for 30 days, or when it was generated', () => {
    expect(seenBy(index, 799 * HOUR + 30 * 86_400)).toBeNull()
    expect(seenBy(index, 799 * HOUR, ['impliedVol'])).toBeNull()
  })
})

describe('liquidity and venues', () => {
  const HOUR = 3_600
  const DAY = 24 * HOUR
  const seenBy = (seen: Partial<MarketSnapshot>, time: number, synthetic: readonly string[] = []): Signals => {
    const documents = memoryDocuments()
    const genesis = genesisState(bars.slice(0, 100), 'ETH', documents)
    const provenance = { source: 'test', kind: 'recorded' as const, synthetic, contentHash: null }
    const snapshot = { provenance, liquidity: [], impliedVol: [], clearing: [], ...seen } as unknown as MarketSnapshot
    return computeSignals(foldObservations(genesis, snapshot, documents), time, documents)
  }

  it('takes each field for itself: quotes without depth, depth without quotes', () => {
    const liquidity = Array.from(
      { length: 11 },
      (_, i): LiquidityObservation => ({
        knownAt: i * HOUR,
        ...(i % 2 === 0 ? { spread: 0.001 * i } : { depthUsd: 1e6 * i }),
        ...(i < 3 ? { liquidatedUsd: 100 } : {}),
      }),
    )
    const { liquidity: got } = seenBy({ liquidity }, 10 * HOUR)
    expect(got?.spreadQ90).toBeCloseTo(0.009, 12)
    expect(got?.depthQ10).toBeCloseTo(1.8e6, 3)
    expect(got?.liquidated24hUsd).toBe(300)
    expect(seenBy({ liquidity }, 25 * HOUR).liquidity?.liquidated24hUsd).toBe(100)
    expect(seenBy({ liquidity: liquidity.filter(({ depthUsd }) => depthUsd === undefined) }, 10 * HOUR).liquidity?.depthQ10).toBeNull()
  })

  it('forgets them after 30 days, and never sees what was generated', () => {
    const liquidity = [{ knownAt: 0, spread: 0.001 }]
    expect(seenBy({ liquidity }, 30 * DAY).liquidity).toBeNull()
    expect(seenBy({ liquidity }, HOUR, ['liquidity']).liquidity).toBeNull()
  })

  it('open interest: the latest, and the worst fall over a day', () => {
    const openInterest = [100, 120, 60, 90, 80].map((openInterestUsd, i) => ({ knownAt: i * DAY, openInterestUsd }))
    expect(seenBy({ openInterest }, 4 * DAY).venue).toEqual({
      openInterestUsd: 80,
      worstDailyFall: 0.5,
      fundingPerYear: null,
      largestFunding: null,
    })
    expect(seenBy({ openInterest }, 6 * DAY).venue).toMatchObject({ openInterestUsd: null, worstDailyFall: 0.5 })
    expect(seenBy({ openInterest: openInterest.slice(0, 1) }, DAY).venue).toMatchObject({ openInterestUsd: 100, worstDailyFall: null })
    expect(seenBy({ openInterest: openInterest.slice(0, 2) }, DAY).venue).toMatchObject({ worstDailyFall: 0 })
    expect(seenBy({}, DAY).venue).toBeNull()
  })

  it('funding: the mean of a day per year, and the largest of a month', () => {
    const funding = [-0.003, 0.001, 0.0001, 0.0001].map((rate, i) => ({ knownAt: i * 8 * HOUR, rate }))
    const venue = seenBy({ funding }, 24 * HOUR).venue
    expect(venue?.fundingPerYear).toBeCloseTo(0.0004 * 1095, 12)
    expect(venue).toMatchObject({ largestFunding: 0.003, openInterestUsd: null })
    expect(seenBy({ funding }, 31 * DAY).venue).toBeNull()
  })
})
