import { compensatedSum, log } from '../../risk/math/index.ts'
import type { Bar, Seconds, Vol } from '../../risk/types/index.ts'
import {
  addHour,
  annualise,
  bipowerVariation,
  closeToClose,
  emptyVarianceMix,
  fitGarch,
  fitHar,
  forecastGarch,
  type GarchFit,
  garmanKlass,
  garmanKlassYangZhang,
  hourlyVariance,
  type JumpTest,
  jumpTest,
  longRunVariance,
  medRv,
  parkinson,
  realizedVol,
  rogersSatchell,
  sigmaMix,
  yangZhang,
} from '../../risk/volatility/index.ts'

/** One estimate; null where the recording is too short or the model has none, with the reason. */
export type VolEstimate = { readonly name: string; readonly vol: Vol | null; readonly remark: string }

export type VolEstimates = {
  /** Estimators over the window. */
  readonly window: readonly VolEstimate[]
  /** Models over the whole recording and their forecasts. */
  readonly forecasts: readonly VolEstimate[]
  readonly jumps: JumpTest | null
}

const DAY: Seconds = 86_400
const HOUR: Seconds = 3_600
const FORECAST_DAYS = 30

/**
 * Volatilities of a recording, annualised.
 *
 * @param window - Bars of the window, the last ones of `bars`, at least 3.
 */
export function estimateVols(bars: readonly Bar[], window: number, barSeconds: Seconds): VolEstimates {
  const used = bars.slice(-window)
  const before = bars.slice(-window - 1)
  const returns = before.slice(1).map((bar, i) => log(bar.close / before[i]!.close))
  const span = before.at(-1)!.end - before[0]!.end
  const mean = (of: (bar: Bar) => number): Vol => annualise(compensatedSum(used.map(of)) / used.length, barSeconds)
  const overSpan = (variance: number): Vol => annualise(variance, span)
  const enough = returns.length >= 3
  const jumps = enough ? jumpTest(returns) : null
  return {
    window: [
      { name: 'close to close', vol: realizedVol(before, before.length - 1), remark: `${before.length - 1} returns` },
      { name: 'Parkinson', vol: mean(parkinson), remark: 'high and low' },
      { name: 'Garman-Klass', vol: mean(garmanKlass), remark: 'all four prices, no drift' },
      { name: 'Rogers-Satchell', vol: mean(rogersSatchell), remark: 'all four prices, any drift' },
      { name: 'Garman-Klass with gaps', vol: meanWithGaps(before, barSeconds), remark: 'adds the gap before each bar' },
      { name: 'Yang-Zhang', vol: before.length > 2 ? annualise(yangZhang(before), barSeconds) : null, remark: 'gaps and any drift' },
      { name: 'bipower', vol: enough ? overSpan(bipowerVariation(returns)) : null, remark: 'without jumps' },
      { name: 'MedRV', vol: enough ? overSpan(medRv(returns)) : null, remark: 'without jumps' },
    ],
    forecasts: [policyMix(bars, barSeconds), ...dailyModels(bars)],
    jumps,
  }
}

function meanWithGaps(bars: readonly Bar[], barSeconds: Seconds): Vol | null {
  if (bars.length < 2) return null
  const variances = bars.slice(1).map((bar, i) => garmanKlassYangZhang(bar, bars[i]!.close))
  return annualise(compensatedSum(variances) / variances.length, barSeconds)
}

/** What the policy uses; it is defined on hourly bars. */
function policyMix(bars: readonly Bar[], barSeconds: Seconds): VolEstimate {
  const name = 'policy mix'
  if (barSeconds !== HOUR) return { name, vol: null, remark: 'needs hourly bars' }
  const mix = bars.slice(1).reduce((state, bar, i) => addHour(state, hourlyVariance(bar, bars[i]!.close)), emptyVarianceMix)
  return { name, vol: annualise(sigmaMix(mix) ** 2, HOUR), remark: 'averages of 1, 7 and 30 days, as the controller uses' }
}

function dailyModels(bars: readonly Bar[]): VolEstimate[] {
  const days = dailyRows(bars)
  if (days.length === 0)
    return ['GARCH(1,1)', 'GJR-GARCH', 'HAR, next day'].map((name) => ({ name, vol: null, remark: 'no two whole days' }))
  const returns = days.map(({ move }) => move)
  const garch = fitGarch(returns)
  const gjr = fitGarch(returns, { model: 'gjr' })
  const rows = [
    ['GARCH(1,1)', garch],
    ['GJR-GARCH', gjr],
  ] as const
  return [...rows.flatMap(([name, fit]) => garchRows(name, fit)), harRow(days.map(({ variance }) => variance))]
}

/** Days that are whole: the return from close to close, and the sum of squared returns within. */
function dailyRows(bars: readonly Bar[]): { readonly move: number; readonly variance: number }[] {
  const rows: { move: number; variance: number }[] = []
  let open: number | null = null
  let variance = 0
  for (const [i, bar] of bars.entries()) {
    if (i > 0) variance += closeToClose(bars[i - 1]!.close, bar.close)
    if (bar.end % DAY !== 0) continue
    if (open !== null) rows.push({ move: log(bar.close / open), variance })
    open = bar.close
    variance = 0
  }
  return rows
}

function garchRows(name: string, fit: GarchFit): VolEstimate[] {
  switch (fit.status) {
    case 'tooFewReturns':
      return [{ name, vol: null, remark: `${fit.returns} days; it needs ${fit.needed}` }]
    case 'constantReturns':
      return [{ name, vol: null, remark: 'the price does not move' }]
    case 'notConverged':
      return [{ name, vol: null, remark: `no maximum found in ${fit.iterations} steps` }]
    case 'fitted':
    case 'atBoundary': {
      const { parameters } = fit
      const ahead = forecastGarch(parameters, fit.next, FORECAST_DAYS)
      const long = longRunVariance(parameters)
      const remark = `alpha ${parameters.alpha.toFixed(3)}, beta ${parameters.beta.toFixed(3)}${parameters.gamma === 0 ? '' : `, gamma ${parameters.gamma.toFixed(3)}`}`
      return [
        { name: `${name}, next day`, vol: annualise(fit.next, DAY), remark },
        { name: `${name}, next ${FORECAST_DAYS} days`, vol: annualise(compensatedSum([...ahead]) / FORECAST_DAYS, DAY), remark: '' },
        {
          name: `${name}, long run`,
          vol: long === null ? null : annualise(long, DAY),
          remark: long === null ? 'persistence is not below one' : '',
        },
      ]
    }
  }
}

function harRow(variances: readonly number[]): VolEstimate {
  const name = 'HAR, next day'
  const fit = fitHar(variances)
  switch (fit.status) {
    case 'fitted':
      return { name, vol: annualise(fit.next, DAY), remark: `R2 ${fit.rSquared.toFixed(2)} over ${fit.observations} days` }
    case 'tooFewObservations':
      return { name, vol: null, remark: `${fit.observations} days with a month before; it needs ${fit.needed}` }
    case 'collinear':
      return { name, vol: null, remark: 'the price does not move' }
  }
}
