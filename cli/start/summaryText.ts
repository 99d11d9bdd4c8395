import { decodeParamId, decodeScopeId, fromCode } from '../../chain/ids/index.ts'
import { type Catalogue, type Hash, type Hex, type ParamId, type RiskReport, rejections, type ScopeId } from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { decodeHistory, type HistoryLink } from '../audit/decodeHistory.ts'
import { foldHistory, type ValueWrite } from '../audit/foldHistory.ts'
import { specOf } from '../context/openCatalogue.ts'
import type { EvidenceDocuments } from '../evidence/EvidenceDocuments.ts'
import { holdWords, reasonWords, rejectionWords, termValue } from '../evidence/words.ts'
import type { Colours } from '../kit/colours.ts'
import { formatTable } from '../kit/table.ts'
import { shortTime } from '../kit/time.ts'
import { humanAndRaw, humanValue, relativeChange } from '../kit/values.ts'
import { foldParameters } from '../parameters/foldParameters.ts'
import { clearingText } from './clearingText.ts'
import type { RunSummary } from './RunSummary.ts'

/** Everything a run shows at its end, before the explain screen. */
export function summaryText(
  summary: RunSummary,
  log: ChainLog,
  documents: EvidenceDocuments,
  catalogue: Catalogue,
  colours: Colours,
): string {
  const links = decodeHistory(log.logs)
  return [
    clearingText(summary.clearing, colours),
    '',
    colours.strong(`Parameters of ${summary.market} before and after ${summary.ticks} ticks`),
    parameterTable(log, links, catalogue, colours),
    '',
    colours.strong('What the controller moved, and why'),
    timeline(links, documents, catalogue, colours),
    '',
    colours.strong('What it did not move'),
    heldTable(links, documents, colours),
    ...pendingLines(links, catalogue, colours),
    ...rejectedLines(links, catalogue, colours),
    '',
    flagLine(summary, colours),
  ].join('\n')
}

function parameterTable(log: ChainLog, links: readonly HistoryLink[], catalogue: Catalogue, colours: Colours): string {
  const { writes } = foldHistory(links)
  const rows = foldParameters(log).map(({ scope, id, value, effective, rule }) => {
    const { unit } = specOf(catalogue, id)
    const before = writes.find((write) => write.scope === scope && write.id === id)?.value ?? value
    return [
      scope,
      id,
      humanValue(before, unit),
      humanAndRaw(value, unit),
      before === value ? '' : relativeChange(before, value),
      effective === null || effective === value ? '' : humanValue(effective, unit),
      `${humanValue(rule.floor, unit)} .. ${humanValue(rule.ceiling, unit)}`,
    ]
  })
  const columns = ['scope', 'parameter', 'before', 'after (stored)', 'change', 'effective', 'range'].map((title) => ({ title }))
  return formatTable(columns, rows, colours.dim)
}

function timeline(links: readonly HistoryLink[], documents: EvidenceDocuments, catalogue: Catalogue, colours: Colours): string {
  const { writes, rounds } = foldHistory(links)
  const own = writes.filter(({ writer }) => writer === 'controller')
  if (own.length === 0) return '  nothing'
  const rows = own.map((write) => {
    const { unit } = specOf(catalogue, write.id)
    const report = rounds.find(({ scope, round }) => scope === write.scope && round === write.round)?.report
    return [
      shortTime(write.link.time),
      write.id,
      humanValue(write.previous, unit),
      humanValue(write.value, unit),
      relativeChange(write.previous, write.value),
      whyMoved(write, report === undefined ? null : readReport(documents, report), catalogue),
    ]
  })
  return formatTable(
    ['time, UTC', 'parameter', 'from', 'to', 'change', 'why'].map((title) => ({ title })),
    rows,
    colours.dim,
  )
}

/** The target, the strongest term and what cut the target down, from the stored report. */
function whyMoved(write: ValueWrite, report: RiskReport | null, catalogue: Catalogue): string {
  const found = report?.recommendations.find(({ id }) => id === write.id)
  if (found === undefined || found.target === null) return reasonWords(write.reason)
  const { unit } = specOf(catalogue, write.id)
  const [first] = found.terms
  const clips = found.clips.map(({ bound }) => bound)
  return [
    `target ${humanValue(found.target, unit)}`,
    ...(first === undefined ? [] : [`${first.name} ${termValue(first)}`]),
    ...(clips.length === 0 ? [] : [`cut by ${clips.join(', ')}`]),
  ].join('; ')
}

