import { loadavg } from 'node:os'
import { min, quantile } from 'simple-statistics'
import { spawnKernelWorker } from '../controller/workers/index.ts'
import {
  type AccountLosses,
  batchInputs,
  lossWithOrder,
  openBlack76Batch,
  openImpliedVolBatch,
  openPool,
  openVenue,
  priceVenue,
  quoteColumns,
  quoteVenue,
  shortfalls,
  startStream,
  type Venue,
  type VenueOptions,
  worstLosses,
} from '../risk/kernel/index.ts'
import { impliedVol } from '../risk/pricing/impliedVol/index.ts'
import { black76Price } from '../risk/pricing/index.ts'
import type { BenchRow } from './BenchRow.ts'
import { contest, type Entry, entry, rowsOf, titles } from './contest.ts'
import { benchOptions, benchVenue, POSITIONS_PER_ACCOUNT } from './kernelInputs.ts'
import type { Peer, PeerRun } from './peers/peer.ts'
import { mergeTimings, type Timing, time } from './Timing.ts'

const LEVEL = 0.975

/**
 * The kernel beside the same work in plain C++, hand-written AVX-512 C++ and QuantLib: in each round every contestant takes its turn, so that all see the
 * machine in the same states. Best and median; the machine's load stands in the first rows.
 */
export async function benchKernel(): Promise<BenchRow[]> {
  const load = loadavg()[0]!
  const rows = [
    ...(await benchGreeks()),
    ...(await benchRevaluation()),
    ...(await benchMillion()),
    ...(await benchShortfalls()),
    ...benchStream(),
    ...(await benchImpliedVol()),
    ...(await benchBits()),
  ]
  return [
    { name: 'load of the machine before the kernel was measured (1 minute)', value: load, unit: 'processes' },
    { name: 'load of the machine afterwards', value: loadavg()[0]!, unit: 'processes' },
    ...rows,
    ...memoryRows(),
  ]
}

async function benchGreeks(): Promise<BenchRow[]> {
  const options = benchOptions()
  const batches = (['wasm', 'typescript'] as const).map((engine) => {
    const batch = openBlack76Batch(options.length, engine)
    options.forEach((option, i) => {
      for (const name of batchInputs) batch.inputs[name][i] = option[name]
    })
    batch.price(options.length)
    return { batch, timings: [] as Timing[] }
  })
  const repeats = 100
  const runs = await contest(['plain', 'avx512', 'quantlib'], ['greeks'], async () => {
    for (const { batch, timings } of batches) {
      timings.push(
        await time(25, 1e6 / (options.length * repeats), () => {
          for (let k = 0; k < repeats; k++) batch.priceUnchecked(options.length)
        }),
      )
    }
  })
  const [wasm, twin] = batches.map(({ timings }) => mergeTimings(timings))
  return rowsOf('G1 Black-76 price and 8 Greeks, blocks of 1,000 options, one core', 'ns/option', 38, wasm!, [
    { name: 'plain twin', timing: twin! },
    ...entry(runs, 'avx512', 'greeks', ''),
    ...entry(runs, 'plain', 'greeks', ''),
    ...entry(runs, 'quantlib', 'greeks', ' BlackCalculator, price and 5 Greeks'),
  ])
}

function quotedVenue(accounts: number, states: number, options: VenueOptions): Venue {
  const { terms, quotes } = benchVenue(accounts, states)
  const venue = openVenue(terms, options)
  quoteVenue(venue, quotes)
  priceVenue(venue)
  return venue
}

async function benchRevaluation(): Promise<BenchRow[]> {
  const goal = 'G2 100,000 accounts x 10 positions x 81 scenarios, quotes to worst loss'
  const venue = quotedVenue(100_000, 81, { threads: 2 })
  const twin = quotedVenue(100_000, 81, { engine: 'typescript' })
  const pool = openPool(venue, spawnKernelWorker)
  const one: Timing[] = []
  const two: Timing[] = []
  const table: Timing[] = []
  const plainTwin: Timing[] = []
  const runs = await contest(['plain', 'avx512'], ['worst'], async () => {
    one.push(
      await time(15, 1, () => {
        priceVenue(venue)
        worstLosses(venue)
      }),
    )
    two.push(
      await time(15, 1, async () => {
        await pool.price()
        await pool.worstLosses()
      }),
    )
    table.push(await time(15, 1, () => priceVenue(venue)))
    plainTwin.push(
      await time(1, 1, () => {
        priceVenue(twin)
        worstLosses(twin)
      }),
    )
  })
  await pool.close()
  const single = mergeTimings(one)
  const engines = await contest(['quantlib'], ['engine'], async () => {})
  const [perCall] = entry(engines, 'quantlib', 'engine', '')
  const [plain] = entry(runs, 'plain', 'worst', '')
  const [plainTable] = entry(runs, 'plain', 'table', '')
  const scaled = ({ best, median, processor }: Timing, factor: number, more: number): Timing => ({
    best: best * factor + more,
    median: median * factor + more,
    processor: processor * factor + more,
  })
  const quantlib: Entry[] =
    perCall === undefined || plain === undefined || plainTable === undefined
      ? []
      : [
          {
            name: 'QuantLib, an engine per distinct option and scenario, and the sums of C++ -O3 (both measured, added)',
            timing: scaled(perCall.timing, 81_000e-6, plain.timing.processor - plainTable.timing.processor),
          },
          {
            name: 'QuantLib, an engine per position and scenario (81 million times one measured call)',
            timing: scaled(perCall.timing, 81, 0),
          },
        ]
  return [
    ...rowsOf(`${goal}, one core`, 'ms', 25, single, [
      { name: 'of it pricing', timing: mergeTimings(table) },
      { name: 'plain twin', timing: mergeTimings(plainTwin) },
      ...entry(runs, 'avx512', 'worst', ''),
      ...entry(runs, 'plain', 'worst', ''),
      ...quantlib,
    ]),
    ...rowsOf(`${goal}, two cores`, 'ms', 15, mergeTimings(two), [], 2),
    ...agreement(venue, runs),
  ]
}

