import { readFileSync } from 'node:fs'
import { createPublicClient, custom, defineChain, type PublicClient, parseGwei } from 'viem'
import { type ClearingDeployment, parseClearingDeployment } from '../chain/clearing/index.ts'
import { catalogueHash, parseDeployment } from '../chain/deploy/index.ts'
import { createChainReader } from '../chain/read/index.ts'
import { domainOf } from '../chain/typed-data/index.ts'
import { parseCatalogue, parseEngineConfiguration } from '../risk/catalogue/index.ts'
import { decide, genesisState } from '../risk/decide/index.ts'
import { canonicalJson } from '../risk/hash/index.ts'
import { numericFingerprint } from '../risk/math/fingerprint.ts'
import type { Address, Catalogue, Clock, Deployment, EngineConfiguration, Hash, Json, ScopeId, UnixSeconds } from '../risk/types/index.ts'
import { ringHourly } from './clock/ringHourly.ts'
import { elapsed } from './clock/systemClock.ts'
import { sends } from './config/loadConfig.ts'
import type { DaemonConfig } from './config/schema.ts'
import { checkClearing } from './engine/checkClearing.ts'
import { checkDeployment } from './engine/checkDeployment.ts'
import { createChainGauges } from './engine/createChainGauges.ts'
import { createExclusive } from './engine/createExclusive.ts'
import type { EngineContext, EngineIdentity, TickSummary } from './engine/EngineContext.ts'
import { componentsOf, healthOf, statusOf } from './engine/engineStatus.ts'
import { createMailbox } from './engine/Mailbox.ts'
import { primeMetrics } from './engine/primeMetrics.ts'
import { runTick, turnsBefore } from './engine/runTick.ts'
import { ConfigError } from './errors/ConfigError.ts'
import { EngineMismatchError } from './errors/EngineErrors.ts'
import { answerPeer } from './http/answerPeers.ts'
import { createPeers } from './http/createPeers.ts'
import { createMetrics, type Metrics } from './http/metrics.ts'
import { createRequestGuard } from './http/peerAuth.ts'
import { combine } from './http/readiness.ts'
import { type Server, serve } from './http/serve.ts'
import { renderStatus } from './http/statusPage.ts'
import { createLog, type Log } from './log/createLog.ts'
import { openMonitorStore } from './monitor/openMonitorStore.ts'
import { openPoster, type Poster } from './poster/openPoster.ts'
import { openSigner } from './signers/openSigner.ts'
import { fetchAcceptedRounds, readLane } from './sources/acceptedRounds.ts'
import { chainSource } from './sources/chainSource.ts'
import { type ClearingSource, createClearingSource } from './sources/clearingSource.ts'
import { openSources } from './sources/openSources.ts'
import { openSurfaceSource } from './sources/surfaces/openSurfaceSource.ts'
import { openStore } from './store/openStore.ts'
import { createEndpoints, type Endpoints } from './submitter/endpoints.ts'
import { settleIntents } from './submitter/settleIntents.ts'
import type { SubmitterContext } from './submitter/submitIntent.ts'
import { openTelling, type Telling } from './webhooks/openTelling.ts'

export type DaemonOptions = {
  readonly config: DaemonConfig
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Build hash of the engine that runs here. */
  readonly build: Hash
  readonly signal: AbortSignal
  /** Called when a round waits for a steward's signature. */
  readonly onCosignNeeded?: EngineContext['onCosignNeeded']
}

/** One engine process: its scopes, its server, its store. */
export type Daemon = {
  readonly url: string
  readonly address: Address
  readonly log: Log
  readonly metrics: Metrics
  readonly engines: ReadonlyMap<ScopeId, EngineContext>
  /** One tick of every scope, one after the other. */
  readonly tick: (observedAt: UnixSeconds) => Promise<readonly TickSummary[]>
  readonly close: () => Promise<void>
}