function readReport(documents: EvidenceDocuments, hash: Hash): RiskReport | null {
  const found = documents.find(hash)
  return found.kind === 'intact' ? (JSON.parse(found.text) as RiskReport) : null
}

/** Holds by parameter and reason, counted over all rounds. */
function heldTable(links: readonly HistoryLink[], documents: EvidenceDocuments, colours: Colours): string {
  const counts = new Map<ParamId, Map<string, number>>()
  for (const { report } of foldHistory(links).rounds) {
    for (const { id, outcome } of readReport(documents, report)?.recommendations ?? []) {
      if (outcome.kind !== 'hold') continue
      const own = counts.get(id) ?? new Map<string, number>()
      const reason = holdWords(outcome.reason)
      own.set(reason, (own.get(reason) ?? 0) + 1)
      counts.set(id, own)
    }
  }
  const rows = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, reasons]) => [
      id,
      [...reasons]
        .sort(([, a], [, b]) => b - a)
        .map(([reason, count]) => `${count} x ${reason}`)
        .join(', '),
    ])
  return formatTable([{ title: 'parameter' }, { title: 'held in how many ticks, and why' }], rows, colours.dim)
}

function pendingLines(links: readonly HistoryLink[], catalogue: Catalogue, colours: Colours): string[] {
  const pended = links.filter(({ event }) => event === 'LooseningPended')
  if (pended.length === 0) return ['', 'No loosening was put into its veto window.']
  const last = new Map(pended.map((link) => [keyOf(link), link]))
  const rows = [...last.values()].map(({ args, time }) => {
    const { id } = parameterOf(args)
    const { unit } = specOf(catalogue, id)
    return [
      id,
      humanValue(Number(args['current']), unit),
      humanValue(Number(args['target']), unit),
      shortTime(time),
      shortTime(Number(args['eta'])),
    ]
  })
  return [
    '',
    colours.strong(`Loosenings put into their veto window: ${pended.length} in all, the last of each parameter`),
    formatTable(
      ['parameter', 'from', 'to', 'asked, UTC', 'earliest, UTC'].map((title) => ({ title })),
      rows,
      colours.dim,
    ),
  ]
}

function rejectedLines(links: readonly HistoryLink[], catalogue: Catalogue, colours: Colours): string[] {
  const rejected = links.filter(({ event }) => event === 'ItemRejected')
  if (rejected.length === 0) return ['', 'The store refused nothing.']
  const rows = rejected.map(({ args, time }) => {
    const { id } = parameterOf(args)
    const { unit } = specOf(catalogue, id)
    const code = fromCode(rejections, Number(args['code']))
    return [
      shortTime(time),
      id,
      humanValue(Number(args['current']), unit),
      humanValue(Number(args['proposed']), unit),
      rejectionWords(code),
      String(args['limit']),
    ]
  })
  return [
    '',
    colours.strong('What the store refused, and why'),
    formatTable(
      ['time, UTC', 'parameter', 'from', 'to', 'why', 'limit'].map((title) => ({ title })),
      rows,
      colours.dim,
    ),
  ]
}

function parameterOf(args: HistoryLink['args']): { readonly scope: ScopeId; readonly id: ParamId } {
  return { scope: decodeScopeId(args['scope'] as Hex), id: decodeParamId(args['id'] as Hex) }
}

function keyOf({ args }: HistoryLink): string {
  return `${args['scope']} ${args['id']}`
}

/** The four flags and the counts in one line each. */
function flagLine(summary: RunSummary, colours: Colours): string {
  const flag = (ok: boolean, text: string): string => `${ok ? colours.good('✓') : colours.bad('✗')} ${text}`
  return [
    `${summary.ticks} ticks, ${summary.adjustments} adjustments, ${summary.pending} loosenings asked, ${summary.held} rounds that held, ${summary.rejected} items refused.`,
    flag(summary.historyVerified, 'the history verifies from the chain alone'),
    flag(summary.replayIdentical, 'every round recomputed here has the same bytes'),
    flag(summary.rangesRespected, 'every value lay inside the rule in force at its time'),
    flag(summary.accountsAddUp, 'cash and positions of all accounts added up at every block looked at'),
  ].join('\n')
}
