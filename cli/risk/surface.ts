import type { Command } from 'commander'
import { impliedVol } from '../../risk/pricing/impliedVol/index.ts'
import { yearsBetween } from '../../risk/pricing/index.ts'
import {
  buildSurface,
  checkSurface,
  constantMaturityVol,
  type OptionChain,
  type SurfaceCheck,
  type SurfaceSlice,
  smileMeasures,
  surfaceVol,
  type VolSurface,
} from '../../risk/surface/index.ts'
import type { UnixSeconds, Vol } from '../../risk/types/index.ts'
import { CliError, usageError } from '../kit/CliError.ts'
import { createProgress } from '../kit/createProgress.ts'
import { type CommandContext, defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { readInput } from '../kit/readInput.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { isoTime, shortTime } from '../kit/time.ts'
import type { Chart } from '../plot/renderChart.ts'
import { writePlot } from '../plot/writePlot.ts'
import { type ChainOptions, chainAt, parsePrices, readChains } from './readChains.ts'

type SurfaceOptions = ChainOptions & { readonly all?: true; readonly plot?: string }

const CURVE_POINTS = 81

/** `ballast risk surface`: an arbitrage-free surface from an option chain. */
export function surfaceVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'surface',
      summary: 'volatility surface of an option chain: forwards, smiles, checks for arbitrage',
      details:
        'The file is a recorded chain as CSV, see `ballast risk iv`. The JSON document is the surface itself, which `ballast risk margin` takes as a market. With --all one line per chain.',
      examples: [
        { run: 'risk surface examples/risk/chain.csv', what: 'the smiles of a chain' },
        { run: 'risk surface examples/risk/chain.csv --plot surface.svg', what: 'and drawn over their quotes' },
        { run: 'risk surface chains.csv.gz --all --ndjson', what: 'every chain of a recording' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .argument('[file]', 'option chain, also compressed; - or nothing reads standard input')
        .option('--prices <unit>', 'what it counts its prices in: coin or usd; default coin', parsePrices, 'coin')
        .option('--at <time>', 'the chain seen last at this time; default is the last')
        .option('--all', 'every chain of the file, a line each')
        .option('--plot <file>', 'also draw the smiles, as SVG')
    },
    async ([file], options: SurfaceOptions, context) => {
      const input = await readInput(terminal, file)
      const chains = readChains(input, options.prices, context.output)
      if (options.all === true) {
        if (options.plot !== undefined) throw usageError('--plot draws one chain; leave out --all and choose it with --at.')
        showAll(chains, context)
        return
      }
      const chain = chainAt(chains, options.at)
      const surface = buildSurface(chain)
      if (surface.slices.length === 0)
        throw new CliError('failure', `No expiry of the chain of ${isoTime(chain.time)} can be fitted.`, '', {
          unavailable: [...surface.unavailable],
        })
      const check = checkSurface(surface)
      const document = surface as unknown as Document
      context.output.list(document, surface.slices as unknown as Document[], (colours) =>
        surfaceText(surface, check, colours.dim, colours.strong),
      )
      writePlot(context, options.plot, () => surfaceChart(chain, surface))
    },
  )
}

