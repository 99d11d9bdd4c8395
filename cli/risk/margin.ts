import type { Command } from 'commander'
import { ConfigurationError } from '../../risk/errors/index.ts'
import { type AccountAssessment, assessAccount, assessBook, type MarginMarket, portfolioRisk } from '../../risk/margin/index.ts'
import { notFoundError, usageError } from '../kit/CliError.ts'
import { createProgress } from '../kit/createProgress.ts'
import { type CommandContext, defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { readInput } from '../kit/readInput.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { isoTime, shortTime } from '../kit/time.ts'
import { humanUsd } from '../kit/values.ts'
import type { Chart } from '../plot/renderChart.ts'
import { writePlot } from '../plot/writePlot.ts'
import { type AccountDetail, accountDetail, detailText } from './accountDetail.ts'
import { problemsOf } from './eachWithPath.ts'
import { markOn } from './markOn.ts'
import { type MarginRequest, parseMarginRequest } from './parseMarginRequest.ts'
import { parseOrder } from './parseOrder.ts'

type MarginOptions = { readonly surface?: string; readonly account?: string; readonly order?: readonly string[]; readonly plot?: string }

const POINTS = 61
const LEAST_SHARE = 0.5
const SPAN = 1

/** `ballast risk margin`: equity and requirement of accounts. */
export function marginVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'margin',
      summary: 'equity, maintenance and initial margin of the accounts of a file',
      details:
        'The file is JSON, a document ballast.marginRequest: market, instruments, portfolios, and parameters where they are not those the project starts the market with.\n' +
        'With --surface the book is marked on a surface that `ballast risk surface --json` wrote, at its time and spot.',
      examples: [
        { run: 'risk margin examples/risk/book.json', what: 'every account' },
        { run: 'risk margin examples/risk/book.json --account strangle --plot margin.svg', what: 'one in detail, and by spot' },
        { run: 'risk margin examples/risk/book.json --account hedged --order C-30JAN-3300:-10@110', what: 'what an order would do' },
        { run: 'risk margin examples/risk/book.json --surface surface.json', what: 'with a smile and forwards' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .argument('[file]', 'book with its market; - or nothing reads standard input')
        .option('--surface <file>', 'surface to mark on')
        .option('--account <name>', 'show this account in detail: causes, charges, other ways of margining')
        .option('--order <leg...>', 'what trading these legs would do to the account, each instrument:contracts@price')
        .option('--plot <file>', 'also draw equity and margin of the account, or of the first, by spot, as SVG')
    },
    async ([file], options: MarginOptions, context) => {
      const input = await readInput(terminal, file)
      const request = parseMarginRequest(input)
      const market = markOn(terminal, request, options.surface)
      const book = assess(input.name, request, market)
      const accounts = options.account === undefined ? book : [find(book, options.account)]
      const detail = detailOf(input.name, request, market, accounts, options)
      const document = {
        schema: 'ballast.margin',
        version: 1,
        time: isoTime(market.time),
        spot: market.spot,
        totals: portfolioRisk({ time: market.time, spot: market.spot, accounts }, null),
        accounts,
        ...(detail === null ? {} : { detail }),
      } as unknown as Document
      context.output.list(document, accounts as unknown as Document[], (colours) =>
        [
          colours.strong(`${request.marketName} at ${shortTime(market.time)} UTC, index ${market.spot}`),
          '',
          accountTable(accounts, colours.dim),
          ...(detail === null ? [] : ['', detailText(detail, colours.dim)]),
        ].join('\n'),
      )
      writePlot(context, options.plot, () => marginChart(request, market, options.account ?? book[0]!.account, context))
    },
  )
}

function assess(name: string, { instruments, portfolios, parameters }: MarginRequest, market: MarginMarket): readonly AccountAssessment[] {
  try {
    return assessBook({ instruments, portfolios }, market, parameters).accounts
  } catch (error) {
    throw new ConfigurationError(name, problemsOf(error, '$'))
  }
}

/** Detail of the account that was asked for; null when none was. */
function detailOf(
  name: string,
  request: MarginRequest,
  market: MarginMarket,
  [account]: readonly AccountAssessment[],
  options: MarginOptions,
): AccountDetail | null {
  if (options.account === undefined || account === undefined) {
    if (options.order !== undefined) throw usageError('--order needs the account that trades.', 'Name it with --account.')
    return null
  }
  const order = options.order === undefined ? null : parseOrder(options.order, request.instruments)
  try {
    return accountDetail(request, market, account, order)
  } catch (error) {
    throw new ConfigurationError(name, problemsOf(error, '$'))
  }
}

function find(accounts: readonly AccountAssessment[], name: string): AccountAssessment {
  const found = accounts.find(({ account }) => account === name)
  if (found === undefined)
    throw notFoundError(`There is no account ${JSON.stringify(name)}.`, `There are ${accounts.map(({ account }) => account).join(', ')}.`)
  return found
}

const percent = (fraction: number): string => `${fraction > 0 ? '+' : ''}${(100 * fraction).toFixed(1)} %`

function accountTable(accounts: readonly AccountAssessment[], dim: (text: string) => string): string {
  return formatTable(
    [
      { title: 'account' },
      ...['equity', 'maintenance', 'initial', 'free'].map((title) => ({ title, align: 'right' as const })),
      { title: '' },
      { title: 'set by' },
      { title: 'at move', align: 'right' },
      { title: 'vol' },
    ],
    accounts.map(({ account, equity, maintenance, initial, freeMargin, liquidatable, bindingCell: { rule, move, volState } }) => [
      account,
      humanUsd(equity),
      humanUsd(maintenance),
      humanUsd(initial),
      humanUsd(freeMargin),
      liquidatable ? 'liquidatable' : '',
      rule,
      rule === 'none' ? '' : percent(move),
      rule === 'none' ? '' : volState,
    ]),
    dim,
  )
}

function marginChart(
  { instruments, portfolios, parameters }: MarginRequest,
  market: MarginMarket,
  name: string,
  context: CommandContext,
): Chart {
  const portfolio = portfolios.find(({ account }) => account === name)!
  const progress = createProgress(context, 'spots', POINTS)
  const rows = Array.from({ length: POINTS }, (_, i) => {
    const spot = market.spot * (LEAST_SHARE + (SPAN * i) / (POINTS - 1))
    progress.tick(i + 1)
    return { spot, at: assessAccount(portfolio, instruments, { ...market, spot }, parameters) }
  })
  progress.end()
  const curve = (pick: (at: AccountAssessment) => number) => rows.map(({ spot, at }) => ({ x: spot, y: pick(at) }))
  return {
    title: `Margin of ${name} by spot`,
    description:
      'Equity, maintenance and initial margin of the account if the index stood elsewhere now; it is liquidatable where equity is below maintenance.',
    panels: [
      {
        title: 'Everything else as it is',
        x: 'index',
        y: 'USD',
        marks: [{ x: market.spot, label: 'now' }],
        series: [
          { name: 'equity', style: 'line', points: curve(({ equity }) => equity) },
          { name: 'maintenance', style: 'line', points: curve(({ maintenance }) => maintenance) },
          { name: 'initial', style: 'dashed', points: curve(({ initial }) => initial) },
        ],
      },
    ],
  }
}
