import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { FatalError } from '../../risk/errors/index.ts'
import type { Address, Catalogue, Deployment, EngineConfiguration, Hex, ScopeId, Signer, UnixSeconds } from '../../risk/types/index.ts'
import type { DaemonConfig } from '../config/schema.ts'
import type { TickSummary } from '../engine/EngineContext.ts'
import { secretVariables } from '../signers/openSigner.ts'
import type { FromEngine, ToEngine } from './messages.ts'

type Timing = Partial<Pick<DaemonConfig['engine'], 'proposerTimeoutSeconds' | 'submitterTimeoutSeconds' | 'cosignTimeoutSeconds'>>

export type RunEnginesOptions = {
  /** Folder for configuration, stores (`engine-1.sqlite` and so on) and logs of the engines; made when absent. */
  readonly folder: string
  /** One for all engines, or one each. */
  readonly rpcUrl: string | readonly string[]
  readonly deployment: Deployment
  readonly catalogue: Catalogue
  /** One per scope, all of one market. */
  readonly configurations: readonly EngineConfiguration[]
  /** Private keys, one per engine, in the order in which the engines take turns. They go into the environment of each process, never into a file. */
  readonly privateKeys: readonly { readonly address: Address; readonly key: Hex }[]
  /** As in the daemon's configuration; one for all engines, or one each. */
  readonly sources: DaemonConfig['source'] | readonly DaemonConfig['source'][]
  /** Simulated accounts, where no clearing is deployed. */
  readonly portfolios?: DaemonConfig['portfolios']
  /** A deployed clearing whose accounts the engines decide on. */
  readonly clearing?: { readonly deployment: ClearingDeployment; readonly group: ScopeId }
  /** Chain time when the engines start. */
  readonly start: UnixSeconds
  /** Signs rounds that need a steward; without one they fail. */
  readonly steward?: Signer
  readonly timing?: Timing
  readonly logLevel?: DaemonConfig['log']['level']
}

/** An engine of a replay ended, or could not start. */
export class EngineEndedError extends FatalError {
  override readonly name = 'EngineEndedError'
  readonly context: { readonly engine: number; readonly detail: string }
  constructor(context: EngineEndedError['context'], options?: ErrorOptions) {
    super(`Engine ${context.engine} ended: ${context.detail}`, options)
    this.context = context
  }
}

/** One engine process under a replay's control. */
export type DrivenEngine = {
  readonly address: Address
  readonly url: string
  readonly process: ChildProcess
  readonly configFile: string
  readonly store: string
  /** Resolves when the process has ended and all that it said is in its log. */
  readonly ended: Promise<unknown>
}

export type RunningEngines = {
  readonly engines: readonly DrivenEngine[]
  /** Runs one tick in every engine that runs, and waits for all of them. A summary list per engine; null for one that does not run. */
  readonly tick: (observedAt: UnixSeconds) => Promise<readonly (readonly TickSummary[] | null)[]>
  /** Starts an engine again after it ended; its store is what it left. */
  readonly restart: (engine: number) => Promise<void>
  /** Stops all engines and waits until they are gone. */
  readonly stop: () => Promise<void>
}

const entry = fileURLToPath(new URL('engineProcess.ts', import.meta.url))

/**
 * Starts n engines as processes of their own against one chain, in event time. Each has its own key, store, sources and server; they reach each other over
 * loopback only.
 *
 * @throws {EngineEndedError} An engine did not start.
 */
export async function runEngines(options: RunEnginesOptions): Promise<RunningEngines> {
  const { folder, privateKeys } = options
  mkdirSync(folder, { recursive: true })
  const ports = await freePorts(privateKeys.length)
  const files = writeConfigs(options, ports)
  const engines: DrivenEngine[] = []
  const start = async (i: number): Promise<void> => {
    engines[i] = await startEngine(options, i, files[i] as string)
  }
  try {
    await Promise.all(privateKeys.map((_, i) => start(i)))
  } catch (error) {
    await stopAll(engines)
    throw error
  }
  return {
    engines,
    tick: (observedAt) => Promise.all(engines.map((engine, i) => (isRunning(engine) ? runTick(engine, i, observedAt) : null))),
    restart: start,
    stop: () => stopAll(engines),
  }
}

