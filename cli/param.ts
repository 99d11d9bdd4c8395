import type { Command } from 'commander'
import type { Catalogue, ParameterUnit, UnixSeconds } from '../risk/types/index.ts'
import { openCatalogue, specOf } from './context/openCatalogue.ts'
import { type HistoryOptions, openChainLog, readsNode } from './context/openChainLog.ts'
import { runPath } from './context/runPath.ts'
import { reasonWords, writerWords } from './evidence/words.ts'
import { notFoundError, usageError } from './kit/CliError.ts'
import type { Colours } from './kit/colours.ts'
import { formatCsv } from './kit/csv.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import type { Document } from './kit/json.ts'
import { addBlockOption, addChainOptions, addRunOption } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { bothTimes, isoTime, parseTime, shortTime } from './kit/time.ts'
import { humanAndRaw, humanValue, relativeChange } from './kit/values.ts'
import { findParameter, isScope } from './parameters/findParameter.ts'
import { foldParameters, type ParameterView, type ParameterWrite, parameterWrites } from './parameters/foldParameters.ts'

/** `ballast param`: what the parameters are and were. */
export function paramNoun(terminal: Terminal): Command {
  const verbs = [listVerb(terminal), getVerb(terminal), historyVerb(terminal), diffVerb(terminal), exportVerb(terminal)]
  return defineNoun('param', 'parameters as stored on chain: values, ranges, history', verbs)
}

type ScopeOptions = HistoryOptions & { readonly scope?: string; readonly market?: string }
type AtOptions = ScopeOptions & { readonly at?: string }
type WindowOptions = ScopeOptions & { readonly from?: string; readonly to?: string }

function addSourceOptions(command: Command): Command {
  command
    .option('--scope <scope>', 'only this scope, for example market:ETH')
    .option('--market <name>', 'only this market, for example ETH')
  addRunOption(command)
  return addBlockOption(addChainOptions(command))
}

function listVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'list',
      summary: 'list all parameters with value, range and last change',
      examples: [
        { run: 'param list', what: 'at the end of the last run' },
        { run: 'param list --market ETH --at 2020-03-12T11:00Z', what: 'at an earlier time' },
        { run: 'param list --rpc http://127.0.0.1:8545 --block 120', what: 'from a chain, after one block' },
      ],
      kind: 'list',
    },
    (command) => addSourceOptions(command.option('--at <time>', 'as they stood then')),
    async (_args, options: AtOptions, context) => {
      const { views, catalogue, origin } = await openViews(options, context)
      const records = views.map((view) => viewDocument(view, catalogue))
      context.output.list({ schema: 'ballast.parameters', version: 1, origin, parameters: records }, records, (colours) =>
        listText(views, catalogue, colours),
      )
    },
  )
}

function listText(views: readonly ParameterView[], catalogue: Catalogue, colours: Colours): string {
  const rows = views.map((view) => {
    const { unit } = specOf(catalogue, view.id)
    const { value, effective, rule, pending, last } = view
    return [
      view.scope,
      view.id,
      humanAndRaw(value, unit),
      effective === null || effective === value ? '' : humanValue(effective, unit),
      `${humanValue(rule.floor, unit)} .. ${humanValue(rule.ceiling, unit)}`,
      pending === null ? '' : `${humanValue(pending.target, unit)} from ${shortTime(pending.eta)}`,
      `${shortTime(last.time)} ${last.writer}`,
    ]
  })
  const columns = ['scope', 'parameter', 'value (stored)', 'effective', 'range', 'pending loosening', 'last write, UTC'].map((title) => ({
    title,
  }))
  return formatTable(columns, rows, colours.dim)
}

function getVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'get',
      summary: 'show one parameter: value, rule and last change',
      examples: [
        { run: 'param get margin.priceScanRange --market ETH', what: 'at the end of the last run' },
        { run: 'param get priceScanRange --market ETH --json', what: 'the last part of the name is enough' },
      ],
    },
    (command) => addSourceOptions(command.argument('<parameter>', 'its id').option('--at <time>', 'as it stood then')),
    async (args, options: AtOptions, context) => {
      const { views, catalogue } = await openViews(options, context)
      const view = findParameter(views, args[0] ?? '', options.scope ?? options.market)
      const document = { schema: 'ballast.parameter', version: 1, ...viewDocument(view, catalogue), rule: view.rule }
      context.output.result(document, (colours) => getText(view, catalogue, colours))
    },
  )
}

function getText(view: ParameterView, catalogue: Catalogue, colours: Colours): string {
  const { unit, description, direction, class: kind, group } = specOf(catalogue, view.id)
  const { rule } = view
  const rows: (readonly [string, string])[] = [
    ['value', humanAndRaw(view.value, unit)],
    ...(view.effective === null ? [] : [['effective', humanAndRaw(view.effective, unit)] as const]),
    ['range', `${humanAndRaw(rule.floor, unit)} to ${humanAndRaw(rule.ceiling, unit)}`],
    ['baseline', humanAndRaw(rule.baseline, unit)],
    ['tightens', direction === 'twoSided' ? 'two-sided: both ways are slow' : direction],
    ['class, group', `${kind}, ${group}`],
    [
      'tighten',
      `at most ${rule.tightenStepBps / 100} % a step, every ${rule.tightenCooldown} min, ${rule.tightenBudgetBps / 100} % in 24 h`,
    ],
    [
      'loosen',
      `at most ${rule.loosenStepBps / 100} % a step, ${rule.loosenCooldown} min after any write, ${rule.loosenBudgetBps / 100} % in ${rule.loosenWindow} h, veto window ${rule.vetoHours} h`,
    ],
    ...(rule.rampPerHour === 0 ? [] : [['ramp', `${humanValue(rule.rampPerHour, unit)} per hour`] as const]),
    ['pending', view.pending === null ? 'nothing' : `${humanAndRaw(view.pending.target, unit)} from ${shortTime(view.pending.eta)} UTC`],
    [
      'last write',
      `${shortTime(view.last.time)} UTC by ${writerWords(view.last.writer)}, ${reasonWords(view.last.reason)} (block ${view.last.block})`,
    ],
    ['writes', String(view.entries)],
  ]
  return [
    colours.strong(`${view.id} of ${view.scope}`),
    description,
    '',
    ...rows.map(([name, text]) => `  ${colours.dim(name.padEnd(12))} ${text}`),
  ].join('\n')
}

function historyVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'history',
      summary: 'list every write of one parameter: who, why, from what to what',
      examples: [
        { run: 'param history margin.priceScanRange --market ETH', what: 'all writes of the last run' },
        { run: 'param history priceScanRange --from 2020-03-12 --to 2020-03-14 --ndjson', what: 'two days, one record per line' },
      ],
      kind: 'list',
    },
    (command) =>
      addSourceOptions(command.argument('<parameter>', 'its id').option('--from <time>', 'not before').option('--to <time>', 'not after')),
    async (args, options: WindowOptions, context) => {
      const { log, catalogue, origin } = await openHistory(options, context)
      const writes = parameterWrites(log)
      const { scope, id } = findParameter(writesByParameter(writes), args[0] ?? '', options.scope ?? options.market)
      const window = windowOf(options)
      const own = writes.filter((write) => write.scope === scope && write.id === id && write.time >= window.from && write.time <= window.to)
      const records = own.map((write) => writeDocument(write, catalogue))
      context.output.list({ schema: 'ballast.parameterHistory', version: 1, origin, scope, id, writes: records }, records, (colours) =>
        historyText(own, specOf(catalogue, id).unit, colours),
      )
    },
  )
}

