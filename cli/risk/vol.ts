import type { Command } from 'commander'
import type { Bar, Vol } from '../../risk/types/index.ts'
import { realizedVol } from '../../risk/volatility/index.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { readInput } from '../kit/readInput.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { bothTimes, formatDuration, shortTime } from '../kit/time.ts'
import type { Chart } from '../plot/renderChart.ts'
import { writePlot } from '../plot/writePlot.ts'
import { estimateVols, type VolEstimate } from './estimateVols.ts'
import { readBars } from './readBars.ts'
import { type TailOfBars, tailOfBars } from './tailOfBars.ts'
import { type ConePoint, volCone } from './volCone.ts'

type VolOptions = { readonly days: number; readonly plot?: string }

const DAY = 86_400
/** Points of the curves over time. */
const DRAWN = 400

/** `ballast risk vol`: volatilities of recorded bars. */
export function volVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'vol',
      summary: 'volatilities of recorded bars: estimators over a window, models with forecasts',
      details:
        'The file is CSV with the columns timestamp, open, high, low, close, volume; times are UTC and mark the start of a bar. All figures are annualised over 365 days.',
      examples: [
        { run: 'risk vol examples/risk/bars.csv.gz', what: 'over the last 30 days' },
        { run: 'risk vol examples/risk/bars.csv.gz --days 7 --plot cone.svg', what: 'over a week, with the cone and the course' },
        { run: 'risk vol - --json < bars.csv', what: 'from standard input' },
      ],
    },
    (command) => {
      command
        .argument('[file]', 'bars as CSV, also compressed; - or nothing reads standard input')
        .option('--days <number>', 'length of the window; default 30', parseDays, 30)
        .option('--plot <file>', 'also draw the volatility cone and the course over time, as SVG')
    },
    async ([file], { days, plot }: VolOptions, context) => {
      const input = await readInput(terminal, file)
      const { bars, barSeconds, missingBars } = readBars(input)
      const last = bars.at(-1)!
      const window = bars.filter(({ start }) => start >= last.end - days * DAY).length
      if (window < 3) throw new CliError('failure', `${input.name} has ${window} bars in the last ${days} days; at least 3 are needed.`)
      const estimates = estimateVols(bars, window, barSeconds)
      const tail = tailOfBars(bars, barSeconds)
      const cone = volCone(bars)
      const document = {
        schema: 'ballast.volatility',
        version: 1,
        from: bothTimes(bars[0]!.start),
        to: bothTimes(last.end),
        barSeconds,
        bars: bars.length,
        missingBars,
        windowBars: window,
        ...estimates,
        tail,
        cone,
      } as unknown as Document
      context.output.result(document, (colours) =>
        [
          colours.strong(
            `${bars.length} bars of ${formatDuration(barSeconds)}, to ${shortTime(last.end)} UTC${missingBars > 0 ? `, ${missingBars} missing` : ''}`,
          ),
          '',
          estimateTable(`last ${days} days`, estimates.window, colours.dim),
          ...(estimates.jumps === null
            ? []
            : [`Jumps: ${percent(jumpShare(estimates.jumps))} of the variance, p-value ${estimates.jumps.pValue.toFixed(4)}.`]),
          '',
          estimateTable('models and forecasts', estimates.forecasts, colours.dim),
          '',
          tailTable(tail, formatDuration(barSeconds), colours.dim),
          ...tail.worstDays.map(({ from, to, loss }) => `Worst day: ${percent(loss)} from ${shortTime(from)} to ${shortTime(to)} UTC.`),
          ...(cone.length === 0 ? [] : ['', coneTable(cone, colours.dim)]),
        ].join('\n'),
      )
      writePlot(context, plot, () => volChart(input.name, bars, cone, days))
    },
  )
}

function parseDays(text: string): number {
  const days = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || !(days > 0)) throw usageError(`--days is ${JSON.stringify(text)}; it must be a number above 0.`)
  return days
}

function jumpShare({ continuous, jump }: { readonly continuous: number; readonly jump: number }): number {
  return jump === 0 ? 0 : jump / (continuous + jump)
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`

function estimateTable(title: string, rows: readonly VolEstimate[], dim: (text: string) => string): string {
  return formatTable(
    [{ title }, { title: 'volatility', align: 'right' }, { title: '' }],
    rows.map(({ name, vol, remark }) => [name, vol === null ? 'none' : percent(vol), remark]),
    dim,
  )
}

function tailTable({ level, historical, conditional }: TailOfBars, bar: string, dim: (text: string) => string): string {
  const row = (side: 'long' | 'short'): string[] => {
    const next = conditional[side]
    const ahead = next.status === 'ready' ? [percent(next.valueAtRisk), percent(next.expectedShortfall)] : ['none', 'none']
    return [side, percent(historical[side].valueAtRisk), percent(historical[side].expectedShortfall), ...ahead]
  }
  const titles = ['value at risk', 'expected shortfall', 'next bar: value at risk', 'expected shortfall']
  return formatTable(
    [{ title: `${100 * level} % over ${bar}` }, ...titles.map((title) => ({ title, align: 'right' as const }))],
    [row('long'), row('short')],
    dim,
  )
}

function coneTable(cone: readonly ConePoint[], dim: (text: string) => string): string {
  const titles = ['least', '25 %', 'median', '75 %', 'largest', 'now']
  return formatTable(
    [{ title: 'realised over' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
    cone.map(({ days, quantiles, now }) => [`${days} ${days === 1 ? 'day' : 'days'}`, ...[...quantiles, now].map(percent)]),
    dim,
  )
}

function volChart(name: string, bars: readonly Bar[], cone: readonly ConePoint[], days: number): Chart {
  const level = (i: number): { x: number; y: Vol }[] => cone.map((point) => ({ x: Math.log10(point.days), y: 100 * point.quantiles[i]! }))
  const course = rollingVol(bars, days)
  return {
    title: `Volatility of ${name}`,
    description: `Range of realised volatility by length of the window, and its course over windows of ${days} days.`,
    panels: [
      {
        title: 'Cone: realised volatility by length of the window',
        x: 'days',
        xTicks: cone.map((point) => ({ x: Math.log10(point.days), label: String(point.days) })),
        y: 'volatility, %',
        series: [
          { name: 'least to largest', style: 'band', points: level(4), lower: level(0) },
          { name: 'middle half', style: 'band', points: level(3), lower: level(1) },
          { name: 'median', style: 'line', points: level(2) },
          { name: 'now', style: 'dots', points: cone.map((point) => ({ x: Math.log10(point.days), y: 100 * point.now })) },
        ],
      },
      {
        title: `Course over windows of ${days} days`,
        x: 'days before the end',
        y: 'volatility, %',
        series: [{ name: `${days} days`, style: 'line', points: course }],
      },
    ],
  }
}

function rollingVol(bars: readonly Bar[], days: number): { x: number; y: Vol }[] {
  const end = bars.at(-1)!.end
  const stride = Math.max(1, Math.floor(bars.length / DRAWN))
  let first = 0
  return bars.flatMap((bar, i) => {
    if ((bars.length - 1 - i) % stride !== 0 || bar.end - bars[0]!.end < days * DAY) return []
    while (bars[first + 1]!.end <= bar.end - days * DAY) first++
    return [{ x: (bar.end - end) / DAY, y: 100 * realizedVol(bars.slice(first, i + 1), i - first) }]
  })
}
