import type { Command } from 'commander'
import { ConfigurationError } from '../../risk/errors/index.ts'
import { type AccountAssessment, assessAccount, assessBook, type MarginMarket, portfolioRisk } from '../../risk/margin/index.ts'
import { evaluateScenarioSet } from '../../risk/margin/venues/index.ts'
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
import { eachWithPath, problemsOf } from './eachWithPath.ts'
import { markOn } from './markOn.ts'
import { type MarginRequest, parseMarginRequest } from './parseMarginRequest.ts'
import { parseOrder } from './parseOrder.ts'
import { scenarioSets } from './scenarioSets.ts'

type MarginOptions = {
  readonly surface?: string
  readonly account?: string
  readonly order?: readonly string[]
  readonly set?: string
  readonly plot?: string
}

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
        { run: 'risk margin examples/risk/book.json --set derive', what: 'under the scenarios of a venue' },
        { run: 'risk margin examples/risk/book.json --surface surface.json', what: 'with a smile and forwards' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .argument('[file]', 'book with its market; - or nothing reads standard input')
        .option('--surface <file>', 'surface to mark on')
        .option('--account <name>', 'show this account in detail: causes, charges, other ways of margining')
        .option(
          '--set <name>',
          'the positions of every account under another scenario set: ballast, deribit, derive, paradex, span16 or tims10',
        )
        .option('--order <leg...>', 'what trading these legs would do to the account, each instrument:contracts@price')
        .option('--plot <file>', 'also draw equity and margin of the account, or of the first, by spot, as SVG')
    },
    async ([file], options: MarginOptions, context) => {
      const input = await readInput(terminal, file)
      const request = parseMarginRequest(input)
      const market = markOn(terminal, request, options.surface)
      if (options.set !== undefined) {
        showSet(input.name, request, market, options, context)
        return
      }
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

/** Every account, or the one named, under a scenario set. */
function showSet(
  name: string,
  { instruments, portfolios, parameters, marketName }: MarginRequest,
  market: MarginMarket,
  options: MarginOptions,
  context: CommandContext,
): void {
  const { set: wanted, account, order, plot } = options
  if (order !== undefined || plot !== undefined)
    throw usageError('--set goes with neither --order nor --plot: both are of the margin rule of this project.')
  const sets = scenarioSets(parameters)
  const set = sets.find((each) => each.name === wanted)
  if (set === undefined)
    throw notFoundError(`There is no scenario set ${JSON.stringify(wanted)}.`, `There are ${sets.map((each) => each.name).join(', ')}.`)
  const chosen = account === undefined ? portfolios : portfolios.filter((portfolio) => portfolio.account === account)
  if (chosen.length === 0)
    throw notFoundError(
      `There is no account ${JSON.stringify(account)}.`,
      `There are ${portfolios.map((each) => each.account).join(', ')}.`,
    )
  const rows = eachWithPath(
    name,
    chosen.map((portfolio) => ({ portfolio, path: `$.portfolios[${portfolios.indexOf(portfolio)}]` })),
    ({ portfolio }) => {
      const { maintenance, initial, scan, floor, worst } = evaluateScenarioSet(set, portfolio.positions, instruments, market)
      return { account: portfolio.account, maintenance, initial, scan, floor, worst }
    },
  )
  const document = {
    schema: 'ballast.scenarioMargin',
    version: 1,
    time: isoTime(market.time),
    spot: market.spot,
    set: set.name,
    source: set.source,
    accounts: rows,
  }
  context.output.list(document as unknown as Document, rows as unknown as Document[], (colours) =>
    [
      colours.strong(`${marketName} at ${shortTime(market.time)} UTC, index ${market.spot}: ${set.title}`),
      set.source,
      '',
      formatTable(
        [
          { title: 'account' },
          ...['maintenance', 'initial', 'scan', 'floor'].map((title) => ({ title, align: 'right' as const })),
          { title: 'worst at', align: 'right' },
          { title: 'vol' },
        ],
        rows.map((row) => [
          row.account,
          ...[row.maintenance, row.initial, row.scan, row.floor].map(humanUsd),
          percent(row.worst.move),
          row.worst.vol,
        ]),
        colours.dim,
      ),
    ].join('\n'),
  )
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
