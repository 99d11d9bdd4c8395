import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { americanFastPrice, americanPrice, americanRiskArray } from '../risk/pricing/american/index.ts'
import { simulatedAsian } from '../risk/pricing/asian/index.ts'
import { fitTail } from '../risk/tail/index.ts'
import { fitGarch } from '../risk/volatility/garch/index.ts'
import { fitHar } from '../risk/volatility/har/index.ts'
import type { BenchRow } from './BenchRow.ts'
import { contest, entry, rowsOf } from './contest.ts'
import { mergeTimings, type Timing, time } from './Timing.ts'

const option = { type: 'put', strike: 100, rate: 0.05, dividendYield: 0.02, vol: 0.3, timeToExpiry: 1 } as const
/** Days of DEM/GBP returns of Bollerslev and Ghysels, the benchmark of Fiorentini, Calzolari and Panattoni. */
const series = join(import.meta.dirname, '../test/risk/reference/series/demGbp.csv')

/** American, Asian, GARCH and the nightly refit, beside QuantLib where it has the same. */
export async function benchModels(): Promise<BenchRow[]> {
  return [...(await benchAmerican()), ...(await benchAsian()), ...(await benchFits())]
}

async function benchAmerican(): Promise<BenchRow[]> {
  const fast: Timing[] = []
  const certified: Timing[] = []
  const arrays: Timing[] = []
  const spots = Array.from({ length: 9 }, (_, i) => 80 + 5 * i)
  const vols = Array.from({ length: 9 }, (_, i) => 0.2 + 0.025 * i)
  const runs = await contest(['quantlib'], ['american'], async () => {
    fast.push(
      await time(15, 1000 / 50, () => {
        for (let k = 0; k < 50; k++) americanFastPrice({ ...option, spot: 80 + 0.8 * k })
      }),
    )
    certified.push(
      await time(5, 1000 / 10, () => {
        for (let k = 0; k < 10; k++) americanPrice({ ...option, spot: 80 + 4 * k })
      }),
    )
    arrays.push(await time(25, 1000, () => americanRiskArray({ ...option, spots, vols })))
  })
  return [
    ...rowsOf('G8 American put to 1e-5', 'us', 40, mergeTimings(fast), [
      ...entry(runs, 'quantlib', 'americanAccurate', ' QdFp accurate, error 2e-5'),
      ...entry(runs, 'quantlib', 'americanFast', ' QdFp fast, error 9e-4'),
      { name: 'ours certified to 1e-6 of the strike', timing: mergeTimings(certified) },
    ]),
    ...rowsOf('G8 American put, 9 spots x 9 vols', 'us', 400, mergeTimings(arrays), [
      ...entry(runs, 'quantlib', 'americanAccurate', ' QdFp accurate, 81 calls').map(({ name, timing }) => ({
        name,
        timing: times(timing, 81),
      })),
    ]),
  ]
}

function times({ best, median, processor }: Timing, factor: number): Timing {
  return { best: best * factor, median: median * factor, processor: processor * factor }
}

async function benchAsian(): Promise<BenchRow[]> {
  const steps = 12
  const plan = { paths: 4096, scrambles: 4, seed: 1 }
  const asian = { type: 'call', spot: 100, strike: 100, rate: 0.05, dividendYield: 0.02, vol: 0.3, timeToExpiry: 360 / 365 } as const
  const schedule = { fixings: steps, firstFixing: 30 / 365, lastFixing: 360 / 365, pastFixings: 0, pastAverage: 0 }
  const timings: Timing[] = []
  const runs = await contest(['quantlib'], ['asian'], async () => {
    timings.push(await time(9, 1e6 / (plan.paths * plan.scrambles * steps), () => simulatedAsian({ ...asian, ...schedule }, plan)))
  })
  return rowsOf('G9 arithmetic Asian, Sobol, bridge and control variate, 16,384 paths x 12', 'ns/path-step', 60, mergeTimings(timings), [
    ...entry(runs, 'quantlib', 'asian', ', the same with 16,383 paths'),
  ])
}

async function benchFits(): Promise<BenchRow[]> {
  const returns = Float64Array.from(readFileSync(series, 'utf8').trim().split('\n').slice(1), Number)
  const garch = await time(15, 1, () => fitGarch(returns))
  // An underlying of its own each time: the series from another day on, and around again.
  const underlyings = 50
  const samples = Array.from({ length: underlyings }, (_, k) => {
    const from = Math.floor((returns.length * k) / underlyings)
    return Float64Array.from(returns, (_, i) => returns[(from + i) % returns.length]! * (1 + k / 10))
  })
  const refit = await time(3, 1, () => {
    for (const sample of samples) {
      const { status } = fitGarch(sample)
      if (status !== 'fitted') throw new Error(`GARCH of a rotated series is ${status}`)
      fitHar(sample.map((value) => value * value))
      fitTail(sample.map((value) => -value))
    }
  })
  const perThousand = times(refit, 1000 / underlyings / 1000)
  return [
    ...rowsOf(`G10 GARCH(1,1) with standard errors, ${returns.length} observations`, 'ms', 3, garch, []),
    ...rowsOf(
      `G11 GARCH, HAR and tail of 1,000 underlyings (${underlyings} measured on one core, times ${1000 / underlyings}; 5 s on two cores)`,
      's',
      10,
      perThousand,
      [],
    ),
  ]
}