/** How far the sums of all worst losses are from those of C++: the contestants did the same work. */
function agreement(venue: Venue, runs: ReadonlyMap<Peer, readonly PeerRun[]>): BenchRow[] {
  const total = worstLosses(venue).losses.reduce((sum, loss) => sum + loss, 0)
  return [...runs].flatMap(([peer, [run]]) => {
    const check = run?.checks[0]
    return check === undefined
      ? []
      : [{ name: `  sum of worst losses, relative difference to ${titles[peer]}`, value: Math.abs(total - check) / check, unit: '' }]
  })
}

async function benchMillion(): Promise<BenchRow[]> {
  const goal = 'G3 1,000,000 accounts x 10 positions x 81 scenarios, quotes to worst loss'
  const venue = quotedVenue(1_000_000, 81, { threads: 2 })
  const pool = openPool(venue, spawnKernelWorker)
  const one = await time(7, 1, () => {
    priceVenue(venue)
    worstLosses(venue)
  })
  const two = await time(7, 1, async () => {
    await pool.price()
    await pool.worstLosses()
  })
  await pool.close()
  return [...rowsOf(`${goal}, one core`, 'ms', 250, one, []), ...rowsOf(`${goal}, two cores`, 'ms', 150, two, [], 2)]
}

async function benchShortfalls(): Promise<BenchRow[]> {
  const goal = 'G4 97.5 % shortfall of 100,000 accounts x 10 positions x 1,000 scenarios'
  const venue = quotedVenue(100_000, 1000, { threads: 2, shortfall: true })
  const pool = openPool(venue, spawnKernelWorker)
  const one: Timing[] = []
  const two: Timing[] = []
  const runs = await contest(['plain'], ['shortfall'], async () => {
    one.push(await time(3, 1, () => shortfalls(venue, LEVEL)))
    two.push(await time(3, 1, () => pool.shortfalls(LEVEL)))
  })
  await pool.close()
  return [
    ...rowsOf(`${goal}, one core`, 'ms', 400, mergeTimings(one), entry(runs, 'plain', 'shortfall', ', nth_element')),
    ...rowsOf(`${goal}, two cores`, 'ms', 220, mergeTimings(two), [], 2),
  ]
}

function benchStream(): BenchRow[] {
  const venue = quotedVenue(100_000, 81, { streaming: true })
  const stream = startStream(venue)
  const ticks = 4000
  const tickTimes = timesOf(ticks, (i) => stream.tick((i * 37) % 1000, 0.3 + 0.0001 * (i % 3000)))
  const kept = Float64Array.from(stream.current.losses)
  stream.rebuild()
  const drift = stream.current.losses.reduce(
    (most, loss, account) => Math.max(most, Math.abs(loss - kept[account]!) / Math.max(1, Math.abs(loss))),
    0,
  )
  const everything = timesOf(9, () => worstLosses(venue))
  const legs = [1, 205, 409, 613, 817].map((instrument, k) => ({ instrument, quantity: k - 2.5 }))
  const orderTimes = timesOf(50_000, (i) => lossWithOrder(venue, (i * 7919) % 100_000, legs))
  const p50 = quantile(tickTimes, 0.5) * 1000
  const p99 = quantile(orderTimes, 0.99) * 1000
  const all = min(everything) * 1000
  return [
    {
      name: 'G5 quote of one option to margin of its 1,000 holders, p50',
      value: p50,
      unit: 'us',
      reference: 'goal 250 us',
      ratio: p50 / 250,
    },
    {
      name: 'G5 the same, p99',
      value: quantile(tickTimes, 0.99) * 1000,
      unit: 'us',
      reference: 'goal 1000 us',
      ratio: quantile(tickTimes, 0.99),
    },
    { name: '  all accounts anew', value: all, unit: 'us', reference: `${p50.toPrecision(3)} us of a tick`, ratio: all / p50 },
    {
      name: `  drift of the kept sums after ${ticks} ticks, largest, of the loss`,
      value: drift,
      unit: '',
      reference: 'goal 1e-9',
      ratio: drift / 1e-9,
    },
    { name: 'G6 an order of 5 legs against an account, 81 scenarios, p99', value: p99, unit: 'us', reference: 'goal 5 us', ratio: p99 / 5 },
    { name: '  the same, p50', value: quantile(orderTimes, 0.5) * 1000, unit: 'us' },
  ]
}