/**
 * Opens key, store, sources and chain, checks that the chain is what the configuration says, settles what a former process left open, and starts to answer.
 *
 * @throws {ConfigError}, {MissingSecretError}, {StoreLockedError} and the like before anything is started; {DeploymentMismatchError}, {WrongChainError} when
 * the chain is another one.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { config, env, clock, signal } = options
  const key = await openSigner(config.signer, env)
  const log = createLog(config.log.level, { engine: key.address })
  const metrics = createMetrics()
  const catalogue = parseCatalogue(readJson(config.engine.catalogue))
  const configurations = config.engine.configurations.map((file) => parseEngineConfiguration(readJson(file), catalogue))
  const market = onlyMarket(configurations)
  const deployment = parseDeployment(readJson(config.chain.deployment))
  assertOwn(config, key.address, catalogue, deployment)
  const sources = openSources(config, market, Math.min(...configurations.map(({ maxBarAge }) => maxBarAge)))
  const { endpoints, client } = connect(config, log, metrics)
  const store = openStore({
    path: config.store.path,
    ...(config.store.maxMegabytes !== null && { maxBytes: config.store.maxMegabytes * 1_048_576 }),
  })
  const opened: (() => void | Promise<void>)[] = [() => store.close()]
  try {
    const telling = openTelling(config, env, key.address, log)
    if (telling !== null) opened.push(telling.close)
    await endpoints.probe()
    const { threshold, engines } = await checkDeployment(
      client,
      deployment,
      catalogue,
      config.engines.map(({ address }) => address),
    )
    const clearing = await openClearing(config, client, deployment, opened)
    const peers = createPeers({
      endpoints: config.engines.filter(({ address }) => address.toLowerCase() !== key.address.toLowerCase()),
      key,
      log,
      timeoutSeconds: config.http.timeoutSeconds,
      signTimeoutSeconds: config.http.signTimeoutSeconds,
    })
    const submitter: SubmitterContext = {
      client,
      chainId: config.chain.id,
      key,
      store,
      clock,
      log,
      fees: { capWei: parseGwei(String(config.fees.capGwei)), priorityWei: parseGwei(String(config.fees.priorityGwei)) },
      confirmations: config.chain.confirmations,
      pollSeconds: config.chain.pollSeconds,
      replaceAfterSeconds: config.fees.replaceAfterSeconds,
      elapsed,
      signal,
    }
    const reader = createChainReader(client, deployment, catalogue)
    const domain = domainOf('controllerMandate', config.chain.id, deployment.contracts.controllerMandate)
    const contexts = new Map<ScopeId, EngineContext>()
    for (const configuration of configurations) {
      // Whoever computes a round again asks for it by its hash, as for every other document.
      store.put(canonicalJson(configuration as unknown as Json))
      const { scope } = configuration
      contexts.set(scope, {
        identity: identify(config, configuration, catalogue, options.build),
        timing: {
          proposerTimeoutSeconds: config.engine.proposerTimeoutSeconds,
          submitterTimeoutSeconds: config.engine.submitterTimeoutSeconds,
          cosignTimeoutSeconds: config.engine.cosignTimeoutSeconds,
          pollSeconds: config.chain.pollSeconds,
        },
        send: sends(config),
        engines,
        threshold,
        key,
        domain,
        deployment,
        client,
        market: sources.market,
        portfolios: sources.portfolios,
        clearing: clearing?.source ?? null,
        chain: chainSource({
          reader,
          readLane: (each) => readLane(client, deployment, each),
          clock,
          scope,
          chainId: config.chain.id,
          maxHeadAgeSeconds: config.chain.maxHeadAgeSeconds,
        }),
        readAccepted: (fromBlock) => fetchAcceptedRounds(client, deployment, scope, fromBlock),
        submitter,
        store,
        peers,
        mailbox: createMailbox(),
        waiting: new Map(),
        onCosignNeeded: options.onCosignNeeded ?? (() => undefined),
        decide,
        genesisState,
        exclusive: createExclusive(),
        evaluations: new Map(),
        clock,
        elapsed,
        log,
        metrics,
        signal,
      })
    }
    await settleIntents(submitter)
    const poster = clearing === null ? null : await openSurfaces(options, clearing, submitter, contexts, opened, metrics)
    const server = await startServer(options, contexts, endpoints, catalogue, poster, log, metrics)
    for (const context of contexts.values())
      if (context.identity.mismatch !== null) log.error({ error: context.identity.mismatch }, 'engine does not sign')
    log.info({ url: server.url, market, scopes: [...contexts.keys()], send: sends(config), build: options.build }, 'engine started')
    const tick = createTick(contexts, endpoints, telling, poster)
    return {
      url: server.url,
      address: key.address,
      log,
      metrics,
      engines: contexts,
      tick,
      close: async () => {
        await server.close()
        await closeAll(opened)
        log.info({}, 'engine stopped')
      },
    }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** The last that was opened first. */
async function closeAll(opened: readonly (() => void | Promise<void>)[]): Promise<void> {
  for (const close of opened.toReversed()) await close()
}

type OpenedClearing = { readonly source: ClearingSource; readonly deployment: ClearingDeployment }