function historyText(writes: readonly ParameterWrite[], unit: ParameterUnit, colours: Colours): string {
  if (writes.length === 0) return 'No write in this window.'
  const rows = writes.map((write) => [
    String(write.index),
    shortTime(write.time),
    humanAndRaw(write.previous, unit),
    humanAndRaw(write.value, unit),
    write.index === 0 ? '' : relativeChange(write.previous, write.value),
    `${writerWords(write.writer)}, ${reasonWords(write.reason)}`,
    write.round === 0 ? '' : String(write.round),
    String(write.block),
  ])
  const columns = ['#', 'time, UTC', 'from', 'to', 'change', 'by', 'round', 'block'].map((title) => ({ title }))
  return formatTable(columns, rows, colours.dim)
}

function diffVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'diff',
      summary: 'compare all parameters at two times',
      examples: [{ run: 'param diff --from 2020-03-11 --to 2020-03-13', what: 'what moved in between, by how much' }],
      kind: 'list',
    },
    (command) =>
      addSourceOptions(
        command
          .requiredOption('--from <time>', 'the earlier time')
          .option('--to <time>', 'the later time; default is the end of the history'),
      ),
    async (_args, options: WindowOptions, context) => {
      const { log, catalogue, origin } = await openHistory(options, context)
      const { from, to } = windowOf(options)
      const before = foldParameters(log, from)
      const after = foldParameters(log, to).filter((view) => inScope(view, options))
      const changes = after.flatMap((view) => {
        const earlier = before.find(({ scope, id }) => scope === view.scope && id === view.id)
        return earlier?.value === view.value ? [] : [{ view, before: earlier?.value ?? null }]
      })
      const records = changes.map(({ view, before: value }): { readonly [key: string]: Document } => {
        const { unit } = specOf(catalogue, view.id)
        return {
          scope: view.scope,
          id: view.id,
          unit,
          before: value === null ? null : { raw: value, human: humanValue(value, unit) },
          after: { raw: view.value, human: humanValue(view.value, unit) },
          changePercent: value === null || value === 0 ? null : Number((((view.value - value) / value) * 100).toFixed(4)),
        }
      })
      context.output.list({ schema: 'ballast.parameterDiff', version: 1, origin, changes: records }, records, (colours) => {
        if (changes.length === 0) return 'Nothing changed.'
        const rows = changes.map(({ view, before: value }) => {
          const { unit } = specOf(catalogue, view.id)
          return [
            view.scope,
            view.id,
            value === null ? 'not set' : humanAndRaw(value, unit),
            humanAndRaw(view.value, unit),
            value === null ? '' : relativeChange(value, view.value),
          ]
        })
        return formatTable(
          ['scope', 'parameter', 'before', 'after', 'change'].map((title) => ({ title })),
          rows,
          colours.dim,
        )
      })
    },
  )
}

const exportColumns = [
  'scope',
  'id',
  'index',
  'time_unix',
  'time_iso',
  'previous_raw',
  'value_raw',
  'value_human',
  'unit',
  'floor_raw',
  'ceiling_raw',
  'writer',
  'reason',
  'round',
  'block',
  'transaction',
]

function exportVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'export',
      summary: 'every write of every parameter as CSV (RFC 4180), or as JSON',
      examples: [
        { run: 'param export --output history.csv', what: 'raw and scaled columns' },
        { run: 'param export --market ETH --ndjson', what: 'one record per line' },
      ],
      kind: 'list',
    },
    (command) => addSourceOptions(command.option('--from <time>', 'not before').option('--to <time>', 'not after')),
    async (_args, options: WindowOptions, context) => {
      const { log, catalogue, origin } = await openHistory(options, context)
      const { from, to } = windowOf(options)
      const writes = parameterWrites(log).filter((write) => inScope(write, options) && write.time >= from && write.time <= to)
      const records = writes.map((write) => writeDocument(write, catalogue))
      context.output.list({ schema: 'ballast.parameterExport', version: 1, origin, writes: records }, records, () =>
        exportCsv(writes, catalogue),
      )
    },
  )
}