async function benchImpliedVol(): Promise<BenchRow[]> {
  const quotes = benchOptions().map(({ forward, strike, timeToExpiry, vol }) => {
    const type = strike >= forward ? ('call' as const) : ('put' as const)
    const price = black76Price({ type, forward, strike, timeToExpiry, vol, rate: 0 })
    return { type, sign: type === 'call' ? 1 : -1, forward, strike, timeToExpiry, rate: 0, price }
  })
  const batches = (['wasm', 'typescript'] as const).map((engine) => {
    const batch = openImpliedVolBatch(quotes.length, engine)
    quotes.forEach((quote, i) => {
      for (const name of quoteColumns) batch.inputs[name][i] = quote[name]
    })
    return { batch, timings: [] as Timing[] }
  })
  const repeats = 50
  const plain: Timing[] = []
  const runs = await contest(['quantlib'], ['implied'], async () => {
    for (const { batch, timings } of batches) {
      timings.push(
        await time(25, 1e6 / (quotes.length * repeats), () => {
          for (let k = 0; k < repeats; k++) batch.solve(quotes.length)
        }),
      )
    }
    plain.push(
      await time(25, 1e6 / (quotes.length * repeats), () => {
        for (let k = 0; k < repeats; k++) for (const quote of quotes) impliedVol(quote)
      }),
    )
  })
  const [wasm, twin] = batches.map(({ timings }) => mergeTimings(timings))
  const solver = mergeTimings(plain)
  return [
    ...rowsOf('G7 implied vol to 1e-12, 1,000 quotes out of the money, WebAssembly', 'ns/quote', 150, wasm!, [
      { name: 'plain twin', timing: twin! },
      ...entry(runs, 'quantlib', 'implied', ' at 1e-12'),
    ]),
    ...rowsOf('G7 implied vol, the plain solver of risk/pricing', 'ns/quote', 350, solver, []),
  ]
}

function timesOf(count: number, act: (i: number) => unknown): number[] {
  for (let i = 0; i < Math.min(count, 200); i++) act(i)
  return Array.from({ length: count }, (_, i) => {
    const start = performance.now()
    act(i)
    return performance.now() - start
  })
}

/** How many accounts get another loss or scenario from the twin, or from other numbers of threads. */
async function benchBits(): Promise<BenchRow[]> {
  const accounts = 20_000
  const alone = quotedVenue(accounts, 81, {})
  const { losses, cells } = worstLosses(alone)
  const differing = (other: AccountLosses): number =>
    losses.reduce((count, loss, a) => count + Number(loss !== other.losses[a] || cells[a] !== other.cells[a]), 0)
  const row = (what: string, value: number): BenchRow => ({
    name: `G14 accounts of ${accounts} with other bits: ${what}`,
    value,
    unit: 'accounts',
    reference: 'goal 0',
  })
  const rows = [row('the twin', differing(worstLosses(quotedVenue(accounts, 81, { engine: 'typescript' }))))]
  for (const threads of [2, 7]) {
    const pool = openPool(quotedVenue(accounts, 81, { threads }), spawnKernelWorker)
    await pool.price()
    rows.push(row(`${threads} threads`, differing(await pool.worstLosses())))
    await pool.close()
  }
  return rows
}

/** Bytes of the venue of G2 beyond those of one without accounts. */
function memoryRows(): BenchRow[] {
  const accounts = 100_000
  const bytes = (count: number, streaming: boolean): number => openVenue(benchVenue(count, 81).terms, { streaming }).plan.bytes
  const plain = (bytes(accounts, false) - bytes(1, false)) / accounts
  const kept = (bytes(accounts, true) - bytes(1, true)) / accounts
  const positions = POSITIONS_PER_ACCOUNT
  return [
    {
      name: `G13 memory per account with ${positions} positions`,
      value: plain,
      unit: 'bytes',
      reference: `goal ${40 * positions + 16} bytes`,
      ratio: plain / (40 * positions + 16),
    },
    {
      name: 'G13 more per account with kept sums and the inverted index',
      value: kept - plain,
      unit: 'bytes',
      reference: `goal 800 bytes, and ${28 * positions} left of 40 per position`,
      ratio: (kept - plain) / (800 + 28 * positions),
    },
  ]
}