/** The deployed clearing that the configuration names, compared with the chain; null where it names none. */
async function openClearing(
  { clearing, chain }: DaemonConfig,
  client: PublicClient,
  protocol: Deployment,
  opened: (() => void | Promise<void>)[],
): Promise<OpenedClearing | null> {
  if (clearing === undefined) return null
  const deployment = parseClearingDeployment(readJson(clearing.deployment))
  if (deployment.chainId !== chain.id)
    throw new ConfigError([{ path: 'clearing.deployment', problem: `it is on chain ${deployment.chainId}, the engine on ${chain.id}` }])
  await checkClearing(client, deployment, clearing.group)
  const store = openMonitorStore(clearing.store)
  opened.push(() => store.close())
  const { riskParameters } = protocol.contracts
  return { deployment, source: createClearingSource({ client, deployment, riskParameters, group: clearing.group, store }) }
}

/** What posts surfaces and signs those of others; null where the configuration names no source of surfaces, or the engine is in dry run. */
async function openSurfaces(
  { config, env, clock, signal }: DaemonOptions,
  clearing: OpenedClearing,
  engineSubmitter: SubmitterContext,
  contexts: ReadonlyMap<ScopeId, EngineContext>,
  opened: (() => void)[],
  metrics: Metrics,
): Promise<Poster | null> {
  const { surface } = config
  const [first] = contexts.values()
  if (surface === undefined || first === undefined || !first.send) return null
  const { client, identity, market: source, engines, peers, log } = first
  const key = await openSigner(surface.signer, env, 'surface')
  if (engines.some((engine) => engine.toLowerCase() === key.address.toLowerCase()))
    throw new ConfigError([{ path: 'surface.signer', problem: `${key.address} is an engine's key; surfaces are signed with another` }])
  const store = openStore({ path: surface.store })
  opened.push(() => store.close())
  const submitter = { ...engineSubmitter, key, store, clock, signal }
  await settleIntents(submitter)
  const { market, tolerance } = identity.configuration
  const { chains, surfaceOracle } = clearing.deployment.contracts
  return openPoster({
    setup: {
      market: `market:${market}`,
      client,
      contracts: { chains, surfaceOracle },
      domain: domainOf('surfaceOracle', config.chain.id, surfaceOracle),
      key,
      source: openSurfaceSource(surface, { name: market, source }, log),
      tolerance,
      settings: surface,
      log,
    },
    submitter,
    peers,
    openChains: clearing.source.openChains,
    turnSeconds: config.engine.proposerTimeoutSeconds,
    metrics,
  })
}

/**
 * Runs a started engine by the clock until the signal aborts: first what a former process left of the present tick, then every hour.
 *
 * @returns When the last tick is over and everything is closed.
 * @throws What {@link Daemon.tick} throws: only what a human must repair.
 */
export async function runByClock(
  daemon: Daemon,
  { config, clock, signal }: Pick<DaemonOptions, 'config' | 'clock' | 'signal'>,
): Promise<void> {
  const failure = new AbortController()
  let failed: unknown
  let running: Promise<unknown> = Promise.resolve()
  const tick = (observedAt: UnixSeconds): Promise<void> => {
    const work = daemon.tick(observedAt).then(
      () => undefined,
      (error: unknown) => {
        if (signal.aborted) return
        failed = error
        failure.abort()
      },
    )
    running = work
    return work
  }
  try {
    for (const observedAt of openTicks(daemon, clock.now())) await tick(observedAt)
    if (failed === undefined) {
      await ringHourly({
        clock,
        log: daemon.log,
        delaySeconds: config.engine.delaySeconds,
        tick,
        onDropped: () => daemon.metrics.droppedTicks.inc(),
        signal: AbortSignal.any([signal, failure.signal]),
      })
    }
    await running
  } finally {
    await daemon.close()
  }
  if (failed !== undefined) throw failed
}

/** Ticks that a former process began and whose round could still be accepted. */
export function openTicks({ engines }: Pick<Daemon, 'engines'>, now: UnixSeconds): UnixSeconds[] {
  const open = [...engines.values()].flatMap(({ store, identity }) => {
    const record = store.lastRound(identity.scope)
    const isOpen = record !== undefined && ['decided', 'signed', 'sending', 'sent'].includes(record.stage)
    return isOpen && (record.adjustment?.validUntil ?? 0) >= now ? [record.observedAt] : []
  })
  return [...new Set(open)].sort((a, b) => a - b)
}

