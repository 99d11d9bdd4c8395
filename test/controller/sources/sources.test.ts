import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BadPrintError, NoRecordingError, StaleFeedError, UnavailableError } from '../../../controller/errors/SourceErrors.ts'
import { aggregateBars } from '../../../controller/sources/aggregateBars.ts'
import { compareObservation } from '../../../controller/sources/compareObservation.ts'
import { weekStart } from '../../../controller/sources/listInstruments.ts'
import { flatMarkVol } from '../../../controller/sources/markVol.ts'
import { openRecording } from '../../../controller/sources/openRecording.ts'
import { createRandom } from '../../../controller/sources/random.ts'
import { recordedSource } from '../../../controller/sources/recordedSource.ts'
import { drawBook, simulatedBook } from '../../../controller/sources/simulatedBook.ts'
import { simulatedSource } from '../../../controller/sources/simulatedSource.ts'
import { BadRecordingError } from '../../../risk/market/index.ts'
import { expiryOf } from '../../../risk/pricing/index.ts'
import type { Bar, MarketObservation } from '../../../risk/types/index.ts'
import { configuration, source as simulation } from '../support/market.ts'

const HOUR = 3_600
const origin = Date.UTC(2024, 0, 1) / 1_000
const bar = (i: number, change: Partial<Bar> = {}, length = HOUR): Bar => {
  const start = origin + i * length
  return { start, end: start + length, knownAt: start + length, open: 100, high: 101, low: 99, close: 100, volume: 10, ...change }
}
const hash = `0x${'1'.repeat(64)}` as const
const recorded = (bars: readonly Bar[]) =>
  recordedSource({ name: 'test', contentHash: hash, bars, maxBarAgeSeconds: 2 * HOUR, seedSeconds: 10 * HOUR }).market

describe('recordedSource', () => {
  it('shows a bar only once it is known: bars are stamped at their start and known at their end', async () => {
    const market = recorded([bar(0), bar(1), bar(2)])
    const at = async (time: number): Promise<number[]> =>
      (await market.fetchObservation(origin, time)).bars.map(({ start }) => (start - origin) / HOUR)
    expect(await at(origin + 2 * HOUR - 1)).toEqual([0])
    expect(await at(origin + 2 * HOUR)).toEqual([0, 1])
    expect((await market.fetchObservation(origin + HOUR, origin + 3 * HOUR)).bars).toEqual([bar(1), bar(2)])
    expect(await market.fetchSeed(origin + 2 * HOUR)).toEqual([bar(0), bar(1)])
  })
  it('names what is generated and hashes what is recorded', async () => {
    const { provenance, liquidity, impliedVol, clearing } = await recorded([bar(0)]).fetchObservation(origin, origin + HOUR)
    expect(provenance).toEqual({ source: 'test', kind: 'recorded', synthetic: ['markVol', 'portfolios'], contentHash: hash })
    expect([liquidity, impliedVol, clearing]).toEqual([[], [], []])
  })
  it('shows the implied volatility of the time before its window once, with the first observation', async () => {
    const observations = [-3, -2, 0, 1].map((hours) => ({ knownAt: origin + (hours + 1) * HOUR, atm30d: 0.5 }))
    const series = { liquidity: null, openInterest: null, funding: null, impliedVol: { recordings: [], observations } }
    const options = { name: 'test', contentHash: hash, bars: [bar(0), bar(1)], maxBarAgeSeconds: 2 * HOUR, seedSeconds: 10 * HOUR }
    const { market } = recordedSource({ ...options, series, from: origin + HOUR })
    const known = async (since: number, time: number): Promise<number[]> =>
      (await market.fetchObservation(since, time)).impliedVol.map(({ knownAt }) => (knownAt - origin) / HOUR)
    expect(await known(origin, origin + HOUR)).toEqual([-2, -1, 1])
    expect(await known(origin + HOUR, origin + 2 * HOUR)).toEqual([2])
  })
  it('leaves a gap a gap, and says when the newest bar is too old', async () => {
    const market = recorded([bar(0), bar(3)])
    expect((await market.fetchObservation(origin, origin + 3 * HOUR)).bars).toEqual([bar(0)])
    await expect(market.fetchObservation(origin, origin + 3 * HOUR + 1)).rejects.toThrow(StaleFeedError)
    expect((await market.fetchObservation(origin + HOUR, origin + 4 * HOUR)).bars).toEqual([bar(3)])
  })
  it('has nothing before its first bar', async () => {
    await expect(recorded([bar(0)]).fetchObservation(origin - HOUR, origin)).rejects.toThrow(UnavailableError)
    await expect(recorded([bar(0)]).fetchSeed(origin)).rejects.toThrow(UnavailableError)
  })
  it('leaves a single bad print out of the seed, and refuses one that nothing confirms yet', async () => {
    const wick = bar(1, { low: 0.06 })
    expect(await recorded([bar(0), wick, bar(2)]).fetchSeed(origin + 3 * HOUR)).toEqual([bar(0), bar(2)])
    const jump = bar(1, { open: 100, high: 1_000, close: 1_000 })
    await expect(recorded([bar(0), jump]).fetchSeed(origin + 2 * HOUR)).rejects.toThrow(BadPrintError)
  })
})

