import { coverRequirement, groupShortfalls, stressSet, valueBook } from '../risk/insurance/index.ts'
import { assessBook, bookShortfall, type MarginParameters, portfolioRisk } from '../risk/margin/index.ts'
import { quantile } from '../risk/math/index.ts'
import { black76Greeks, black76Price } from '../risk/pricing/index.ts'
import { excursionLosses, expectedShortfall, historicalMoves } from '../risk/tail/index.ts'
import type { Bar, Book, Instrument, Portfolio } from '../risk/types/index.ts'
import { addHour, emptyVarianceMix, hourlyVariance, sigmaMix } from '../risk/volatility/index.ts'
import type { BenchRow } from './BenchRow.ts'

const ACCOUNTS = 500
const POSITIONS_PER_ACCOUNT = 10
const INSTRUMENTS = 300
const HOURS = 3 * 365 * 24
const TIME = 1_600_000_000
const SPOT = 2000

const parameters: MarginParameters = {
  priceScanRange: 0.21,
  initialRange: 0.29,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0.015,
  tailWeight: 0.77,
  haircut: 0.25,
}

/**
 * The parts of a tick on 500 accounts, 5,000 positions, 300 instruments, 41 spots and three years of hourly bars. Best and median of repeated runs
 * on one core, after a first run that is reported apart, since a daemon's first tick pays for compilation.
 */
export async function benchRisk(): Promise<BenchRow[]> {
  const random = uniform(1)
  const book = makeBook(random)
  const bars = makeBars(random)
  const market = { time: TIME, spot: SPOT, markVol: 0.8 }
  const moves = historicalMoves(
    bars.map(({ close }) => close),
    24,
  )
  const assessment = assessBook(book, market, parameters)
  const losses = excursionLosses(bars, 24)
  const size = `${ACCOUNTS} accounts, ${ACCOUNTS * POSITIONS_PER_ACCOUNT} positions, ${INSTRUMENTS} instruments, 41 spots`

  const tick = measure(15, () => {
    const { accounts } = assessBook(book, market, parameters)
    portfolioRisk({ time: TIME, spot: SPOT, accounts }, bookShortfall(book, market, moves))
    quantile(losses.long, 0.99)
    quantile(losses.short, 0.99)
  })
  const stressed = { costs: { spread: 0.001, depthUsd: 1e7, gasUsd: 0 }, scenarios: stressSet('ETH') }
  // In force, before and after: three assessments while a ramp is under way, two otherwise.
  const group = measure(10, () => {
    for (let pass = 0; pass < 3; pass++) assessBook(book, market, parameters)
    bookShortfall(book, market, moves)
    coverRequirement(groupShortfalls([{ valuer: valueBook(book, market), ...stressed }]))
    quantile(losses.long, 0.99)
    quantile(losses.short, 0.99)
  })
  const budget = 250
  const steps: [string, Timing][] = [
    [`margin of all accounts (${size})`, measure(15, () => assessBook(book, market, parameters))],
    [
      'totals of the book',
      measure(15, () => {
        portfolioRisk(assessment, null)
      }),
    ],
    [`expected shortfall of the book over ${moves.length} moves`, measure(15, () => bookShortfall(book, market, moves))],
    ['variance mix folded over three years of hours', measure(15, () => foldVariance(bars))],
    ['24 h excursion losses over three years of hours', measure(15, () => excursionLosses(bars, 24))],
    ['99 % quantile of three years of hours', measure(15, () => quantile(losses.long, 0.99))],
    ['97.5 % shortfall of three years of hours', measure(15, () => expectedShortfall(moves, 0.975))],
  ]
  return [
    {
      name: `risk part of a tick (${size})`,
      value: tick.median,
      unit: 'ms',
      reference: `budget ${budget} ms on one core`,
      ratio: tick.median / budget,
    },
    {
      name: 'risk part of a tick, first run',
      value: tick.first,
      unit: 'ms',
      reference: `budget ${budget} ms on one core`,
      ratio: tick.first / budget,
    },
    {
      name: `risk part of a tick on a deployed group, a ramp under way, Cover-2 included (${size})`,
      value: group.median,
      unit: 'ms',
      reference: `budget ${budget} ms on one core`,
      ratio: group.median / budget,
    },
    ...steps.flatMap(([name, { best, median }]): BenchRow[] => [
      { name: `${name}, median`, value: median, unit: 'ms' },
      { name: `${name}, best`, value: best, unit: 'ms' },
    ]),
    ...benchPricing(random),
  ]
}