function createTick(
  contexts: ReadonlyMap<ScopeId, EngineContext>,
  endpoints: Endpoints,
  telling: Telling | null,
  poster: Poster | null,
): Daemon['tick'] {
  return async (observedAt) => {
    await endpoints.probe()
    const summaries: TickSummary[] = []
    for (const context of contexts.values()) summaries.push(await runTick(context, observedAt))
    telling?.tell([...contexts.keys()], summaries)
    // Rounds first: a surface that cannot be posted keeps no parameter from moving.
    const [first] = contexts.values()
    if (first !== undefined) await poster?.post(observedAt, turnsBefore(first, observedAt))
    return summaries
  }
}

function identify(config: DaemonConfig, configuration: EngineConfiguration, catalogue: Catalogue, build: Hash): EngineIdentity {
  const fingerprint = numericFingerprint()
  const { build: expected } = config.engine
  const mismatch =
    fingerprint !== configuration.fingerprint
      ? new EngineMismatchError({ what: 'numeric fingerprint', own: fingerprint, expected: configuration.fingerprint as Hash })
      : expected !== null && expected !== build
        ? new EngineMismatchError({ what: 'engine build', own: build, expected })
        : null
  return { scope: configuration.scope, configuration, catalogue, build, mismatch }
}

function connect(config: DaemonConfig, log: Log, metrics: Metrics): { readonly endpoints: Endpoints; readonly client: PublicClient } {
  const { rpc, chain } = config
  const onFailure = (host: string): void => metrics.rpcErrors.inc({ host })
  const endpoints = createEndpoints({ ...rpc, chainId: chain.id, log, onFailure, elapsed })
  const viemChain = defineChain({
    id: chain.id,
    name: `chain ${chain.id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  const client = createPublicClient({ chain: viemChain, transport: custom(endpoints, { retryCount: 0 }), cacheTime: 0 })
  return { endpoints, client }
}

async function startServer(
  { config, build }: DaemonOptions,
  contexts: ReadonlyMap<ScopeId, EngineContext>,
  endpoints: Endpoints,
  catalogue: Catalogue,
  poster: Poster | null,
  log: Log,
  metrics: Metrics,
): Promise<Server> {
  const first = [...contexts.values()][0] as EngineContext
  primeMetrics(
    metrics,
    [...contexts.keys()],
    endpoints.health().map(({ host }) => host),
  )
  const guard = createRequestGuard(first.key.address, first.engines, Date.now)
  return serve({
    host: config.http.host,
    port: config.http.port,
    allowedHosts: config.http.allowedHosts,
    log,
    metrics,
    refreshMetrics: createChainGauges(contexts, endpoints),
    health: () => healthOf(contexts),
    readiness: async () => combine(await componentsOf(contexts, endpoints)),
    statusPage: async () =>
      renderStatus({
        engine: first.key.address,
        build,
        market: first.identity.configuration.market,
        send: first.send,
        catalogue,
        components: await componentsOf(contexts, endpoints),
        scopes: await Promise.all([...contexts.values()].map(statusOf)),
      }),
    answerPeer: (request) => answerPeer(contexts, guard, request, poster),
  })
}

function onlyMarket(configurations: readonly EngineConfiguration[]): string {
  const markets = [...new Set(configurations.map(({ market }) => market))]
  const scopes = new Set(configurations.map(({ scope }) => scope))
  const problems = []
  if (markets.length > 1)
    problems.push({ path: 'engine.configurations', problem: `they are of several markets: ${markets.join(', ')}; one process runs one` })
  if (scopes.size < configurations.length) problems.push({ path: 'engine.configurations', problem: 'a scope is there twice' })
  if (problems.length > 0) throw new ConfigError(problems)
  return markets[0] as string
}

function assertOwn(config: DaemonConfig, address: Address, catalogue: Catalogue, deployment: Deployment): void {
  const problems = []
  if (!config.engines.some((engine) => engine.address.toLowerCase() === address.toLowerCase())) {
    problems.push({ path: 'engines', problem: `this engine's key has the address ${address}, which is not among them` })
  }
  if (deployment.chainId !== config.chain.id)
    problems.push({ path: 'chain.id', problem: `${config.chain.id}, but the deployment is on chain ${deployment.chainId}` })
  const hash = catalogueHash(catalogue)
  if (hash !== deployment.catalogue)
    problems.push({ path: 'engine.catalogue', problem: `its hash is ${hash}, but the deployment was made with ${deployment.catalogue}` })
  if (problems.length > 0) throw new ConfigError(problems)
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ConfigError([{ path: file, problem: cause instanceof SyntaxError ? 'the file is not JSON' : 'the file cannot be read' }], {
      cause,
    })
  }
}
