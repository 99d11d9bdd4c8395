import type { Command } from 'commander'
import { z } from 'zod'
import { parseWith } from '../../risk/catalogue/parseWith.ts'
import { type ImpliedVol, type ImpliedVolInputs, impliedVol } from '../../risk/pricing/impliedVol/index.ts'
import { yearsBetween } from '../../risk/pricing/index.ts'
import type { OptionChain } from '../../risk/surface/index.ts'
import type { OptionType, UnixSeconds, Usd, Vol } from '../../risk/types/index.ts'
import { usageError } from '../kit/CliError.ts'
import { createProgress } from '../kit/createProgress.ts'
import { type CommandContext, defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { parseJson } from '../kit/parseJson.ts'
import { type InputText, readInput } from '../kit/readInput.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { isoTime } from '../kit/time.ts'
import { significant } from '../kit/values.ts'
import type { Chart } from '../plot/renderChart.ts'
import { writePlot } from '../plot/writePlot.ts'
import { type ChainOptions, chainAt, parsePrices, readChains } from './readChains.ts'

type IvOptions = ChainOptions & { readonly all?: true; readonly plot?: string }
type Quote = Omit<ImpliedVolInputs, 'type'> & { readonly type: OptionType; readonly id?: string | undefined }
/** Volatilities of one line of a chain; null where nobody quotes, a status where a price has none. */
type LineVols = {
  readonly time: UnixSeconds
  readonly expiry: UnixSeconds
  readonly forward: Usd
  readonly strike: Usd
  readonly type: OptionType
  readonly bid: ImpliedVol | null
  readonly mark: ImpliedVol | null
  readonly ask: ImpliedVol | null
}

const finite = z.number()
const quotes = z.strictObject({
  schema: z.literal('ballast.quotes'),
  version: z.literal(1),
  quotes: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        type: z.enum(['call', 'put']),
        forward: finite,
        strike: finite,
        timeToExpiry: finite,
        rate: finite.default(0),
        price: finite,
      }),
    )
    .min(1),
})

/** `ballast risk iv`: implied volatilities of quotes and chains. */
export function ivVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'iv',
      summary: 'implied volatilities of quotes, or of every line of an option chain',
      details:
        'The file is JSON, a document ballast.quotes, or CSV, a recorded option chain with the columns timestamp, expiry, strike, type, bid, ask, mark, underlying and index.\n' +
        'A price without a volatility is no failure: its status says why. `resolution` is how far the volatility moves when the price moves in its last digit.',
      examples: [
        { run: 'risk iv examples/risk/quotes.json', what: 'single quotes' },
        { run: 'risk iv examples/risk/chain.csv --plot smile.svg', what: 'a chain, with its smiles' },
        { run: 'risk iv - --all --ndjson < chains.csv', what: 'every chain of a recording, a line per option' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .argument('[file]', 'quotes or chain, also compressed; - or nothing reads standard input')
        .option('--prices <unit>', 'what a chain counts its prices in: coin or usd; default coin', parsePrices, 'coin')
        .option('--at <time>', 'the chain seen last at this time; default is the last')
        .option('--all', 'every chain of the file')
        .option('--plot <file>', 'also draw the smile of each expiry, as SVG')
    },
    async ([file], options: IvOptions, context) => {
      const input = await readInput(terminal, file)
      if (/^\s*\{/.test(input.text)) showQuotes(input, options, context)
      else showChain(input, options, context)
    },
  )
}

function showQuotes(input: InputText, { plot }: IvOptions, context: CommandContext): void {
  if (plot !== undefined) throw usageError('--plot draws the smile of a chain; this file holds single quotes.')
  const { quotes: list } = parseWith(input.name, quotes, parseJson(input), () => [])
  const rows = list.map((quote: Quote, i) => ({ id: quote.id ?? `quote ${i + 1}`, price: quote.price, ...impliedVol(quote) }))
  context.output.list({ schema: 'ballast.impliedVols', version: 1, quotes: rows }, rows, (colours) =>
    formatTable(
      [
        { title: 'quote' },
        { title: 'price', align: 'right' },
        { title: 'volatility', align: 'right' },
        { title: 'resolution', align: 'right' },
        { title: '' },
      ],
      rows.map((row) => [
        row.id,
        significant(row.price),
        row.status === 'converged' ? `${Number((100 * row.vol).toPrecision(13))} %` : 'none',
        row.status === 'converged' ? row.resolution.toExponential(1) : '',
        row.status === 'converged' ? '' : reasonOf(row),
      ]),
      colours.dim,
    ),
  )
}