describe('flatMarkVol', () => {
  it('is never below 40 %', () => {
    expect(flatMarkVol([bar(0), bar(1)])).toBe(0.4)
    expect(flatMarkVol([])).toBe(0.4)
  })
  it('is 1.15 times the realized volatility of seven days', () => {
    const bars = Array.from({ length: 300 }, (_, i) => bar(i, { close: i % 2 === 0 ? 100 : 102, high: 103 }))
    // Returns of +2 % and -1.9608 % in turn.
    const expected = 1.15 * Math.sqrt(((0.02 ** 2 + (100 / 102 - 1) ** 2) / 2) * 8_760)
    expect(flatMarkVol(bars)).toBeCloseTo(expected, 3)
  })
  it('does not count the flat bars of an outage', () => {
    const moving = Array.from({ length: 100 }, (_, i) => bar(i, { close: i % 2 === 0 ? 100 : 102, high: 103 }))
    const outage = Array.from({ length: 60 }, (_, i) => bar(100 + i, { open: 102, high: 102, low: 102, close: 102, volume: 0 }))
    expect(flatMarkVol([...moving, ...outage])).toBe(flatMarkVol(moving))
  })
})

describe('aggregateBars', () => {
  const half = (i: number, change: Partial<Bar> = {}): Bar => bar(i, change, 1_800)
  it('joins complete buckets and leaves out incomplete ones', () => {
    const joined = aggregateBars(
      [half(1), half(2, { open: 7, low: 6 }), half(3, { close: 90, low: 88, volume: 5 }), half(4), half(6), half(7)],
      1_800,
      HOUR,
    )
    expect(joined.map(({ start }) => (start - origin) / HOUR)).toEqual([1, 3])
    expect(joined[0]).toEqual({
      start: origin + HOUR,
      end: origin + 2 * HOUR,
      knownAt: origin + 2 * HOUR,
      open: 7,
      high: 101,
      low: 6,
      close: 90,
      volume: 15,
    })
  })
})

