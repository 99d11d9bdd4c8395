import { contentHash } from '../hash/index.ts'
import { amihud } from '../liquidity/index.ts'
import { assessBook, bookShortfall } from '../margin/index.ts'
import { black76Greeks, forwardPrice } from '../pricing/index.ts'
import { excursionLosses, expectedShortfall, historicalVar } from '../tail/index.ts'
import type { Hash, Instrument, Portfolio } from '../types/index.ts'
import { addHour, emptyVarianceMix, garmanKlass, hourlyVariance, realizedVol, sigmaMix } from '../volatility/index.ts'
import { compensatedSum } from './compensatedSum.ts'
import { erfc } from './erfc.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { log1p } from './log1p.ts'
import { normalCdf } from './normalCdf.ts'
import { normalPdf } from './normalPdf.ts'
import { normalQuantile } from './normalQuantile.ts'
import { pow } from './pow.ts'
import { quantile } from './quantile.ts'

let computed: Hash | undefined

/**
 * Hash over the bits of a fixed battery of computations. Two machines with the same value compute the same numbers; an engine whose value differs from the
 * configured one must not sign. Computed once per process. It is outside the index of this folder, since it reaches up to the models.
 */
export function numericFingerprint(): Hash {
  computed ??= computeFingerprint()
  return computed
}

function computeFingerprint(): Hash {
  const results = [...elementary(), ...options(), ...bars(), ...margin()]
  const view = new DataView(new ArrayBuffer(8))
  const bits = results.map((value) => {
    view.setFloat64(0, value)
    return view.getBigUint64(0).toString(16).padStart(16, '0')
  })
  return contentHash(bits.join(''))
}

/** n points spread evenly over (0, 1) in scrambled order: a congruential walk through whole numbers, exact everywhere. */
function spread(n: number): number[] {
  let state = 1
  return Array.from({ length: n }, () => {
    state = (state * 16807) % 2147483647
    return state / 2147483647
  })
}

function elementary(): number[] {
  return spread(500).flatMap((u) => {
    const x = (u - 0.5) * 75
    const wide = exp((u - 0.5) * 1400)
    return [
      wide,
      log(wide),
      log1p(u - 0.9),
      pow(u, 40 * u - 20),
      erfc(x / 2),
      normalPdf(x / 2),
      normalCdf(x),
      normalQuantile(u),
      normalQuantile(u * 1e-200),
    ]
  })
}

function options(): number[] {
  const points = spread(400)
  return points.flatMap((u, i) => {
    const v = points[(i * 7 + 3) % points.length]!
    const timeToExpiry = v * v * 2
    const forward = forwardPrice(100, u * 0.1, v * 0.1, timeToExpiry)
    return Object.values(
      black76Greeks({ type: i % 2 === 0 ? 'call' : 'put', forward, strike: 50 + 100 * v, timeToExpiry, vol: 0.05 + 2 * u, rate: 0.05 * u }),
    )
  })
}

function bars(): number[] {
  const points = spread(600)
  let close = 1000
  const series = points.map((u, i) => {
    const open = close
    close = open * (0.98 + 0.04 * u)
    const wick = 0.01 * points[(i * 11 + 5) % points.length]!
    return { end: 3600 * (i + 1), open, high: Math.max(open, close) * (1 + wick), low: Math.min(open, close) * (1 - wick), close }
  })
  let mix = emptyVarianceMix
  let before = 1000
  for (const bar of series) {
    mix = addHour(mix, hourlyVariance(bar, before))
    before = bar.close
  }
  const { long, short } = excursionLosses(series, 24)
  const returns = series.map((bar) => log(bar.close / bar.open))
  return [
    mix.day1,
    mix.day7,
    mix.day30,
    sigmaMix(mix),
    realizedVol(series, 168),
    compensatedSum(series.map(garmanKlass)),
    quantile(long, 0.99),
    quantile(short, 0.99),
    expectedShortfall(returns, 0.975),
    historicalVar(returns, 0.975),
    amihud(
      returns,
      points.map((u) => 1e6 * u),
    ) ?? 0,
  ]
}

function margin(): number[] {
  const time = 1_600_000_000
  const spot = 2000
  const instruments: Instrument[] = [0.5, 2, 9, 45, 180].flatMap((days) => {
    const expiry = time + 86_400 * days
    return [
      { kind: 'future', id: `F-${days}`, expiry },
      ...[1400, 1900, 2000, 2150, 3000].flatMap((strike) =>
        (['call', 'put'] as const).map((type) => ({ kind: 'option' as const, id: `${type}-${strike}-${days}`, type, strike, expiry })),
      ),
    ]
  })
  const points = spread(instruments.length * 12)
  const portfolios = Array.from({ length: 12 }, (_, account): Portfolio => {
    const positions = instruments.map((_, i) => ({
      instrument: i,
      quantity: Math.floor(40 * (points[account * instruments.length + i]! - 0.5)),
    }))
    return { account: `A${account}`, cash: 10_000, collateral: account % 3, positions: positions.filter((_, i) => (i + account) % 4 === 0) }
  })
  const market = { time, spot, markVol: 0.8 }
  const parameters = {
    priceScanRange: 0.21,
    initialRange: 0.29,
    volScanUp: 0.35,
    volScanDown: 0.17,
    initialMultiplier: 1.3,
    shortOptionMinimum: 0.015,
    tailWeight: 0.77,
    haircut: 0.25,
  }
  const moves = spread(700).map((u) => (u - 0.5) * 0.6)
  const { accounts } = assessBook({ instruments, portfolios }, market, parameters)
  return [
    ...accounts.flatMap(({ equity, maintenance, initial, notional, maximumLoss, bindingCell }) => [
      equity,
      maintenance,
      initial,
      notional,
      maximumLoss ?? -1,
      bindingCell.loss,
    ]),
    bookShortfall({ instruments, portfolios }, market, moves) ?? -1,
  ]
}
