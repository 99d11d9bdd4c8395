import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { loadConfig } from '../../controller/config/loadConfig.ts'
import type { DaemonConfig } from '../../controller/config/schema.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import { NoRecordingError } from '../../controller/errors/SourceErrors.ts'
import { openSources, type Sources } from '../../controller/sources/openSources.ts'
import { openStore } from '../../controller/store/openStore.ts'
import { parseEngineConfiguration } from '../../risk/catalogue/index.ts'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Catalogue, EngineConfiguration, Json, ScopeId } from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { decodeHistory } from '../audit/decodeHistory.ts'
import { type AcceptedRound, type FoldedHistory, foldHistory } from '../audit/foldHistory.ts'
import type { Evidence, RawInputs } from '../evidence/buildSteps.ts'
import { type DocumentCopies, evidenceDocuments } from '../evidence/EvidenceDocuments.ts'
import { locateBars } from '../evidence/locateBars.ts'
import { usageError } from '../kit/CliError.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import { fileDocuments } from '../run/documentsFolder.ts'
import { type RunManifest, runFiles } from '../run/RunManifest.ts'
import { openCatalogue } from './openCatalogue.ts'
import { type HistoryOptions, openChainLog } from './openChainLog.ts'
import { addConfigOption, type ConfigOption, openConfig } from './openConfig.ts'
import { projectRoot } from './projectRoot.ts'
import { readJson } from './readJson.ts'
import { runPath } from './runPath.ts'

/** Options of commands that recompute from stored evidence. */
export type EvidenceOptions = HistoryOptions & ConfigOption & { readonly data?: string }

/** The chain's history together with everything the engines stored about it. */
export type OpenedEvidence = {
  readonly evidence: Evidence
  readonly history: FoldedHistory
  readonly origin: string
  readonly close: () => void
}

export { addConfigOption }

/**
 * Opens the evidence: a run folder, or with `--config` the store of an engine beside the chain it works on.
 *
 * @throws {CliError} Neither exists, or both were named.
 */
export async function openEvidence(options: EvidenceOptions, context: CommandContext): Promise<OpenedEvidence> {
  if (options.config !== undefined && options.run !== undefined)
    throw usageError('--config and --run were both given.', 'The evidence is either the store of an engine or a run folder.')
  return options.config === undefined ? openRunEvidence(options, context) : openEngineEvidence(options, context)
}

async function openRunEvidence(options: EvidenceOptions, context: CommandContext): Promise<OpenedEvidence> {
  const { log, origin } = await openChainLog(options, context)
  const folder = runPath(options, context)
  const { engines: files } = readJson<RunManifest>(join(folder, runFiles.manifest), 'ballast.run', 1)
  const configs = files.map((file) => loadConfig({ file: join(folder, file), env: {} }).config)
  const catalogue = openCatalogue(log.deployment, [folder])
  // What the files name lies in the run folder, wherever that has been moved.
  const engines = configs.slice(0, 1).flatMap(({ engine }) =>
    readEngineConfigurations(
      engine.configurations.map((file) => join(folder, basename(file))),
      catalogue,
    ),
  )
  const stores = configs.map(({ store }) => join(folder, basename(store.path)))
  return assemble({ log, origin, catalogue, engines, stores, places: [fileDocuments(folder)], source: configs[0], data: options.data })
}

async function openEngineEvidence(options: EvidenceOptions, context: CommandContext): Promise<OpenedEvidence> {
  const { config } = openConfig(options, context)
  const [url] = config.rpc.urls
  const chain = { rpc: options.rpc ?? url ?? '', deployment: options.deployment ?? config.chain.deployment }
  const { log, origin } = await openChainLog({ ...options, ...chain }, context)
  const catalogue = openCatalogue(log.deployment, [dirname(config.engine.catalogue)])
  const engines = readEngineConfigurations(config.engine.configurations, catalogue)
  return assemble({
    log,
    origin,
    catalogue,
    engines,
    stores: [config.store.path],
    places: [configurationCopies(engines)],
    source: config,
    data: options.data,
  })
}

type Parts = {
  readonly log: ChainLog
  readonly origin: string
  readonly catalogue: Catalogue
  readonly engines: readonly EngineConfiguration[]
  readonly stores: readonly string[]
  readonly places: readonly DocumentCopies[]
  readonly source: DaemonConfig | undefined
  readonly data: string | undefined
}

function assemble({ log, origin, catalogue, engines, stores: paths, places, source, data }: Parts): OpenedEvidence {
  const stores = paths.filter((path) => existsSync(path)).map((path) => openStore({ path, readOnly: true }))
  const copies = [...stores.map((store): DocumentCopies => ({ name: basename(store.path), get: store.get })), ...places]
  const links = decodeHistory(log.logs)
  const history = foldHistory(links)
  const evidence: Evidence = {
    log,
    links,
    documents: evidenceDocuments(copies),
    catalogue,
    engineBuild: readEngineBuild(projectRoot),
    fetchRaw: source === undefined ? null : rawInputs(source, data, engines, history),
  }
  const close = (): void => {
    for (const store of stores) store.close()
  }
  return { evidence, history, origin, close }
}

function readEngineConfigurations(files: readonly string[], catalogue: Catalogue): EngineConfiguration[] {
  return files.filter((file) => existsSync(file)).map((file) => parseEngineConfiguration(JSON.parse(readFileSync(file, 'utf8')), catalogue))
}

function configurationCopies(engines: readonly EngineConfiguration[]): DocumentCopies {
  const texts = new Map(engines.map((engine) => canonicalJson(engine as unknown as Json)).map((text) => [contentHash(text), text] as const))
  return { name: 'configuration', get: (hash) => texts.get(hash) }
}

/**
 * Reads a tick's inputs again from the source that an engine's configuration names, or from the same recording in another data folder.
 *
 * @returns Null when the source is not on this machine.
 */
function rawInputs(
  config: DaemonConfig,
  data: string | undefined,
  engines: readonly EngineConfiguration[],
  history: FoldedHistory,
): Evidence['fetchRaw'] {
  const [engine] = engines
  if (engine === undefined) return null
  const source = config.source.kind === 'recorded' && data !== undefined ? { ...config.source, directory: data } : config.source
  if (source.kind === 'recorded' && !existsSync(source.directory)) return null
  let sources: Sources
  try {
    sources = openSources({ source, portfolios: config.portfolios }, engine.market, Math.min(...engines.map(({ maxBarAge }) => maxBarAge)))
  } catch (error) {
    if (error instanceof NoRecordingError) return null
    throw error
  }
  const { tickSeconds } = engine
  return async (snapshot, previous): Promise<RawInputs> => {
    const first = firstRound(history, snapshot.scope)?.observedAt ?? snapshot.observedAt
    return {
      observation: await sources.market.fetchObservation(previous?.observedAt ?? snapshot.observedAt - tickSeconds, snapshot.observedAt),
      seed: await sources.market.fetchSeed(first - tickSeconds),
      place: locateBars(source, snapshot),
    }
  }
}

function firstRound({ rounds }: FoldedHistory, scope: ScopeId): AcceptedRound | undefined {
  return rounds.find((round) => round.scope === scope)
}