describe('openRecording', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-data-'))
    mkdirSync(join(folder, 'ohlcv'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const csv = (bars: readonly Bar[]): string =>
    [
      'timestamp,open,high,low,close,volume',
      ...bars.map(({ start, open, high, low, close, volume }) =>
        [new Date(start * 1_000).toISOString().replace('.000', ''), open, high, low, close, volume].join(','),
      ),
    ].join('\n')
  const put = (name: string, text: string): void => writeFileSync(join(folder, 'ohlcv', name), name.endsWith('.gz') ? gzipSync(text) : text)

  it('takes the recording of the market that covers the span with the longest history', () => {
    put('ETHUSDT_a_spot_1h_2024-01.csv', csv([bar(5), bar(6), bar(7)]))
    put('ETHUSDT_b_spot_1h_2024-01.csv.gz', csv([bar(0), bar(1), bar(2), bar(3), bar(4), bar(5), bar(6), bar(7)]))
    put('ETHUSDT_c_spot_1h_2024-01.csv', csv([bar(0), bar(1)]))
    put('BTCUSDT_a_spot_1h_2024-01.csv', csv([bar(0), bar(8)]))
    const opened = openRecording(folder, 'ETH', origin + 6 * HOUR, origin + 8 * HOUR)
    expect(opened.name).toBe('ETHUSDT_b_spot_1h_2024-01.csv.gz')
    expect(opened.bars).toHaveLength(8)
    expect(openRecording(folder, 'ETH', origin + 6 * HOUR, origin + 8 * HOUR, 'ETHUSDT_a_spot_1h_2024-01.csv').name).toBe(
      'ETHUSDT_a_spot_1h_2024-01.csv',
    )
  })
  it('says what there is when nothing covers the span', () => {
    put('ETHUSDT_a_spot_1h_2024-01.csv', csv([bar(5)]))
    expect(() => openRecording(folder, 'ETH', origin, origin + HOUR)).toThrow(NoRecordingError)
    expect(() => openRecording(folder, 'ETH', origin, origin + HOUR)).toThrow(/ETHUSDT_a_spot_1h/)
  })
  it('knows which recording is stamped at the end', () => {
    const minutes = Array.from({ length: 120 }, (_, i) => bar(i, {}, 60))
    put('BTC-PERP_1m_2024-01.csv', csv(minutes.map((each) => ({ ...each, start: each.end }))))
    expect(openRecording(folder, 'BTC', origin + HOUR, origin + 2 * HOUR).bars.map(({ start }) => start)).toEqual([origin, origin + HOUR])
  })
  it.each([
    ['not a number', [bar(0), bar(1, { close: Number.NaN })]],
    ['negative', [bar(0), bar(1, { low: -1 })]],
    ['repeated', [bar(0), bar(0)]],
    ['out of order', [bar(1), bar(0)]],
  ])('refuses bars that are %s, with the line', (_, bars) => {
    put('ETHUSDT_a_spot_1h_2024-01.csv', csv(bars))
    expect(() => openRecording(folder, 'ETH', origin, origin + HOUR)).toThrow(BadRecordingError)
    expect(() => openRecording(folder, 'ETH', origin, origin + HOUR)).toThrow(/line 3/)
  })
})

describe('compareObservation', () => {
  const tolerance = { price: 0.01, volume: 0.5, vol: 0.1, missingBars: 0 }
  const seen = async (): Promise<MarketObservation> =>
    simulated().market.fetchObservation(Date.parse(simulation.origin) / 1_000, Date.parse(simulation.origin) / 1_000 + 5 * HOUR)
  it('agrees with itself, and with small differences', async () => {
    const own = await seen()
    expect(compareObservation(own, own, tolerance)).toEqual({ kind: 'agree' })
    const near = { ...own, spot: own.spot * 1.009, bars: own.bars.map((each) => ({ ...each, volume: each.volume * 1.4 })) }
    expect(compareObservation(own, near, tolerance)).toEqual({ kind: 'agree' })
  })
  it.each<[string, (own: MarketObservation) => MarketObservation]>([
    ['bars[2].close', (own) => ({ ...own, bars: own.bars.map((each, i) => (i === 2 ? { ...each, close: each.close * 1.02 } : each)) })],
    ['bars[1].volume', (own) => ({ ...own, bars: own.bars.map((each, i) => (i === 1 ? { ...each, volume: each.volume * 3 } : each)) })],
    ['bars[0].knownAt', (own) => ({ ...own, bars: own.bars.map((each, i) => (i === 0 ? { ...each, knownAt: each.knownAt - 1 } : each)) })],
    ['spot', (own) => ({ ...own, spot: own.spot * 0.9 })],
    ['spot', (own) => ({ ...own, spot: Number.NaN })],
    ['markVol', (own) => ({ ...own, markVol: own.markVol * 1.2 })],
    [
      'liquidity[3].depthUsd',
      (own) => ({ ...own, liquidity: own.liquidity.map((each, i) => (i === 3 ? { ...each, depthUsd: (each.depthUsd ?? 0) * 10 } : each)) }),
    ],
    ['liquidity[0].tenMinuteMoveQ95', (own) => ({ ...own, liquidity: own.liquidity.map(({ tenMinuteMoveQ95: _, ...each }) => each) })],
    [
      'impliedVol[0].atm7d',
      (own) => ({ ...own, impliedVol: own.impliedVol.map((each, i) => (i === 0 ? { ...each, atm7d: 2 * (each.atm7d ?? 0) } : each)) }),
    ],
    ['clearing[0].fundUsd', (own) => ({ ...own, clearing: own.clearing.map((each, i) => (i === 0 ? { ...each, fundUsd: 0 } : each)) })],
    [
      'liquidity[1].spread',
      (own) => ({ ...own, liquidity: own.liquidity.map(({ spread, ...each }, i) => (i === 1 ? each : { ...each, spread: spread ?? 0 })) }),
    ],
    ['openInterest[0].openInterestUsd', (own) => ({ ...own, openInterest: [{ knownAt: 1, openInterestUsd: 3e9 }] })],
    ['funding[0].rate', (own) => ({ ...own, funding: [{ knownAt: 1, rate: -0.0001 }] })],
    ['funding observations that the proposer lacks', (own) => ({ ...own, funding: [] })],
    ['bars that the proposer lacks', (own) => ({ ...own, bars: own.bars.slice(1) })],
    ['bars that only the proposer has', (own) => ({ ...own, bars: [...own.bars, { ...(own.bars[4] as Bar), start: 1 }] })],
    ['liquidity observations that the proposer lacks', (own) => ({ ...own, liquidity: [] })],
  ])('names %s when it differs', async (what, change) => {
    const own: MarketObservation = {
      ...(await seen()),
      openInterest: [{ knownAt: 1, openInterestUsd: 1e9 }],
      funding: [{ knownAt: 1, rate: 0.0001 }],
    }
    expect(compareObservation(own, change(own), tolerance)).toMatchObject({ kind: 'differ', what })
  })
  it('allows as many missing bars as configured', async () => {
    const own = await seen()
    expect(compareObservation(own, { ...own, bars: own.bars.slice(1) }, { ...tolerance, missingBars: 1 })).toEqual({ kind: 'agree' })
  })
})

const simulated = (change: Partial<typeof simulation> = {}) => {
  const { kind: _, origin: start, crashes, ...rest } = { ...simulation, ...change }
  return simulatedSource({
    ...rest,
    origin: Date.parse(start) / 1_000,
    crashes: crashes.map((crash) => ({ ...crash, at: Date.parse(crash.at) / 1_000 })),
  })
}

describe('simulatedSource', () => {
  const start = Date.parse(simulation.origin) / 1_000
  it('is the same for the same seed however it is asked, and another for another', async () => {
    const whole = await simulated().market.fetchObservation(start, start + 300 * HOUR)
    const pieces = simulated().market
    await pieces.fetchObservation(start, start + 10 * HOUR)
    expect(await pieces.fetchObservation(start, start + 300 * HOUR)).toEqual(whole)
    expect((await simulated({ seed: 'other' }).market.fetchObservation(start, start + 300 * HOUR)).bars).not.toEqual(whole.bars)
  })
  it('makes bars that hold together and fall in the scripted crash, with wider spreads, less depth and dearer options', async () => {
    const { bars, liquidity, impliedVol, clearing } = await simulated().market.fetchObservation(start, start + 300 * HOUR)
    for (const { open, high, low, close, volume } of bars) {
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close))
      expect(low).toBeLessThanOrEqual(Math.min(open, close))
      expect(Math.min(low, volume)).toBeGreaterThan(0)
    }
    const at = (Date.parse(simulation.crashes[0]?.at ?? '') / 1_000 - start) / HOUR
    const fall = (bars[at + 7]?.close ?? 0) / (bars[at]?.open ?? 1) - 1
    expect(fall).toBeLessThan(-0.25)
    expect(liquidity[at + 5]?.spread).toBeGreaterThan(2 * (liquidity[at - 20]?.spread ?? 0))
    expect(liquidity[at + 5]?.depthUsd).toBeLessThan(0.5 * (liquidity[at - 20]?.depthUsd ?? 0))
    expect(impliedVol[at + 5]?.atm7d).toBeGreaterThan(1.3 * (impliedVol[at - 20]?.atm7d ?? 0))
    expect(clearing[at + 5]?.auctionedShare).toBeGreaterThan(0)
  })
  it('has the volatility it was asked for, within sampling error', async () => {
    const { bars } = await simulated({ crashes: [] }).market.fetchObservation(start, start + 20_000 * HOUR)
    const returns = bars.slice(1).map(({ close }, i) => Math.log(close / (bars[i]?.close ?? 1)))
    const annual = Math.sqrt((returns.reduce((sum, r) => sum + r * r, 0) / returns.length) * 8_760)
    expect(annual).toBeGreaterThan(0.5)
    expect(annual).toBeLessThan(0.95)
  })
})