function writeConfigs(options: RunEnginesOptions, ports: readonly number[]): string[] {
  const { folder, deployment, catalogue, configurations, privateKeys, sources, portfolios, clearing } = options
  const write = (name: string, value: unknown): string => {
    const file = join(folder, name)
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
    return file
  }
  const shared = {
    deployment: write('deployment.json', deployment),
    catalogue: write('catalogue.json', catalogue),
    configurations: configurations.map((configuration) =>
      write(`configuration-${configuration.scope.replace(':', '-')}.json`, configuration),
    ),
  }
  const cleared = clearing === undefined ? null : write('clearing.json', clearing.deployment)
  const engines = privateKeys.map(({ address }, i) => ({ address, url: `http://127.0.0.1:${ports[i]}` }))
  return privateKeys.map((_, i) =>
    write(`engine-${i + 1}.json`, {
      schema: 'ballast.daemon',
      version: 1,
      send: true,
      // Event time stands still during a tick, so no head is ever old; the local chain mines at once, and peers tell
      // each other of every step, so that few look for themselves.
      chain: { id: deployment.chainId, deployment: shared.deployment, confirmations: 1, pollSeconds: 2, maxHeadAgeSeconds: 86_400 },
      rpc: { urls: [Array.isArray(options.rpcUrl) ? options.rpcUrl[i] : options.rpcUrl] },
      engine: { catalogue: shared.catalogue, configurations: shared.configurations, ...options.timing },
      engines,
      signer: { kind: 'environment' },
      source: Array.isArray(sources) ? sources[i] : sources,
      ...(portfolios === undefined ? {} : { portfolios }),
      ...(cleared === null
        ? {}
        : { clearing: { deployment: cleared, group: clearing?.group, store: join(folder, `monitor-${i + 1}.sqlite`) } }),
      store: { path: join(folder, `engine-${i + 1}.sqlite`) },
      http: { port: ports[i] },
      log: { level: options.logLevel ?? 'info' },
    }),
  )
}

async function startEngine(options: RunEnginesOptions, i: number, configFile: string): Promise<DrivenEngine> {
  const { key, address } = options.privateKeys[i] as RunEnginesOptions['privateKeys'][number]
  const inherited = Object.entries(process.env).filter(([name]) =>
    ['PATH', 'HOME', 'TZ', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'].includes(name),
  )
  const child = fork(entry, [configFile, String(options.start)], {
    env: { ...Object.fromEntries(inherited), [secretVariables.privateKey]: key },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const logged = createWriteStream(join(options.folder, `engine-${i + 1}.log`), { flags: 'a' })
  const ended = Promise.all([once(child, 'close'), once(logged, 'close')])
  child.stderr?.pipe(logged)
  child.on('message', (message: FromEngine) => {
    if ('cosignNeeded' in message) void cosign(options, child, message.cosignNeeded)
  })
  const first = await answerOf(child, i, (message) => 'ready' in message)
  if (!('ready' in first)) throw new EngineEndedError({ engine: i + 1, detail: 'it never became ready' })
  return { address, url: first.ready.url, process: child, configFile, store: join(options.folder, `engine-${i + 1}.sqlite`), ended }
}

async function cosign(
  { steward }: RunEnginesOptions,
  child: ChildProcess,
  { scope, digest }: { scope: string; digest: Hex },
): Promise<void> {
  if (steward === undefined) return
  const signature = { signer: steward.address, data: await steward.signDigest(digest) }
  if (child.connected) child.send({ cosign: { scope, digest, signature } } as ToEngine)
}

/** Null when the engine was killed on the way; the error of one that failed by itself is thrown. */
async function runTick({ process: child }: DrivenEngine, i: number, observedAt: UnixSeconds): Promise<readonly TickSummary[] | null> {
  const answer = answerOf(child, i, (message) => 'done' in message && message.done === observedAt)
  child.send({ tick: observedAt } satisfies ToEngine)
  try {
    const message = await answer
    return 'done' in message ? message.summary : null
  } catch (error) {
    if (error instanceof EngineEndedError && child.signalCode !== null) return null
    throw error
  }
}

/** The first message that fits; an engine that fails or ends before is an error. */
function answerOf(child: ChildProcess, i: number, fits: (message: FromEngine) => boolean): Promise<FromEngine> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onError)
      settle()
    }
    const onMessage = (message: FromEngine): void => {
      if ('failed' in message)
        done(() => reject(new EngineEndedError({ engine: i + 1, detail: `${message.failed.name}: ${message.failed.message}` })))
      else if (fits(message)) done(() => resolve(message))
    }
    const onExit = (code: number | null, signal: string | null): void =>
      done(() => reject(new EngineEndedError({ engine: i + 1, detail: signal ?? `exit code ${code}` })))
    const onError = (cause: Error): void => done(() => reject(new EngineEndedError({ engine: i + 1, detail: cause.message }, { cause })))
    child.on('message', onMessage)
    child.on('exit', onExit)
    child.on('error', onError)
  })
}

const isRunning = ({ process: child }: DrivenEngine): boolean => child.exitCode === null && child.signalCode === null && child.connected

async function stopAll(engines: readonly (DrivenEngine | undefined)[]): Promise<void> {
  await Promise.all(
    engines.map(async (engine) => {
      if (engine === undefined) return
      const { process: child, ended } = engine
      if (child.connected) child.send({ stop: true } satisfies ToEngine)
      else if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    }),
  )
}

/** Ports that are free now, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(
    servers.map(async (server) => {
      server.close()
      await once(server, 'close')
    }),
  )
  return ports
}
