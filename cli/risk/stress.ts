import type { Command } from 'commander'
import { ConfigurationError, type ConfigurationProblem } from '../../risk/errors/index.ts'
import {
  type BookValuer,
  type ClosingCosts,
  type CoverRequirement,
  coverRequirement,
  type ReverseStress,
  reverseStress,
  type StressScenario,
  stressExtremes,
  stressedShortfalls,
  stressSet,
  valueBook,
} from '../../risk/insurance/index.ts'
import type { MarginMarket } from '../../risk/margin/index.ts'
import { compensatedSum } from '../../risk/math/index.ts'
import type { Portfolio, Usd } from '../../risk/types/index.ts'
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
import { problemsOf } from './eachWithPath.ts'
import { markOn } from './markOn.ts'
import { type MarginRequest, parseMarginRequest } from './parseMarginRequest.ts'

type StressOptions = { readonly surface?: string; readonly plot?: string }
type StressRow = {
  readonly scenario: StressScenario
  /** Of all accounts, before what closing costs. */
  readonly equity: Usd
  readonly shortfall: Usd
  readonly short: number
  readonly worst: { readonly account: string; readonly shortfall: Usd } | null
}
type Stressed = { readonly rows: readonly StressRow[]; readonly cover: CoverRequirement; readonly reverse: ReverseStress | null }

const POINTS = 61
const LEAST_MOVE = -0.75
const MOST_MOVE = 0.75

/** `ballast risk stress`: what accounts leave unpaid in stress, and what would empty the fund. */
export function stressVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'stress',
      summary: 'shortfalls of a book in stress scenarios, the cover a fund needs, and the smallest stress that empties it',
      details:
        'The file is that of `ballast risk margin` with "costs" (spread, depthUsd, gasUsd), and optionally "scenarios" and "fund". Without scenarios those are taken that the project sizes funds on.\n' +
        'A shortfall is what closing an account costs beyond its stressed equity. With a fund and known extremes of the market the search for the smallest stress is run as well.',
      examples: [
        { run: 'risk stress examples/risk/book.json', what: 'the scenarios of the market' },
        { run: 'risk stress examples/risk/book.json --plot stress.svg', what: 'and shortfall by move' },
        { run: 'risk stress - --json < book.json', what: 'from standard input' },
      ],
      kind: 'list',
    },
    (command) => {
      command
        .argument('[file]', 'book with its market; - or nothing reads standard input')
        .option('--surface <file>', 'surface to mark on')
        .option('--plot <file>', 'also draw equity and shortfall of the book by move of the index, as SVG')
    },
    async ([file], options: StressOptions, context) => {
      const input = await readInput(terminal, file)
      const request = parseMarginRequest(input)
      const { costs, scenarios } = stressInputs(input.name, request)
      const market = markOn(terminal, request, options.surface)
      try {
        const valuer = valueBook(request, market)
        const stressed = stress(request, valuer, costs, scenarios, context)
        const rows = stressed.rows as unknown as Document[]
        const document = {
          schema: 'ballast.stress',
          version: 1,
          time: isoTime(market.time),
          spot: market.spot,
          scenarios: rows,
          cover: named(stressed.cover, request.portfolios),
          reverse: stressed.reverse,
        } as unknown as Document
        context.output.list(document, rows, (colours) => stressText(request, market, stressed, colours.dim, colours.strong))
        writePlot(context, options.plot, () => stressChart(request, valuer, costs, context))
      } catch (error) {
        throw new ConfigurationError(input.name, problemsOf(error, '$'))
      }
    },
  )
}

/** Costs and scenarios of the file; the scenarios of the market where it has none. */
function stressInputs(
  name: string,
  { costs, scenarios, marketName }: MarginRequest,
): {
  readonly costs: ClosingCosts
  readonly scenarios: readonly StressScenario[]
} {
  const known = Object.hasOwn(stressExtremes, marketName)
  const missing: ConfigurationProblem[] = [
    ...(costs === null ? [{ path: '$.costs', got: 'absent', limit: 'given for stress: spread, depthUsd and gasUsd' }] : []),
    ...(scenarios === null && !known
      ? [{ path: '$.scenarios', got: 'absent', limit: `given, since there is a set only for ${Object.keys(stressExtremes).join(' and ')}` }]
      : []),
  ]
  if (costs === null || missing.length > 0) throw new ConfigurationError(name, missing)
  return { costs, scenarios: scenarios ?? stressSet(marketName) }
}