describe('simulatedBook', () => {
  const week = weekStart(origin)
  const book = drawBook({ seed: 's', market: 'ETH', accounts: 200, week, reference: 2_300 })
  it('is the same for all ticks of a week and another the next', async () => {
    const source = simulatedBook({ seed: 's', market: 'ETH', accounts: 5, priceAt: async () => 2_345.67 })
    const first = await source.fetchBook(week, 1)
    expect(await source.fetchBook(week + 7 * 24 * HOUR - 1, 99)).toBe(first)
    expect(await source.fetchBook(week + 7 * 24 * HOUR, 99)).not.toEqual(first)
  })
  it('is the same for engines whose prices differ a little', async () => {
    const books = await Promise.all(
      [2_341, 2_349].map((price) =>
        simulatedBook({ seed: 's', market: 'ETH', accounts: 20, priceAt: async () => price }).fetchBook(week, price),
      ),
    )
    expect(books[0]).toEqual(books[1])
  })
  it('lists each instrument once, none expiring within the week, and positions in ascending order', () => {
    expect(new Set(book.instruments.map(({ id }) => id)).size).toBe(book.instruments.length)
    for (const instrument of book.instruments) expect(expiryOf(instrument)).toBeGreaterThan(week + 7 * 24 * HOUR)
    expect(book.portfolios).toHaveLength(200)
    for (const { positions } of book.portfolios) {
      expect(positions.length).toBeGreaterThan(0)
      expect(
        positions.every(
          ({ instrument }, i) =>
            instrument >= 0 && instrument < book.instruments.length && (i === 0 || instrument > (positions[i - 1]?.instrument ?? 0)),
        ),
      ).toBe(true)
    }
  })
})

describe('createRandom', () => {
  it('repeats for a seed and has the moments of its distributions', () => {
    const take = (seed: string): number[] => {
      const random = createRandom(seed)
      return Array.from({ length: 20_000 }, () => random.normal())
    }
    const draws = take('seed')
    expect(take('seed')).toEqual(draws)
    expect(take('seec')).not.toEqual(draws)
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    const variance = draws.reduce((sum, x) => sum + x * x, 0) / draws.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })
})

it('the tolerance of the shipped configuration is one that compareObservation knows', () => {
  expect(Object.keys(configuration.tolerance).sort()).toEqual(['missingBars', 'price', 'vol', 'volume'])
})
