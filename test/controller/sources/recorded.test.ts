import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { keccak256 } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UnavailableError } from '../../../controller/errors/SourceErrors.ts'
import { openSources } from '../../../controller/sources/openSources.ts'
import { openRecordedLiquidity } from '../../../controller/sources/recorded/openRecordedLiquidity.ts'
import { openRecordedFunding, openRecordedOpenInterest } from '../../../controller/sources/recorded/openRecordedVenue.ts'
import { recordedLoans } from '../../../controller/sources/recorded/recordedLoans.ts'
import { tenMinuteMoves } from '../../../controller/sources/recorded/samples.ts'
import { assessBook, type MarginParameters } from '../../../risk/margin/index.ts'
import { BadRecordingError } from '../../../risk/market/index.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const origin = Date.UTC(2023, 10, 20) / 1_000
const ever = { from: 0, to: 1e10 }
const iso = (time: number): string => new Date(time * 1_000).toISOString().replace('.000', '')

const parametersOf = (haircut: number): MarginParameters => ({
  priceScanRange: 0.2,
  initialRange: 0.2,
  volScanUp: 0.3,
  volScanDown: 0.2,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0,
  tailWeight: 0.77,
  haircut,
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-recorded-'))
  mkdirSync(join(folder, 'ohlcv'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const put = (name: string, header: string, rows: readonly (readonly (string | number)[])[]): Buffer => {
  const text = [header, ...rows.map((row) => row.join(','))].join('\n')
  const bytes = name.endsWith('.gz') ? gzipSync(text) : Buffer.from(text)
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), bytes)
  return bytes
}

const quotesHeader = 'timestamp,bid,ask,liquidated_longs_eth,liquidated_shorts_eth'
const quotesFile = 'micro/ETHUSDT_binance_1m_quotes_liquidations_2023-11-20_2023-11-20.csv.gz'
/** One quote a minute at second 30; the spread is one thousandth in the first hour, two in the second. */
const quotes = (minutes: number) =>
  Array.from({ length: minutes }, (_, i) => [
    iso(origin + 60 * i + 30),
    i < 60 ? 1999 : 1998,
    i < 60 ? 2001 : 2002,
    i === 5 ? 3 : 0,
    i === 6 ? 2 : 0,
  ])

describe('minute quotes', () => {
  it('give the median spread and the liquidations of each hour, known at its end', () => {
    const bytes = put(quotesFile, quotesHeader, quotes(120))
    const series = openRecordedLiquidity(folder, 'ETH', ever)
    expect(series?.recordings).toEqual([{ name: quotesFile.slice(6), contentHash: keccak256(bytes) }])
    expect(series?.observations).toEqual([
      { knownAt: origin + HOUR, spread: 0.001, liquidatedUsd: 10_000 },
      { knownAt: origin + 2 * HOUR, spread: 0.002, liquidatedUsd: 0 },
    ])
  })
  it('say nothing of an hour of which half is missing', () => {
    put(quotesFile, quotesHeader, quotes(89))
    expect(openRecordedLiquidity(folder, 'ETH', ever)?.observations.map(({ knownAt }) => knownAt)).toEqual([origin + HOUR])
  })
  it('of another market, or outside the window, are not there', () => {
    put(quotesFile, quotesHeader, quotes(120))
    expect(openRecordedLiquidity(folder, 'BTC', ever)).toBeNull()
    expect(openRecordedLiquidity(folder, 'ETH', { from: origin + 3 * HOUR, to: origin + DAY })).toBeNull()
    expect(openRecordedLiquidity(folder, 'ETH', { from: origin + 2 * HOUR, to: origin + DAY })?.observations).toHaveLength(1)
  })
  it.each([
    ['crossed', [iso(origin + 90), 2001, 1999, 0, 0], /line 3: bid 2001 and ask 1999/],
    ['repeated', [iso(origin + 30), 1999, 2001, 0, 0], /line 3: it is not later/],
    ['no number', [iso(origin + 90), 1999, 'n/a', 0, 0], /line 3: 'n\/a' in column ask/],
    ['no time', ['2023-11-20', 1999, 2001, 0, 0], /line 3: '2023-11-20' is no time/],
    ['negative', [iso(origin + 90), 1999, 2001, -1, 0], /liquidations are negative/],
    ['short of columns', [iso(origin + 90), 1999], /it has 2 columns/],
  ])('are refused where a line is %s', (_, row, message) => {
    put(quotesFile, quotesHeader, [...quotes(1), row])
    expect(() => openRecordedLiquidity(folder, 'ETH', ever)).toThrow(BadRecordingError)
    expect(() => openRecordedLiquidity(folder, 'ETH', ever)).toThrow(message)
  })
  it('are refused with another header, or empty', () => {
    put(quotesFile, 'timestamp,bid,ask', [])
    expect(() => openRecordedLiquidity(folder, 'ETH', ever)).toThrow(/the header is/)
    put(quotesFile, quotesHeader, [])
    expect(() => openRecordedLiquidity(folder, 'ETH', ever)).toThrow(/there are no rows/)
  })
})

describe('depth around the mid', () => {
  const bands = [10, 25, 50, 100, 200, 500]
  const header = [
    'timestamp',
    'best_bid',
    'best_ask',
    'spread_bps',
    ...bands.flatMap((band) => [`bid_depth_${band}bps`, `ask_depth_${band}bps`]),
  ].join(',')
  const file = 'micro/BTCUSD_bitstamp_depth_10s_2023-11-20a.csv'
  const row = (i: number, ask = 30): (string | number)[] => [
    iso(origin + 10 * i),
    999,
    1001,
    20,
    1,
    1,
    2,
    2,
    10,
    10,
    50,
    ask,
    60,
    60,
    70,
    70,
  ]
  it('gives the thinner side of 1 % in USD', () => {
    put(
      file,
      header,
      Array.from({ length: 360 }, (_, i) => row(i, i < 100 ? 50 : 30)),
    )
    expect(openRecordedLiquidity(folder, 'BTC', ever)?.observations).toEqual([{ knownAt: origin + HOUR, spread: 0.002, depthUsd: 30_000 }])
  })
  it('says nothing of an hour of which half is missing, and invents no depth where there is none', () => {
    put(
      file,
      header,
      Array.from({ length: 179 }, (_, i) => row(i)),
    )
    expect(openRecordedLiquidity(folder, 'BTC', ever)).toBeNull()
    put(
      file,
      header,
      Array.from({ length: 360 }, (_, i) => [iso(origin + 10 * i), 999, 1001, 20, 0, 0, 0, 0, 0, 0, 5, 0, 5, 5, 5, 5]),
    )
    expect(openRecordedLiquidity(folder, 'BTC', ever)?.observations).toEqual([{ knownAt: origin + HOUR, spread: 0.002 }])
  })
  it('refuses depth that shrinks with the band', () => {
    put(file, header, [row(0, 9)])
    expect(() => openRecordedLiquidity(folder, 'BTC', ever)).toThrow(/shrinks with the band/)
  })
})

describe('quotes by size', () => {
  const header = 'timestamp,src,dst,in_amount,out_amount,price,price_impact'
  const file = 'micro/dex_aggregator_quotes_2023-11.csv.gz'
  /** A linear book: impact of half the displacement, so that 1 % is reached at `depth`. */
  const direction = (source: string, target: string, depth: number, price: number, start: number) =>
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 4].map((share, i) => {
      const size = share * depth
      const impact = 0.005 * share
      const amount = source === 'USDC' ? size : size / price
      const best = source === 'USDC' ? 1 / price : price
      return [iso(start + i), source, target, amount, amount * best * (1 - impact), best * (1 - impact), impact]
    })
  it('give the smaller of both directions', () => {
    put(file, header, [...direction('USDC', 'WETH', 8e6, 2000, origin), ...direction('WETH', 'USDC', 5e6, 2000, origin + 600)])
    const [seen] = openRecordedLiquidity(folder, 'ETH', ever)?.observations ?? []
    expect(seen?.knownAt).toBe(origin + HOUR)
    // The best price of selling is read at the smallest size, half a hundredth of a per cent off.
    expect(seen?.depthUsd).toBeGreaterThan(5e6 * 0.999)
    expect(seen?.depthUsd).toBeLessThan(5e6 * 1.001)
    expect(seen).not.toHaveProperty('spread')
    expect(openRecordedLiquidity(folder, 'BTC', ever)).toBeNull()
    expect(openRecordedLiquidity(folder, 'DOGE', ever)).toBeNull()
  })
  it('say nothing where one direction is missing, or too few sizes', () => {
    put(file, header, direction('USDC', 'WETH', 8e6, 2000, origin))
    expect(openRecordedLiquidity(folder, 'ETH', ever)).toBeNull()
    put(file, header, [...direction('USDC', 'WETH', 8e6, 2000, origin), ...direction('WETH', 'USDC', 5e6, 2000, origin + 600).slice(1)])
    expect(openRecordedLiquidity(folder, 'ETH', ever)).toBeNull()
  })
  it.each([
    [[iso(origin), 'USDC', 'WETH', 0, 1, 1, 0], /not above 0/],
    [[iso(origin), 'USDC', 'WETH', 1, 1, 1, 1], /outside \[0, 1\)/],
  ])('refuses %s', (row, message) => {
    put(file, header, [row])
    expect(() => openRecordedLiquidity(folder, 'ETH', ever)).toThrow(message)
  })
})

describe('ten-minute moves', () => {
  const samples = (count: number, price: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => ({ time: origin + 600 * i, price: price(i) }))
  it('are the 95 % quantile of a day, from half a day on', () => {
    const moves = tenMinuteMoves(samples(145, (i) => (i % 2 === 0 ? 100 : 101)))
    expect([...moves.keys()][0]).toBe(origin + 12 * HOUR)
    expect(moves.get(origin + DAY)).toBeCloseTo(0.01, 12)
  })
  it('see nothing later than the hour, and leave holes out', () => {
    const calm = tenMinuteMoves(samples(145, () => 100))
    const late = tenMinuteMoves(samples(160, (i) => (i <= 144 ? 100 : 200)))
    expect(late.get(origin + DAY)).toBe(calm.get(origin + DAY))
    const holed = samples(145, (i) => (i % 2 === 0 ? 100 : 101)).filter((_, i) => i < 40 || i > 115)
    expect(tenMinuteMoves(holed).size).toBe(0)
  })
  it('take the last price of the 150 s before a grid time, and none that is older', () => {
    const at = (offset: number) =>
      tenMinuteMoves(Array.from({ length: 145 }, (_, i) => ({ time: origin + 600 * i - offset, price: 100 + i })))
    expect(at(149).size).toBeGreaterThan(0)
    expect(at(150).size).toBe(0)
  })
  it('come from crash days and from minute bars, and a file that adds nothing is not named', () => {
    const bars = (seconds: number, count: number) =>
      Array.from({ length: count }, (_, i) => [iso(origin + seconds * i), 100, 102, 99, i % 2 === 0 ? 100 : 101, 5])
    const header = 'timestamp,open,high,low,close,volume'
    put('crashdays/ETHUSD_10m_2023-11-20.csv', header, bars(600, 144))
    const first = openRecordedLiquidity(folder, 'ETH', ever)
    expect(first?.observations.at(-1)).toEqual({ knownAt: origin + DAY, tenMinuteMoveQ95: expect.closeTo(0.01, 12) as number })
    put('ohlcv/ETHUSDT_x_spot_1m_2023-11.csv', header, bars(60, 1440))
    expect(openRecordedLiquidity(folder, 'ETH', ever)?.recordings.map(({ name }) => name)).toEqual(['ETHUSDT_x_spot_1m_2023-11.csv'])
  })
})

describe('open interest and funding', () => {
  const interestHeader = 'date,oi_open,oi_high,oi_low,oi_close'
  it('a day of open interest is known when it has ended; files are joined, and a missing day stays missing', () => {
    put('derivs/ETHUSD_PERP_open_interest_1d_2023-11.csv', interestHeader, [
      ['2023-11-20', 10, 12, 9, 11],
      ['2023-11-22', 11, 13, 10, 12],
    ])
    put('derivs/ETHUSD_PERP_open_interest_1d_2023-12.csv', interestHeader, [
      ['2023-11-22', 1, 1, 1, 1],
      ['2023-11-23', 5, 7, 5, 6],
    ])
    const series = openRecordedOpenInterest(folder, 'ETH', ever)
    expect(series?.observations).toEqual([
      { knownAt: origin + DAY, openInterestUsd: 11 },
      { knownAt: origin + 3 * DAY, openInterestUsd: 12 },
      { knownAt: origin + 4 * DAY, openInterestUsd: 6 },
    ])
    expect(series?.recordings).toHaveLength(2)
    expect(openRecordedOpenInterest(folder, 'BTC', ever)).toBeNull()
    expect(openRecordedOpenInterest(folder, 'ETH', { from: origin, to: origin + DAY })?.recordings).toHaveLength(1)
  })
  it.each([
    [[['2023-11-20', 10, 9, 9, 11]], /do not enclose/],
    [[['2023-13-20', 10, 12, 9, 11]], /is no day/],
    [
      [
        ['2023-11-20', 10, 12, 9, 11],
        ['2023-11-20', 10, 12, 9, 11],
      ],
      /not later/,
    ],
    [[['2023-11-20', 10, 12, 0, 11]], /do not enclose/],
  ])('refuses open interest %s', (rows, message) => {
    put('derivs/ETHUSD_PERP_open_interest_1d_2023-11.csv', interestHeader, rows)
    expect(() => openRecordedOpenInterest(folder, 'ETH', ever)).toThrow(message)
  })
  it('funding is known when it is paid', () => {
    put('derivs/BTCUSDT_funding_8h_2023-11.csv.gz', 'timestamp,funding_rate_8h', [
      [iso(origin), 0.0001],
      [iso(origin + 16 * HOUR), -0.0002],
    ])
    expect(openRecordedFunding(folder, 'BTC', ever)?.observations).toEqual([
      { knownAt: origin, rate: 0.0001 },
      { knownAt: origin + 16 * HOUR, rate: -0.0002 },
    ])
  })
  it.each([
    [[iso(origin + HOUR), 0.0001], /not on the grid/],
    [[iso(origin), 0.11], /beyond 0.1/],
    [['20 November', 0.0001], /is no time/],
  ])('refuses funding %s', (row, message) => {
    put('derivs/BTCUSDT_funding_8h_2023-11.csv', 'timestamp,funding_rate_8h', [row])
    expect(() => openRecordedFunding(folder, 'BTC', ever)).toThrow(message)
  })
})

describe('recorded loans', () => {
  const file = 'positions/crvusd_weth_loans_2023Q4.csv.gz'
  const header = 'debt_crvusd,collateral_units,n_bands'
  const rows = Array.from({ length: 10 }, (_, i) => [1_000 + i, 1 + i, 4])
  const open = (accounts: number) => recordedLoans({ path: join(folder, file), market: 'ETH', accounts })
  const ended = Date.UTC(2024, 0, 1) / 1_000

  it('are accounts with debt and collateral, every n-th row, known when the quarter has ended', async () => {
    put(file, header, rows)
    const book = await open(4).fetchBook(ended, 2_000)
    expect(book).toMatchObject({ market: 'ETH', instruments: [] })
    expect(book.portfolios.map(({ account, cash, collateral }) => [account, cash, collateral])).toEqual([
      ['loan 2', -1_000, 1],
      ['loan 5', -1_003, 4],
      ['loan 8', -1_006, 7],
      ['loan 11', -1_009, 10],
    ])
    expect((await open(100).fetchBook(ended, 2_000)).portfolios).toHaveLength(10)
    put(file, header, [...rows, [5, 0, 4]])
    expect((await open(100).fetchBook(ended, 2_000)).portfolios).toHaveLength(10)
    await expect(open(4).fetchBook(ended - 1, 2_000)).rejects.toThrow(UnavailableError)
  })
  it('can be assessed: a loan is liquidatable when the collateral no longer covers debt and margin', async () => {
    put(file, header, [
      [1_000, 1, 4],
      [1_000, 0.5, 4],
    ])
    const { instruments, portfolios } = await open(2).fetchBook(ended, 2_000)
    const parameters = parametersOf(0.25)
    const { accounts } = assessBook({ instruments, portfolios }, { time: ended, spot: 2_000, markVol: 0.6 }, parameters)
    expect(accounts.map(({ equity, liquidatable }) => [equity, liquidatable])).toEqual([
      [500, false],
      [-250, true],
    ])
  })
  it.each([
    [[0, 1, 4], /not above 0/],
    [[1, -1, 4], /is negative/],
    [[1, 1, 0.5], /no number of bands/],
  ])('refuse %s', (row, message) => {
    put(file, header, [row])
    expect(() => open(1)).toThrow(message)
  })
  it('refuse a file that does not say when it was known', () => {
    put('positions/loans.csv', header, rows)
    expect(() => recordedLoans({ path: join(folder, 'positions/loans.csv'), market: 'ETH', accounts: 1 })).toThrow(
      /does not end in a quarter/,
    )
  })
  it('take the place of simulated accounts where the configuration names them', async () => {
    put(file, header, rows)
    put(
      'ohlcv/ETHUSDT_x_spot_1h_2024-01.csv',
      'timestamp,open,high,low,close,volume',
      Array.from({ length: 30 }, (_, i) => [iso(ended + HOUR * i), 2000, 2010, 1990, 2000, 5]),
    )
    const source = {
      kind: 'recorded' as const,
      directory: folder,
      from: iso(ended + HOUR),
      to: iso(ended + 9 * HOUR),
      file: null,
      seedDays: 1,
    }
    const { portfolios } = openSources({ source, portfolios: { seed: 'x', accounts: 5, loans: join(folder, file) } }, 'ETH', 2 * HOUR)
    expect((await portfolios.fetchBook(ended + HOUR, 2_000)).portfolios).toHaveLength(5)
  })
})

describe('the recorded source', () => {
  it('shows what was recorded beside bars only once it was known, names the files, and nothing that is not there', async () => {
    put(
      'ohlcv/ETHUSDT_x_spot_1h_2023-11.csv',
      'timestamp,open,high,low,close,volume',
      Array.from({ length: 60 }, (_, i) => [iso(origin - DAY + HOUR * i), 2000, 2010, 1990, 2000, 5]),
    )
    put(quotesFile, quotesHeader, quotes(120))
    put('derivs/ETHUSD_PERP_open_interest_1d_2023-11.csv', 'date,oi_open,oi_high,oi_low,oi_close', [['2023-11-20', 10, 12, 9, 11]])
    const open = (from: number, to: number) =>
      openSources(
        {
          source: { kind: 'recorded', directory: folder, from: iso(from), to: iso(to), file: null, seedDays: 10 },
          portfolios: { seed: 'x', accounts: 3 },
        },
        'ETH',
        2 * HOUR,
      ).market
    const market = open(origin, origin + 30 * HOUR)
    const at = async (time: number) => market.fetchObservation(time - HOUR, time)
    expect((await at(origin + HOUR - 1)).liquidity).toEqual([])
    expect((await at(origin + HOUR)).liquidity).toEqual([{ knownAt: origin + HOUR, spread: 0.001, liquidatedUsd: 10_000 }])
    expect((await at(origin + 3 * HOUR)).liquidity).toEqual([])
    expect((await at(origin + DAY)).openInterest).toEqual([{ knownAt: origin + DAY, openInterestUsd: 11 }])
    const observed = await at(origin + HOUR)
    expect(observed.provenance.recordings?.map(({ name }) => name)).toEqual([
      quotesFile.slice(6),
      'ETHUSD_PERP_open_interest_1d_2023-11.csv',
    ])
    expect(observed).not.toHaveProperty('funding')
    expect(observed.impliedVol).toEqual([])
    const without = await open(origin + 5 * HOUR, origin + 10 * HOUR).fetchObservation(origin + 5 * HOUR, origin + 6 * HOUR)
    expect(without.openInterest).toBeUndefined()
  })
})