function stress(
  { portfolios, marketName, fund }: MarginRequest,
  valuer: BookValuer,
  costs: ClosingCosts,
  scenarios: readonly StressScenario[],
  context: CommandContext,
): Stressed {
  const progress = createProgress(context, 'scenarios', scenarios.length)
  const shortfalls = scenarios.map((scenario, i) => {
    const [result] = stressedShortfalls(valuer, costs, [scenario])
    progress.tick(i + 1)
    return result!
  })
  progress.end()
  const rows = shortfalls.map(({ scenario, shortfalls: each }): StressRow => {
    const most = each.reduce((best, value, i) => (value > each[best]! ? i : best), 0)
    return {
      scenario,
      equity: compensatedSum(valuer(scenario).equity),
      shortfall: compensatedSum(each),
      short: each.filter((value) => value > 0).length,
      worst: each[most]! > 0 ? { account: portfolios[most]!.account, shortfall: each[most]! } : null,
    }
  })
  const extremes = Object.hasOwn(stressExtremes, marketName) ? stressExtremes[marketName] : undefined
  const reverse = fund === null || extremes === undefined ? null : reverseStress(valuer, costs, extremes, fund)
  return { rows, cover: coverRequirement(shortfalls), reverse }
}

/** The cover with the names of its accounts. */
function named({ worst, ...cover }: CoverRequirement, portfolios: readonly Portfolio[]): object {
  return { ...cover, worst: worst.map(({ account, shortfall }) => ({ account: portfolios[account]!.account, shortfall })) }
}

const percent = (fraction: number): string => `${fraction > 0 ? '+' : ''}${(100 * fraction).toFixed(1)} %`

function stressText(
  { marketName, fund }: MarginRequest,
  market: MarginMarket,
  { rows, cover, reverse }: Stressed,
  dim: (text: string) => string,
  strong: (text: string) => string,
): string {
  return [
    strong(`${marketName} at ${shortTime(market.time)} UTC, index ${market.spot}`),
    '',
    formatTable(
      [
        { title: 'scenario' },
        ...['index', 'vols', 'basis', 'equity', 'shortfall', 'accounts short'].map((title) => ({ title, align: 'right' as const })),
        { title: 'worst account' },
      ],
      rows.map(({ scenario: { name, spotMove, volMultiple, basis }, equity, shortfall, short, worst }) => [
        name,
        percent(spotMove),
        `x ${volMultiple}`,
        percent(basis),
        humanUsd(equity),
        humanUsd(shortfall),
        String(short),
        worst === null ? '' : `${worst.account} (${humanUsd(worst.shortfall)})`,
      ]),
      dim,
    ),
    '',
    cover.requirement === 0
      ? 'No account leaves anything unpaid in any of them.'
      : `A fund has to hold ${humanUsd(cover.requirement)}: ${cover.rule === 'coverTwo' ? 'the two largest shortfalls' : 'half of all shortfalls'} in "${cover.scenario}".`,
    ...(reverse === null || fund === null ? [] : [reverseText(reverse, fund)]),
  ].join('\n')
}

function reverseText(reverse: ReverseStress, fund: Usd): string {
  if (reverse.kind === 'unavailable') {
    return `A fund of ${humanUsd(fund)} outlasts every stress up to ${reverse.searchedTo} times the size of the set; the largest shortfall met is ${humanUsd(reverse.shortfall)}.`
  }
  const { spotMove, volMultiple, basis, depthDivisor } = reverse.scenario
  return (
    `The smallest stress found that empties a fund of ${humanUsd(fund)}: index ${percent(spotMove)}, vols x ${volMultiple.toFixed(2)}, basis ${percent(basis)}, ` +
    `depth / ${depthDivisor.toFixed(2)}. It has ${reverse.size.toFixed(2)} times the size of one component at its extreme.`
  )
}

function stressChart({ marketName }: MarginRequest, valuer: BookValuer, costs: ClosingCosts, context: CommandContext): Chart {
  const states = [
    { name: 'as it is', volMultiple: 1, depthDivisor: 1, gasMultiple: 1 },
    { name: 'vols x 2.2, a fifth of the depth', volMultiple: 2.2, depthDivisor: 5, gasMultiple: 20 },
  ]
  const moves = Array.from({ length: POINTS }, (_, i) => LEAST_MOVE + ((MOST_MOVE - LEAST_MOVE) * i) / (POINTS - 1))
  const progress = createProgress(context, 'states', states.length * moves.length)
  const curves = states.map((state, j) => {
    const rows = moves.map((spotMove, i) => {
      const scenario = { ...state, spotMove, basis: 0 }
      const [result] = stressedShortfalls(valuer, costs, [scenario])
      progress.tick(j * moves.length + i + 1)
      return { x: 100 * spotMove, equity: compensatedSum(valuer(scenario).equity), shortfall: compensatedSum(result!.shortfalls) }
    })
    return { name: state.name, rows }
  })
  progress.end()
  const panel = (title: string, pick: (row: { readonly equity: Usd; readonly shortfall: Usd }) => Usd) => ({
    title,
    x: 'move of the index, %',
    y: 'USD',
    marks: [{ x: 0, label: 'now' }],
    series: curves.map(({ name, rows }) => ({ name, style: 'line' as const, points: rows.map((row) => ({ x: row.x, y: pick(row) })) })),
  })
  return {
    title: `Stress of the ${marketName} book`,
    description: 'Equity of all accounts, and what they would leave unpaid, by move of the index, in two states of the market.',
    panels: [panel('Shortfall of all accounts', ({ shortfall }) => shortfall), panel('Equity of all accounts', ({ equity }) => equity)],
  }
}