type Timing = { readonly first: number; readonly best: number; readonly median: number }

function measure(runs: number, act: () => unknown): Timing {
  const times = Array.from({ length: runs + 1 }, () => {
    const start = performance.now()
    act()
    return performance.now() - start
  })
  const sorted = times.slice(1).sort((a, b) => a - b)
  return { first: times[0]!, best: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! }
}

function benchPricing(random: () => number): BenchRow[] {
  const count = 100_000
  const inputs = Array.from({ length: count }, (_, i) => ({
    type: i % 2 === 0 ? ('call' as const) : ('put' as const),
    forward: 100,
    strike: 67 + 82 * random(),
    timeToExpiry: 0.02 + 1.98 * random(),
    vol: 0.08 + 0.6 * random(),
    rate: 0.03,
  }))
  const price = measure(9, () => inputs.reduce((sum, input) => sum + black76Price(input), 0))
  const greeks = measure(9, () => inputs.reduce((sum, input) => sum + black76Greeks(input).volga, 0))
  const row = (name: string, { median }: Timing, reference: string, peer: number): BenchRow => {
    const value = (1e6 * median) / count
    return { name, value, unit: 'ns/option', reference, ratio: value / peer }
  }
  return [
    row('Black-76 price, checked', price, 'QuantLib 1.29 blackFormula 56-61 ns on the research machine', 58),
    row(
      'Black-76 price and 8 Greeks, checked',
      greeks,
      'QuantLib 1.29 BlackCalculator, price and 5 Greeks, 203-216 ns on the research machine',
      203,
    ),
  ]
}

function foldVariance(bars: readonly Bar[]): number {
  let mix = emptyVarianceMix
  let before = bars[0]!.open
  for (const bar of bars) {
    mix = addHour(mix, hourlyVariance(bar, before))
    before = bar.close
  }
  return sigmaMix(mix)
}

function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

function makeBook(random: () => number): Book {
  const expiries = [0.5, 1.5, 3, 7, 14, 30, 60, 90, 180, 360].map((days) => TIME + 86_400 * days)
  const options = expiries.flatMap((expiry) =>
    Array.from({ length: 15 }, (_, k) => 1000 + 150 * k).flatMap((strike) =>
      (['call', 'put'] as const).map((type): Instrument => ({ kind: 'option', id: `${expiry}-${strike}-${type}`, type, strike, expiry })),
    ),
  )
  const future: Instrument = { kind: 'future', id: 'F', expiry: expiries[7]! }
  const instruments = [future, ...options].slice(0, INSTRUMENTS)
  const portfolios = Array.from({ length: ACCOUNTS }, (_, i): Portfolio => {
    const held = new Set<number>()
    while (held.size < POSITIONS_PER_ACCOUNT) held.add(Math.floor(INSTRUMENTS * random()))
    const positions = [...held]
      .sort((a, b) => a - b)
      .map((instrument) => ({ instrument, quantity: Math.round(200 * (random() - 0.5)) / 10 }))
    return { account: `A${i}`, cash: 20_000, collateral: i % 3, positions }
  })
  return { schema: 'ballast.book', version: 1, market: 'ETH', instruments, portfolios }
}

function makeBars(random: () => number): Bar[] {
  let close = SPOT
  return Array.from({ length: HOURS }, (_, i) => {
    const open = close
    close = open * (1 + 0.02 * (random() - 0.5))
    const end = TIME + 3600 * (i + 1)
    const high = Math.max(open, close) * (1 + 0.004 * random())
    const low = Math.min(open, close) * (1 - 0.004 * random())
    return { start: end - 3600, end, knownAt: end, open, high, low, close, volume: 1000 * random() }
  })
}
