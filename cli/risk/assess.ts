import type { Command } from 'commander'
import { domainOf } from '../../chain/typed-data/index.ts'
import type {
  Book,
  Catalogue,
  EngineConfiguration,
  EngineState,
  MarketSnapshot,
  PortfolioRisk,
  RiskReport,
} from '../../risk/types/index.ts'
import type { AcceptedRound } from '../audit/foldHistory.ts'
import { specOf } from '../context/openCatalogue.ts'
import { addConfigOption, type EvidenceOptions, type OpenedEvidence, openEvidence } from '../context/openEvidence.ts'
import { documentFinding, scratchDocuments } from '../evidence/EvidenceDocuments.ts'
import { recomputeTick } from '../evidence/recomputeTick.ts'
import { holdWords, termValue } from '../evidence/words.ts'
import { CliError, notFoundError } from '../kit/CliError.ts'
import type { Colours } from '../kit/colours.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Document } from '../kit/json.ts'
import { addBlockOption, addChainOptions, addRunOption } from '../kit/options.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { formatTable } from '../kit/table.ts'
import { bothTimes, isoTime, parseTime, shortTime } from '../kit/time.ts'
import { humanAndRaw, humanUsd } from '../kit/values.ts'
import { isScope } from '../parameters/findParameter.ts'

type AssessOptions = EvidenceOptions & { readonly market: string; readonly at?: string }

/** `ballast risk assess`: a market at one tick of a run. */
export function assessVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'assess',
      summary: 'assess a market at one tick: accounts, signals, and what policy wants of every parameter',
      details: 'The tick is computed on this machine from its stored snapshot, state and accounts; it is the last one at or before --at.',
      examples: [
        { run: 'risk assess --market ETH', what: 'at the last tick of the last run' },
        { run: 'risk assess --market ETH --at 2020-03-12T11:00Z --json', what: 'at an earlier one' },
      ],
    },
    (command) => {
      command.requiredOption('--market <name>', 'market or scope, for example ETH').option('--at <time>', 'not later than this')

      addBlockOption(addChainOptions(addConfigOption(addRunOption(command))))
    },
    async (_args, options: AssessOptions, context) => {
      const at = options.at === undefined ? Number.MAX_SAFE_INTEGER : parseTime(options.at, '--at')
      const opened = await openEvidence(options, context)
      try {
        const round = roundAt(opened, options.market, at)
        const { report, synthetic } = assess(opened, round)
        context.output.result(reportDocument(report, synthetic), (colours) =>
          reportText(report, synthetic, opened.evidence.catalogue, colours),
        )
      } finally {
        opened.close()
      }
    },
  )
}

function roundAt({ history }: OpenedEvidence, market: string, at: number): AcceptedRound {
  const own = history.rounds.filter(({ scope }) => isScope(scope, market))
  const markets = own.filter(({ scope }) => scope.startsWith('market:') || scope === market)
  const found = markets.findLast(({ observedAt }) => observedAt <= at)
  if (found !== undefined) return found
  const [first] = own
  throw notFoundError(
    `There is no round of ${market} at that time.`,
    first === undefined
      ? `There are rounds of ${[...new Set(history.rounds.map(({ scope }) => scope))].join(', ')}.`
      : `The first one is of ${isoTime(first.observedAt)}.`,
  )
}

function assess(
  { evidence }: OpenedEvidence,
  round: AcceptedRound,
): { readonly report: RiskReport; readonly synthetic: readonly string[] } {
  const { documents, log, catalogue } = evidence
  const read = <Content>(hash: `0x${string}`): Content => {
    const found = documents.find(hash)
    const finding = documentFinding(documents, hash)
    if (found.kind !== 'intact' || !finding.ok)
      throw new CliError(
        'failure',
        `Document ${hash} cannot be used: ${finding.ok ? 'missing' : finding.got}.`,
        'See `ballast audit replay`.',
      )
    return JSON.parse(found.text) as Content
  }
  const snapshot = read<MarketSnapshot>(round.snapshot)
  const tick = {
    snapshot,
    book: read<Book>(snapshot.book),
    state: read<EngineState>(snapshot.priorState),
    configuration: read<EngineConfiguration>(round.configuration),
    catalogue,
    documents: scratchDocuments(documents),
  }
  const recomputed = recomputeTick(
    tick,
    round.engine,
    domainOf('controllerMandate', log.chainId, log.deployment.contracts.controllerMandate),
  )
  if (recomputed.kind === 'impossible') throw new CliError('failure', recomputed.detail)
  const { report, decision } = recomputed.decided
  if (report === null) throw new CliError('failure', `The tick halts: ${decision.kind === 'halt' ? decision.detail : 'no report'}.`)
  return { report, synthetic: snapshot.provenance.synthetic }
}

function reportDocument(
  { observedAt, recommendations, schema: _, version: __, ...rest }: RiskReport,
  synthetic: readonly string[],
): Document {
  return {
    schema: 'ballast.assessment',
    version: 1,
    observedAt: bothTimes(observedAt),
    synthetic,
    ...rest,
    recommendations: recommendations as unknown as Document,
  } as unknown as Document
}

function reportText(report: RiskReport, synthetic: readonly string[], catalogue: Catalogue, colours: Colours): string {
  const { before, after, impact } = report
  const risk = (name: string, pick: (risk: PortfolioRisk) => string): string[] => [name, pick(before), pick(after)]
  return [
    colours.strong(`${report.scope} at ${shortTime(report.observedAt)} UTC`),
    ...(synthetic.length === 0 ? [] : [colours.warn(`Synthetic input: ${synthetic.join(', ')}.`)]),
    formatTable(
      [{ title: 'accounts' }, { title: 'live values', align: 'right' }, { title: 'after this round', align: 'right' }],
      [
        risk('accounts', ({ accounts }) => String(accounts)),
        risk('equity', ({ equity }) => humanUsd(equity)),
        risk('maintenance', ({ maintenance }) => humanUsd(maintenance)),
        risk('initial', ({ initial }) => humanUsd(initial)),
        risk('margin used', ({ maintenance, equity }) => `${((maintenance / equity) * 100).toFixed(1)} %`),
        risk('liquidatable', ({ liquidatable, liquidatableNotional }) => `${liquidatable} (${humanUsd(liquidatableNotional)} notional)`),
        risk('bad debt', ({ badDebt }) => humanUsd(badDebt)),
        risk('expected shortfall 97.5 %, 24 h', ({ expectedShortfall }) =>
          expectedShortfall === null ? 'too short a history' : humanUsd(expectedShortfall),
        ),
      ],
      colours.dim,
    ),
    `Newly liquidatable through this round: ${impact.accounts} accounts, ${humanUsd(impact.notional)} notional.`,
    '',
    formatTable(
      [{ title: 'parameter' }, { title: 'value' }, { title: 'target' }, { title: 'outcome' }],
      report.recommendations.map(({ id, value, target, proposed, outcome, clips }) => {
        const { unit } = specOf(catalogue, id)
        const cut = clips.length === 0 ? '' : `, cut by ${clips.map(({ bound }) => bound).join(', ')}`
        const words =
          outcome.kind === 'hold' ? `held: ${holdWords(outcome.reason)}` : `${outcome.direction} to ${humanAndRaw(proposed, unit)}${cut}`
        return [id, humanAndRaw(value, unit), target === null ? 'none' : humanAndRaw(target, unit), words]
      }),
      colours.dim,
    ),
    '',
    formatTable(
      [{ title: 'signal' }, { title: 'value', align: 'right' }],
      report.signals.map((term) => [term.name, termValue(term)]),
      colours.dim,
    ),
  ].join('\n')
}
