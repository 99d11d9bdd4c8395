import type { Command } from 'commander'
import type { Catalogue, UnixSeconds } from '../risk/types/index.ts'
import { openCatalogue, specOf } from './context/openCatalogue.ts'
import { type HistoryOptions, openChainLog, readsNode } from './context/openChainLog.ts'
import { runPath } from './context/runPath.ts'
import { notFoundError, usageError } from './kit/CliError.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import type { Document } from './kit/json.ts'
import { addBlockOption, addChainOptions, addRunOption } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { isoTime, parseTime } from './kit/time.ts'
import { humanAndRaw, humanValue, relativeChange } from './kit/values.ts'
import { activateVerb } from './param/activateVerb.ts'
import { restrictVerb } from './param/restrictVerb.ts'
import { tightenVerb } from './param/tightenVerb.ts'
import { undoVerb } from './param/undoVerb.ts'
import { walkVerb } from './param/walkVerb.ts'
import { viewDocument, writeDocument } from './parameters/documents.ts'
import { exportCsv } from './parameters/exportCsv.ts'
import { findParameter, isScope } from './parameters/findParameter.ts'
import { foldParameters, type ParameterView, type ParameterWrite, parameterWrites } from './parameters/foldParameters.ts'
import { getText, historyText, listText } from './parameters/texts.ts'

/** `ballast param`: what the parameters are and were. */
export function paramNoun(terminal: Terminal): Command {
  return defineNoun('param', 'parameters as stored on chain: values, ranges, history; tighten, repair and walk them', [
    listVerb(terminal),
    getVerb(terminal),
    historyVerb(terminal),
    diffVerb(terminal),
    exportVerb(terminal),
    tightenVerb(terminal),
    undoVerb(terminal),
    restrictVerb(terminal),
    walkVerb(terminal),
    activateVerb(terminal),
  ])
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
