import { amihud } from '../liquidity/index.ts'
import { log, quantileInPlace, selectSmallest } from '../math/index.ts'
import { annualise } from '../volatility/index.ts'
import type { BarColumns } from './barRows.ts'
import { horizonLosses } from './horizonLosses.ts'
import type { BarSignals } from './Signals.ts'

const HOUR = 3600
const DAY = 86_400
const YEAR_HOURS = 8760
const SQRT_24 = Math.sqrt(24)
/** Losses without which no tail quantile is given: 180 days of hours. */
export const MINIMUM_LOSSES = 4320

/**
 * All signals that follow from bars. Losses are purged: one over H hours counts only once H bars after its entry are known. Bars that carry the
 * price through an outage are left out of quantiles of sigma and volume, but their prices count as live risk in losses.
 */
export function computeBarSignals(bars: BarColumns): BarSignals {
  const last = bars.count - 1
  const day = horizonLosses(bars, 24)
  const twoDays = horizonLosses(bars, 48)
  const enough = day.long.length >= MINIMUM_LOSSES
  const sides = [day.long, day.short]
  const multiples = enough ? sides.map((losses) => quantileInPlace(overSigma(losses, bars), 0.99)) : []
  const lossMultiple = enough ? Math.max(...multiples) : null
  return {
    historyHours: bars.count,
    sigma24h: bars.sigma[last]! * SQRT_24,
    lossMultiple,
    sigmaQ98: sigmaQuantile(bars, 3 * YEAR_HOURS, 0.98),
    sigmaQ25: sigmaQuantile(bars, 3 * YEAR_HOURS, 0.25),
    sigmaQ90: sigmaQuantile(bars, 2 * YEAR_HOURS, 0.9),
    loss24hQ99: enough ? Math.max(...sides.map((losses) => quantileInPlace(losses.slice(), 0.99))) : null,
    loss48hQ99: enough ? Math.max(...[twoDays.long, twoDays.short].map((losses) => quantileInPlace(losses.slice(), 0.99))) : null,
    loss24hEs99: enough ? Math.max(...sides.map((losses) => meanBeyond(losses, 0.99))) : null,
    fall24hQ99: enough ? quantileInPlace(day.long.slice(), 0.99) : null,
    breaches365d: lossMultiple === null ? null : Math.max(...sides.map((losses) => countBreaches(losses, bars, lossMultiple))),
    volume24hQ10: volumeQuantile(bars),
    amihud30d: amihudOf(bars),
    realizedVol7d: realizedOf(bars, 168),
  }
}

/** Loss over the 24 h volatility known when the position was opened; entries before the first measured variance are left out. */
function overSigma(losses: Float64Array, bars: BarColumns): Float64Array {
  return losses.map((loss, i) => (bars.sigma[i]! > 0 ? loss / (bars.sigma[i]! * SQRT_24) : 0))
}

function sigmaQuantile(bars: BarColumns, hours: number, level: number): number {
  const from = Math.max(0, bars.count - hours)
  const sample = new Float64Array(bars.count - from)
  let taken = 0
  for (let i = from; i < bars.count; i++) if (bars.genuine[i] === 1) sample[taken++] = bars.sigma[i]!
  return taken === 0 ? 0 : quantileInPlace(sample.subarray(0, taken), level) * SQRT_24
}

/** Mean of the losses above the `level` quantile: the ceil(n (1 - level)) largest. */
function meanBeyond(losses: Float64Array, level: number): number {
  const sample = losses.slice()
  const first = Math.floor(sample.length * level)
  selectSmallest(sample, first)
  const tail = sample.subarray(first).sort()
  let sum = 0
  for (const loss of tail) sum += loss
  return sum / tail.length
}

function countBreaches(losses: Float64Array, bars: BarColumns, multiple: number): number {
  const since = bars.end[bars.count - 1]! - 365 * DAY
  let breaches = 0
  for (let i = 0; i < losses.length; i++)
    if (bars.end[i]! > since && bars.end[i]! % DAY === 0 && losses[i]! > multiple * bars.sigma[i]! * SQRT_24) breaches++
  return breaches
}

function volumeQuantile(bars: BarColumns): number | null {
  if (bars.count < 744) return null
  const sums: number[] = []
  for (let i = bars.count - 720; i < bars.count; i++) {
    let sum = 0
    for (let j = i - 23; j <= i; j++) sum += bars.volume[j]!
    sums.push(sum)
  }
  return quantileInPlace(Float64Array.from(sums), 0.1)
}

function amihudOf(bars: BarColumns): number | null {
  if (bars.count < 721) return null
  const from = bars.count - 720
  const returns = Float64Array.from({ length: 720 }, (_, i) => log(bars.close[from + i]! / bars.close[from + i - 1]!))
  return amihud(
    returns,
    Float64Array.from({ length: 720 }, (_, i) => bars.volume[from + i]! * bars.close[from + i]!),
  )
}

function realizedOf(bars: BarColumns, hours: number): number | null {
  if (bars.count <= hours) return null
  const last = bars.count - 1
  let squares = 0
  for (let i = last - hours + 1; i <= last; i++) {
    const move = log(bars.close[i]! / bars.close[i - 1]!)
    squares += move * move
  }
  const seconds = Math.max(HOUR, bars.end[last]! - bars.end[last - hours]!)
  return annualise(squares, seconds)
}
