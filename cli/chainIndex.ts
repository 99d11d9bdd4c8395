import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { createPublicClient, http } from 'viem'
import { createIndexClient, type IndexStatus, indexLists, type PageVariables } from '../chain/index-client/index.ts'
import { createIndexer } from '../indexer/createIndexer.ts'
import type { Graphql } from '../indexer/graphql/createGraphql.ts'
import { serveIndex } from '../indexer/http/serveIndex.ts'
import { writeCalendar } from '../indexer/http/writeCalendar.ts'
import { type IndexVerdict, verifyIndex } from '../indexer/verify/verifyIndex.ts'
import { openNode } from './context/openNode.ts'
import { projectRoot } from './context/projectRoot.ts'
import { readWebhookSettings, startTelling, type Telling } from './index/startTelling.ts'
import { CliError, usageError } from './kit/CliError.ts'
import type { Colours } from './kit/colours.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import { addChainOptions, type ChainOptions, parseWholeNumber } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { shortTime } from './kit/time.ts'
import { grouped } from './kit/values.ts'

const DEFAULT_PORT = 4_350
const INTERVAL_MILLISECONDS = 250

/** `ballast index`: the index of chain events, which saves reading the chain but is never needed to trust it. */
export function indexNoun(terminal: Terminal): Command {
  return defineNoun('index', 'serve the index of chain events, read it, compare it with the chain', [
    serveVerb(terminal),
    statusVerb(terminal),
    listVerb(terminal),
    verifyVerb(terminal),
  ])
}

type ServeVerbOptions = ChainOptions & {
  readonly file?: string
  readonly host: string
  readonly port: number
  readonly allowedHost?: readonly string[]
  readonly maxLag: number
  readonly maxHeadAge?: number
  readonly webhooks?: string
}

function serveVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'serve',
      summary: 'follow a chain and answer GraphQL until it is stopped',
      details:
        'POST /graphql, GET /health and GET /ready. With --webhooks it tells endpoints what happens (docs/webhooks.md), from an outbox beside the index. The file can be removed at any time: it is built again from the chain. ' +
        'Reorganisations of any depth are taken back; every answer says of which block it is.',
      examples: [
        { run: 'index serve --rpc http://127.0.0.1:8545', what: `on port ${DEFAULT_PORT}, file var/index-<chain id>.sqlite` },
        { run: 'index serve --rpc $RPC_URL --max-head-age 60', what: 'not ready when the node stands still for a minute' },
      ],
      lasting: true,
    },
    (command) =>
      addChainOptions(
        command
          .option('--file <file>', 'file of the index; default var/index-<chain id>.sqlite')
          .option('--host <address>', 'interface to listen on', '127.0.0.1')
          .option('--port <number>', 'port to listen on, 0 for any', parseWholeNumber('--port'), DEFAULT_PORT)
          .option('--allowed-host <host...>', 'host headers to answer besides the own address')
          .option('--max-lag <blocks>', 'blocks behind the head at which it is still ready', parseWholeNumber('--max-lag'), 3)
          .option('--max-head-age <seconds>', "age of the node's head at which it is still ready", parseWholeNumber('--max-head-age', 1))
          .option('--webhooks <file>', 'endpoints that are told of events; their secrets are in BALLAST_WEBHOOK_SECRET_<NAME>'),
      ),
    async (_args, options: ServeVerbOptions, context) => serve(options, context),
  )
}