function showChain(input: InputText, { prices, at, all, plot }: IvOptions, context: CommandContext): void {
  const chains = readChains(input, prices, context.output)
  const chosen = all === true ? chains : [chainAt(chains, at)]
  const progress = createProgress(context, 'chains', chosen.length)
  const lines = chosen.flatMap((chain, i) => {
    progress.tick(i + 1)
    return volsOf(chain)
  })
  progress.end()
  const rows = lines.map(rowOf)
  context.output.list({ schema: 'ballast.impliedVols', version: 1, lines: rows }, rows, (colours) =>
    [
      formatTable(
        [
          { title: 'seen (UTC)' },
          { title: 'expiry' },
          { title: 'strike', align: 'right' },
          { title: 'type' },
          { title: 'bid', align: 'right' },
          { title: 'mark', align: 'right' },
          { title: 'ask', align: 'right' },
        ],
        lines.map(({ time, expiry, strike, type, bid, mark, ask }) => [
          isoTime(time).slice(0, 16).replace('T', ' '),
          isoTime(expiry).slice(0, 10),
          String(strike),
          type,
          shown(bid),
          shown(mark),
          shown(ask),
        ]),
        colours.dim,
      ),
      '',
      summaryOf(lines),
    ].join('\n'),
  )
  writePlot(context, plot, () => smileChart(input.name, chosen.at(-1)!))
}

/** Implied volatilities of a chain at the venue's forwards; no rate enters, as on venues that settle in coins. */
function volsOf({ time, spot, numeraire, expiries }: OptionChain): LineVols[] {
  return expiries.flatMap(({ expiry, venueForward, quotes: lines }) => {
    const forward = venueForward ?? spot
    const timeToExpiry = yearsBetween(time, expiry)
    const unit = numeraire === 'coin' ? forward : 1
    return lines.map(({ strike, type, bid, mark, ask }): LineVols => {
      const of = (price: number | null): ImpliedVol | null =>
        price === null ? null : impliedVol({ type, forward, strike, timeToExpiry, rate: 0, price: price * unit })
      return { time, expiry, forward, strike, type, bid: of(bid), mark: of(mark), ask: of(ask) }
    })
  })
}

function rowOf({ time, expiry, bid, mark, ask, ...rest }: LineVols): Document {
  return { time: isoTime(time), expiry: isoTime(expiry), ...rest, bid, mark, ask }
}

function shown(vol: ImpliedVol | null): string {
  if (vol === null) return ''
  return vol.status === 'converged' ? `${(100 * vol.vol).toFixed(2)} %` : words[vol.status]
}

const words = {
  atIntrinsic: 'at payoff',
  belowIntrinsic: 'below payoff',
  aboveMaximum: 'above maximum',
  expired: 'expired',
  invalid: 'invalid',
} as const

function reasonOf(vol: Exclude<ImpliedVol, { readonly status: 'converged' }>): string {
  switch (vol.status) {
    case 'belowIntrinsic':
      return `below its payoff of ${significant(vol.limit)}`
    case 'aboveMaximum':
      return `at or above ${significant(vol.limit)}, which no volatility gives`
    case 'invalid':
      return `${vol.argument} is outside its range`
    default:
      return words[vol.status]
  }
}

function summaryOf(lines: readonly LineVols[]): string {
  const prices = lines.flatMap(({ bid, mark, ask }) => [bid, mark, ask]).filter((vol) => vol !== null)
  const solved = prices.filter(({ status }) => status === 'converged').length
  return `${lines.length} options, ${prices.length} prices, ${solved} with a volatility.`
}

function smileChart(name: string, chain: OptionChain): Chart {
  const lines = volsOf(chain)
  const percent = (vol: ImpliedVol | null): Vol => (vol?.status === 'converged' ? 100 * vol.vol : Number.NaN)
  return {
    title: `Implied volatility, ${isoTime(chain.time)}`,
    description: `Volatilities of bid, mark and ask of the options out of the money in ${name}, a panel per expiry.`,
    panels: chain.expiries.map(({ expiry, venueForward }) => {
      const forward = venueForward ?? chain.spot
      const outside = lines.filter(
        (line) => line.expiry === expiry && (line.strike >= forward ? line.type === 'call' : line.type === 'put'),
      )
      const points = (side: 'bid' | 'mark' | 'ask') =>
        outside.map((line) => ({ x: line.strike, y: percent(line[side]) })).sort((a, b) => a.x - b.x)
      return {
        title: `expiry ${isoTime(expiry).slice(0, 10)}`,
        x: 'strike',
        y: 'volatility, %',
        marks: [{ x: forward, label: 'forward' }],
        series: [
          { name: 'mark', style: 'line', points: points('mark') },
          { name: 'bid', style: 'dots', points: points('bid') },
          { name: 'ask', style: 'dots', points: points('ask') },
        ],
      }
    }),
  }
}
