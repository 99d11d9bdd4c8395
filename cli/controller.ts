import type { Command } from 'commander'
import { createChainReader } from '../chain/read/index.ts'
import { systemClock } from '../controller/clock/systemClock.ts'
import { observationTime } from '../controller/clock/tickTimes.ts'
import { sends } from '../controller/config/loadConfig.ts'
import { type Daemon, runByClock, startDaemon } from '../controller/daemon.ts'
import type { TickSummary } from '../controller/engine/EngineContext.ts'
import { readEngineBuild } from '../controller/engine/readEngineBuild.ts'
import type { ScopeId, ScopeReading } from '../risk/types/index.ts'
import { openCatalogue } from './context/openCatalogue.ts'
import { addConfigOption, type ConfigOption, openConfig } from './context/openConfig.ts'
import { openNode } from './context/openNode.ts'
import { projectRoot } from './context/projectRoot.ts'
import { backupVerb } from './controller/backupVerb.ts'
import { checkImpactVerb } from './controller/checkImpactVerb.ts'
import { pauseVerb } from './controller/pauseVerb.ts'
import { restoreVerb } from './controller/restoreVerb.ts'
import { revokeVerb } from './controller/revokeVerb.ts'
import { scopeOf } from './controller/scopeOf.ts'
import { CliError } from './kit/CliError.ts'
import type { Colours } from './kit/colours.ts'
import { type CommandContext, defineCommand, defineNoun } from './kit/defineCommand.ts'
import type { Document } from './kit/json.ts'
import { addChainOptions, type ChainOptions } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { bothTimes, formatDuration, shortTime } from './kit/time.ts'

/** `ballast controller`: one engine, and the lanes it works in. */
export function controllerNoun(terminal: Terminal): Command {
  return defineNoun('controller', 'run an engine, look at its lanes, stop them', [
    runVerb(terminal),
    onceVerb(terminal),
    statusVerb(terminal),
    pauseVerb(terminal),
    revokeVerb(terminal),
    checkImpactVerb(terminal),
    backupVerb(terminal),
    restoreVerb(terminal),
  ])
}

/** An engine started from a configuration, with a remark when it will not send. */
async function start(
  options: ConfigOption,
  { terminal, output, signal }: CommandContext,
): Promise<{ readonly daemon: Daemon; readonly config: ReturnType<typeof openConfig>['config'] }> {
  const { config, file } = openConfig(options, { terminal })
  const daemon = await startDaemon({ config, env: terminal.environment, clock: systemClock, build: readEngineBuild(projectRoot), signal })
  output.say(
    `Engine ${daemon.address} of ${file}: ${daemon.url}${sends(config) ? '' : ' (dry run: it neither signs for others nor sends)'}`,
  )
  return { daemon, config }
}

function runVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'run',
      summary: 'run an engine until it is stopped: a tick after every hour',
      details:
        'Logs go to stderr as JSON lines. Outside the local chain it is a dry run until the configuration says `send: true`. ' +
        'Ctrl-C or SIGTERM lets the running tick end; a tick that was cut off goes on at the next start, exactly once.',
      examples: [
        { run: 'controller run --config engine.yaml', what: 'status page, /healthz, /readyz and /metrics on the configured port' },
      ],
      lasting: true,
    },
    addConfigOption,
    async (_args, options: ConfigOption, context) => {
      const { daemon, config } = await start(options, context)
      await runByClock(daemon, { config, clock: systemClock, signal: context.signal })
      context.output.result({ schema: 'ballast.engineStopped', version: 1, engine: daemon.address }, () => 'Engine stopped.')
    },
  )
}

function onceVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'once',
      summary: 'run one tick of an engine and say what became of it',
      examples: [{ run: 'controller once --config engine.yaml --json', what: 'the tick of the last full hour' }],
    },
    addConfigOption,
    async (_args, options: ConfigOption, context) => {
      const { daemon, config } = await start(options, context)
      try {
        const tickSeconds = Math.max(...[...daemon.engines.values()].map(({ identity }) => identity.configuration.tickSeconds))
        const observedAt = observationTime(systemClock.now(), tickSeconds, config.engine.delaySeconds)
        const summaries = await daemon.tick(observedAt)
        const scopes = [...daemon.engines.keys()]
        const ticks = summaries.map((summary, i) => ({ scope: scopes[i] ?? '', ...summary, observedAt: bothTimes(observedAt) }))
        context.output.result({ schema: 'ballast.tick', version: 1, engine: daemon.address, ticks }, (colours) =>
          tickText(scopes, summaries, colours),
        )
        if (summaries.some(({ outcome }) => outcome === 'missed' || outcome === 'halted'))
          throw new CliError('failure', 'The tick led to no accepted round.')
      } finally {
        await daemon.close()
      }
    },
  )
}

function tickText(scopes: readonly ScopeId[], summaries: readonly TickSummary[], colours: Colours): string {
  return formatTable(
    ['scope', 'observed, UTC', 'outcome', 'decision', 'round', 'detail'].map((title) => ({ title })),
    summaries.map(({ observedAt, outcome, decision, round, detail }, i) => [
      scopes[i] ?? '',
      shortTime(observedAt),
      outcome,
      decision ?? '',
      String(round ?? ''),
      detail,
    ]),
    colours.dim,
  )
}

type LaneOptions = ChainOptions & { readonly scope: string }

function statusVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'status',
      summary: 'show a lane on chain: mode, round, heartbeat, what it may do',
      examples: [
        { run: 'controller status --scope market:ETH --rpc http://127.0.0.1:8545', what: 'from the chain alone, no engine is asked' },
      ],
    },
    (command) => addChainOptions(command.requiredOption('--scope <scope>', 'scope, for example market:ETH')),
    async (_args, options: LaneOptions, context) => {
      const { client, deployment } = await openNode(options, context)
      const reading = await createChainReader(client, deployment, openCatalogue(deployment)).readScope(scopeOf(options))
      context.output.result(statusDocument(reading, scopeOf(options)), (colours) => statusText(reading, scopeOf(options), colours))
    },
  )
}

function statusDocument({ lane, time, block, chainId, parameters }: ScopeReading, scope: ScopeId): Document {
  const pending = parameters.flatMap(({ id, pending: waiting }) =>
    waiting === null ? [] : [{ id, target: waiting.target, eta: bothTimes(waiting.eta) }],
  )
  return {
    schema: 'ballast.lane',
    version: 1,
    chainId,
    block,
    scope,
    mode: lane.mode,
    powers: lane.powers,
    epoch: lane.epoch,
    round: lane.round,
    observedAt: bothTimes(lane.observedAt),
    heartbeat: { ...bothTimes(lane.heartbeatAt), ageSeconds: time - lane.heartbeatAt },
    pending,
  }
}

function statusText({ lane, time, block, chainId, parameters }: ScopeReading, scope: ScopeId, colours: Colours): string {
  const powers = Object.entries(lane.powers).flatMap(([name, held]) => (held ? [name] : []))
  const waiting = parameters.filter(({ pending }) => pending !== null).map(({ id }) => id)
  return [
    colours.strong(`${scope} on chain ${chainId} at block ${block}`),
    `mode       ${lane.mode}`,
    `may        ${powers.join(', ') || 'nothing'}`,
    `epoch      ${lane.epoch}`,
    `round      ${lane.round}, observed at ${shortTime(lane.observedAt)} UTC`,
    `heartbeat  ${formatDuration(time - lane.heartbeatAt)} ago`,
    `pending    ${waiting.join(', ') || 'nothing'}`,
  ].join('\n')
}