async function serve(options: ServeVerbOptions, { terminal, output, signal }: CommandContext): Promise<void> {
  const node = await openNode(options, { terminal, output })
  const settings = options.webhooks === undefined ? null : readWebhookSettings(resolve(terminal.folder, options.webhooks), terminal)
  const { createGraphql } = await loadGraphql()
  const file =
    options.file === undefined ? join(projectRoot, 'var', `index-${node.chainId}.sqlite`) : resolve(terminal.folder, options.file)
  const client = createPublicClient({
    transport: http(node.url, { batch: { batchSize: 100 }, retryCount: 1, timeout: 20_000 }),
    cacheTime: 0,
  })
  const indexer = createIndexer({
    client,
    deployment: node.deployment,
    path: file,
    limits: { maxLagBlocks: options.maxLag, maxHeadAge: options.maxHeadAge ?? null },
    onRange: ({ block, head, events }) => output.step(`block ${block} of ${head.number}, ${events} logs`),
    onRollback: ({ from, to, why }) =>
      output.warn(to === null ? `${why}: the index is built again from the deployment` : `${why}: back from block ${from} to ${to}`),
  })
  let alive = true
  let telling: Telling | null = null
  try {
    telling = settings === null ? null : startTelling(indexer.index, settings, `${file}.outbox`, { output, signal })
    const server = await serveIndex({
      host: options.host,
      port: options.port,
      allowedHosts: options.allowedHost ?? [],
      graphql: createGraphql(indexer.index.file, node.chainId, indexer.status),
      status: indexer.status,
      calendar: () => writeCalendar(indexer.index.rows, node.chainId, indexer.status().time ?? 0),
      alive: () => alive,
    })
    output.say(`Index of chain ${node.chainId} in ${file}: ${server.url}/graphql`)
    try {
      await indexer.follow({
        signal,
        intervalMilliseconds: INTERVAL_MILLISECONDS,
        ...(telling !== null && { onPass: telling.collect }),
        onFailure: ({ message }, pause) => output.warn(`${message} Next try in ${pause / 1_000} s.`),
      })
    } finally {
      alive = false
      await server.close()
    }
    output.result({ schema: 'ballast.indexStopped', version: 1, block: indexer.status().block }, () => 'Index stopped.')
  } finally {
    await telling?.stop()
    indexer.close()
  }
}

/** The GraphQL server is the one part with packages of its own. */
async function loadGraphql(): Promise<{ readonly createGraphql: (...args: Parameters<CreateGraphql>) => Graphql }> {
  try {
    return await import('../indexer/graphql/createGraphql.ts')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new CliError('configuration', 'The packages of the indexer are not installed.', 'Run `npm ci` in indexer/.', {}, { cause })
  }
}
type CreateGraphql = typeof import('../indexer/graphql/createGraphql.ts').createGraphql

type UrlOption = { readonly url?: string }

const addUrlOption = (command: Command): Command =>
  command.option('--url <url>', `address of the index (INDEX_URL); default http://127.0.0.1:${DEFAULT_PORT}`)

const urlOf = ({ url }: UrlOption, { terminal }: Pick<CommandContext, 'terminal'>): string =>
  url ?? (terminal.environment['INDEX_URL'] || `http://127.0.0.1:${DEFAULT_PORT}`)

function statusVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'status',
      summary: 'how far an index is, and whether to believe it',
      details: 'Exit code 7 when it is not ready, with the reasons.',
      examples: [{ run: 'index status', what: `the index on port ${DEFAULT_PORT} of this machine` }],
    },
    addUrlOption,
    async (_args, options: UrlOption, context) => {
      const status = await createIndexClient(urlOf(options, context)).status()
      context.output.result({ schema: 'ballast.indexStatus', version: 1, ...status }, (colours) => statusText(status, colours))
      if (!status.ready) throw new CliError('checkFailed', `The index is not ready: ${status.reasons.join(' ')}`)
    },
  )
}

function statusText(status: IndexStatus, colours: Colours): string {
  const { block, headBlock, lagBlocks, time } = status
  return [
    colours.strong(`${status.chain} ${status.ready ? colours.good('ready') : colours.bad('not ready')}`),
    `block      ${block ?? 'none'} of ${headBlock ?? 'unknown'}, ${lagBlocks ?? 'unknown'} behind`,
    `time       ${time === null ? 'none' : `${shortTime(time)} UTC`}`,
    `history    ${grouped(status.links)} links, head ${status.historyHead}`,
    `taken back ${status.rollbacks} times, at most ${status.deepestRollback} blocks; built again ${status.rebuilds} times`,
    ...status.reasons.map((reason) => `  ${reason}`),
  ].join('\n')
}

type ListOptions = UrlOption & {
  readonly where: PageVariables['where']
  readonly first: number
  readonly after?: string
  readonly oldest?: true
}

function listVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'list',
      summary: 'read a list of an index, newest first',
      details: `Lists: ${indexLists.join(', ')}. When the index is not at the head of the chain, stderr says so and why.`,
      examples: [
        { run: 'index list rounds --where scope=market:ETH outcome=rejected', what: 'rounds of which nothing was applied' },
        { run: 'index list parameterChanges --first 500 --oldest --ndjson', what: 'the history, for another program' },
      ],
      kind: 'list',
    },
    (command) =>
      addUrlOption(
        command
          .argument('<list>', 'name of the list')
          .option('--where <column=value...>', 'only rows with these values; accounts by CAIP-10', parseWhere)
          .option('--first <rows>', 'rows at most, up to 500', parseWholeNumber('--first', 1), 20)
          .option('--after <cursor>', 'go on behind the last row of the page before')
          .option('--oldest', 'oldest first'),
      ),
    async ([name = ''], { where, first, after, oldest, ...options }: ListOptions, context) => {
      const list = indexLists.find((known) => known === name)
      if (list === undefined) throw usageError(`There is no list ${JSON.stringify(name)}.`, `There are ${indexLists.join(', ')}.`)
      const order = oldest === true ? 'ascending' : 'descending'
      const client = createIndexClient(urlOf(options, context))
      const { status, page } = await client.page(list, { first, order, ...(where && { where }), ...(after !== undefined && { after }) })
      if (!status.ready) context.output.warn(`the index is not ready: ${status.reasons.join(' ')}`)
      const { endCursor, hasNextPage } = page.pageInfo
      const document = {
        schema: 'ballast.indexList',
        version: 1,
        list,
        block: status.block,
        ready: status.ready,
        next: endCursor,
        rows: page.nodes,
      }
      context.output.list(document, page.nodes, (colours) => listText(page.nodes, colours))
      if (hasNextPage) context.output.say(`More with --after ${endCursor}`)
    },
  )
}

/** Values that look like numbers or truth are meant so: the index refuses text where it expects them. */
function parseWhere(pair: string, before: PageVariables['where'] = {}): PageVariables['where'] {
  const at = pair.indexOf('=')
  if (at < 1) throw usageError(`--where is ${JSON.stringify(pair)}; it must be a column, an equals sign and a value.`)
  const text = pair.slice(at + 1)
  const value = text === 'true' || text === 'false' ? text === 'true' : /^\d{1,15}$/.test(text) ? Number(text) : text
  return { ...before, [pair.slice(0, at)]: value }
}

function listText(rows: readonly object[], colours: Colours): string {
  const [first] = rows
  if (first === undefined) return 'No rows.'
  const columns = Object.entries(first).flatMap(([column, value]) => (typeof value === 'object' && value !== null ? [] : [column]))
  const shown = columns.filter((column) => column !== 'position' && column !== 'transaction')
  return formatTable(
    shown.map((title) => ({ title })),
    rows.map((row) => shown.map((column) => cell((row as Readonly<Record<string, unknown>>)[column], column))),
    colours.dim,
  )
}

const WIDEST = 44

function cell(value: unknown, column: string): string {
  if (value === null || value === undefined) return ''
  if (column === 'time' && typeof value === 'number') return shortTime(value)
  // Descriptions and reasons are text of strangers: control and direction characters must not reach a terminal.
  const text = String(value).replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text
}

function verifyVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'verify',
      summary: 'compare everything an index holds with the chain',
      details:
        "Reads the contracts at the index's own block: values, rules, lanes, proposals, operations, votes, roles by their getters, the history by its logs. " +
        'Exit code 7 when anything differs.',
      examples: [{ run: 'index verify --rpc http://127.0.0.1:8545', what: `the index on port ${DEFAULT_PORT} of this machine` }],
    },
    (command) => addChainOptions(addUrlOption(command)),
    async (_args, options: UrlOption & ChainOptions, context) => {
      const node = await openNode(options, context)
      const verdict = await verifyIndex(createIndexClient(urlOf(options, context)), node.client, node.deployment, context.signal)
      context.output.result({ schema: 'ballast.indexVerdict', version: 1, ...verdict }, (colours) => verdictText(verdict, colours))
      if (!verdict.agrees) throw new CliError('checkFailed', `Index and chain differ in ${verdict.findings.length} places.`)
    },
  )
}

const SHOWN = 50

function verdictText({ status, rows, compared, findings, agrees }: IndexVerdict, colours: Colours): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
  const shown = findings.slice(0, SHOWN)
  return [
    ...(shown.length === 0
      ? []
      : [
          formatTable(
            ['list', 'row', 'field', 'index', 'chain'].map((title) => ({ title })),
            shown.map(({ list, row, field, index, chain }) => [list, row, field, index, chain]),
            colours.dim,
          ),
        ]),
    ...(findings.length > SHOWN ? [`and ${findings.length - SHOWN} more; --json has all of them`] : []),
    `${agrees ? colours.good('✓') : colours.bad('✗')} block ${status.block}: ${grouped(total)} rows, ${grouped(compared)} fields compared, ` +
      `${findings.length} differ`,
  ].join('\n')
}