/** Every write as CSV, in chain order. */
export function exportCsv(writes: readonly ParameterWrite[], catalogue: Catalogue): string {
  const rows = writes.map((write) => {
    const { unit } = specOf(catalogue, write.id)
    return [
      write.scope,
      write.id,
      String(write.index),
      String(write.time),
      isoTime(write.time),
      String(write.previous),
      String(write.value),
      humanValue(write.value, unit),
      unit,
      String(write.rule?.floor ?? ''),
      String(write.rule?.ceiling ?? ''),
      write.writer,
      write.reason,
      String(write.round),
      String(write.block),
      write.transaction,
    ]
  })
  return formatCsv(exportColumns, rows)
}

async function openHistory(
  options: ScopeOptions,
  context: CommandContext,
): Promise<{ log: Awaited<ReturnType<typeof openChainLog>>['log']; catalogue: Catalogue; origin: string }> {
  const { log, origin } = await openChainLog(options, context)
  const folders = readsNode(options, context) ? [] : [runPath(options, context)]
  return { log, catalogue: openCatalogue(log.deployment, folders), origin }
}

async function openViews(
  options: AtOptions,
  context: CommandContext,
): Promise<{ views: readonly ParameterView[]; catalogue: Catalogue; origin: string }> {
  const at = options.at === undefined ? undefined : parseTime(options.at, '--at')
  const { log, catalogue, origin } = await openHistory(options, context)
  const views = foldParameters(log, at).filter((view) => inScope(view, options))
  if (views.length === 0)
    throw notFoundError('No parameter was set there and then.', at === undefined ? '' : `The history begins at ${firstTime(log)}.`)
  return { views, catalogue, origin }
}

function firstTime(log: { readonly logs: readonly { readonly time: UnixSeconds }[] }): string {
  const [first] = log.logs
  return first === undefined ? 'no time: it is empty' : isoTime(first.time)
}

function inScope({ scope }: Pick<ParameterView, 'scope'>, options: ScopeOptions): boolean {
  const wanted = options.scope ?? options.market
  return wanted === undefined || isScope(scope, wanted)
}

function windowOf({ from, to }: WindowOptions): { readonly from: UnixSeconds; readonly to: UnixSeconds } {
  const window = {
    from: from === undefined ? 0 : parseTime(from, '--from'),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : parseTime(to, '--to'),
  }
  if (window.from > window.to) throw usageError(`--from ${from} is after --to ${to}.`)
  return window
}

function writesByParameter(writes: readonly ParameterWrite[]): ParameterWrite[] {
  return [...new Map(writes.map((write) => [`${write.scope} ${write.id}`, write])).values()]
}

function viewDocument(view: ParameterView, catalogue: Catalogue): { readonly [key: string]: Document } {
  const { unit, description } = specOf(catalogue, view.id)
  const both = (raw: number): Document => ({ raw, human: humanValue(raw, unit) })
  return {
    scope: view.scope,
    id: view.id,
    description,
    unit,
    value: both(view.value),
    effective: view.effective === null ? null : both(view.effective),
    floor: both(view.rule.floor),
    ceiling: both(view.rule.ceiling),
    baseline: both(view.rule.baseline),
    pending: view.pending === null ? null : { target: both(view.pending.target), eta: bothTimes(view.pending.eta) },
    lastWrite: {
      time: bothTimes(view.last.time),
      writer: view.last.writer,
      reason: view.last.reason,
      round: view.last.round,
      block: view.last.block,
    },
    entries: view.entries,
  }
}

function writeDocument(write: ParameterWrite, catalogue: Catalogue): { readonly [key: string]: Document } {
  const { unit } = specOf(catalogue, write.id)
  return {
    scope: write.scope,
    id: write.id,
    index: write.index,
    time: bothTimes(write.time),
    unit,
    previous: { raw: write.previous, human: humanValue(write.previous, unit) },
    value: { raw: write.value, human: humanValue(write.value, unit) },
    range: write.rule === null ? null : { floor: write.rule.floor, ceiling: write.rule.ceiling },
    writer: write.writer,
    reason: write.reason,
    round: write.round,
    block: write.block,
    transaction: write.transaction,
  }
}