function showAll(chains: readonly OptionChain[], context: CommandContext): void {
  const progress = createProgress(context, 'chains', chains.length)
  const rows = chains.map((chain, i) => {
    const surface = buildSurface(chain)
    const { slices, unavailable } = surface
    const month = slices.length === 0 ? null : constantMaturityVol(surface, 30)
    progress.tick(i + 1)
    return {
      time: isoTime(chain.time),
      spot: chain.spot,
      slices: slices.length,
      unavailable: unavailable.length,
      repaired: slices.filter(({ repairs }) => repairs.length > 0).length,
      free: checkSurface(surface).free,
      worstRms: slices.reduce((worst, { rmsError }) => Math.max(worst, rmsError), 0),
      atm30d: month?.kind === 'vol' ? month.vol : null,
    }
  })
  progress.end()
  context.output.list({ schema: 'ballast.surfaces', version: 1, surfaces: rows }, rows, (colours) =>
    formatTable(
      [
        { title: 'seen (UTC)' },
        ...['spot', 'smiles', 'repaired', 'unavailable', 'worst rms', 'ATM 30 d'].map((title) => ({ title, align: 'right' as const })),
        { title: 'arbitrage' },
      ],
      rows.map(({ time, spot, slices, repaired, unavailable, worstRms, atm30d, free }) => [
        time.slice(0, 16).replace('T', ' '),
        spot.toFixed(2),
        String(slices),
        String(repaired),
        String(unavailable),
        percent(worstRms),
        atm30d === null ? '' : percent(atm30d),
        free ? 'none' : 'left',
      ]),
      colours.dim,
    ),
  )
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`

function surfaceText(surface: VolSurface, check: SurfaceCheck, dim: (text: string) => string, strong: (text: string) => string): string {
  const measures = (expiry: UnixSeconds): string[] => {
    const quarter = smileMeasures(surface, expiry, 0.25)
    return quarter.kind === 'measures' ? [percent(quarter.atm), percent(quarter.riskReversal), percent(quarter.butterfly)] : ['', '', '']
  }
  const constant = [7, 30].flatMap((days) => {
    const vol = constantMaturityVol(surface, days)
    return vol.kind === 'vol' ? [`${days} days ${percent(vol.vol)}`] : []
  })
  return [
    strong(`Surface at ${shortTime(surface.time)} UTC, spot ${surface.spot}`),
    '',
    formatTable(
      [
        { title: 'expiry' },
        ...['forward', 'from', 'strikes', 'ATM', 'skew 25', 'wings 25', 'rms', 'inside'].map((title) => ({
          title,
          align: 'right' as const,
        })),
        { title: 'model' },
        { title: 'repairs' },
      ],
      surface.slices.map(({ expiry, forward, points, rmsError, insideShare, model, repairs }) => [
        isoTime(expiry).slice(0, 10),
        forward.forward.toFixed(2),
        forward.source,
        String(points),
        ...measures(expiry),
        percent(rmsError),
        insideShare === null ? '' : `${(100 * insideShare).toFixed(0)} %`,
        model,
        repairs.join(', '),
      ]),
      dim,
    ),
    '',
    ...(constant.length === 0 ? [] : [`At the money at constant maturity: ${constant.join(', ')}.`]),
    ...surface.unavailable.map(({ expiry, reason }) => `No smile of its own: ${isoTime(expiry).slice(0, 10)} (${reason}).`),
    ...arbitrageText(check),
  ].join('\n')
}

function arbitrageText({ free, butterfly, calendar }: SurfaceCheck): string[] {
  if (free) return ['No butterfly or calendar arbitrage.']
  const day = (time: UnixSeconds): string => isoTime(time).slice(0, 10)
  return [
    ...butterfly.filter((each) => !each.check.free).map(({ expiry }) => `Butterfly arbitrage is left at ${day(expiry)}.`),
    ...calendar
      .filter((each) => !each.check.free)
      .map(({ shorter, longer }) => `Calendar arbitrage is left between ${day(shorter)} and ${day(longer)}.`),
  ]
}

function surfaceChart(chain: OptionChain, surface: VolSurface): Chart {
  return {
    title: `Volatility surface, ${isoTime(surface.time)}`,
    description: 'Fitted smile of each expiry over the implied volatilities of its quotes.',
    panels: surface.slices.map((slice) => ({
      title: `expiry ${isoTime(slice.expiry).slice(0, 10)}, ${slice.model}`,
      x: 'strike',
      y: 'volatility, %',
      marks: [{ x: slice.forward.forward, label: 'forward' }],
      series: [
        { name: 'surface', style: 'line' as const, points: curve(surface, slice) },
        { name: 'bid', style: 'dots' as const, points: quotes(chain, slice, 'bid') },
        { name: 'ask', style: 'dots' as const, points: quotes(chain, slice, 'ask') },
      ],
    })),
  }
}

function curve(surface: VolSurface, { expiry, forward, range }: SurfaceSlice): { x: number; y: Vol }[] {
  return Array.from({ length: CURVE_POINTS }, (_, i) => {
    const strike = forward.forward * Math.exp(range.from + (i / (CURVE_POINTS - 1)) * (range.to - range.from))
    const at = surfaceVol(surface, expiry, strike)
    return { x: strike, y: at.kind === 'vol' ? 100 * at.vol : Number.NaN }
  })
}

/** Volatilities of one side of the options out of the money. */
function quotes(chain: OptionChain, { expiry, forward: { forward } }: SurfaceSlice, side: 'bid' | 'ask'): { x: number; y: Vol }[] {
  const timeToExpiry = yearsBetween(chain.time, expiry)
  const unit = chain.numeraire === 'coin' ? forward : 1
  const lines = chain.expiries.find((each) => each.expiry === expiry)?.quotes ?? []
  return lines.flatMap(({ type, strike, ...prices }) => {
    const price = prices[side]
    const outside = strike >= forward ? type === 'call' : type === 'put'
    if (!outside || price === null) return []
    const vol = impliedVol({ type, forward, strike, timeToExpiry, rate: 0, price: price * unit })
    return vol.status === 'converged' ? [{ x: strike, y: 100 * vol.vol }] : []
  })
}
