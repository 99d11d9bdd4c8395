import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { loadConfig } from '../../controller/config/loadConfig.ts'
import type { DaemonConfig } from '../../controller/config/schema.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import { NoRecordingError } from '../../controller/errors/SourceErrors.ts'
import { openSources, type Sources } from '../../controller/sources/openSources.ts'
import { openStore } from '../../controller/store/openStore.ts'
import { parseEngineConfiguration } from '../../risk/catalogue/index.ts'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Catalogue, EngineConfiguration, Json, ScopeId } from '../../risk/types/index.ts'
import { decodeHistory } from '../audit/decodeHistory.ts'
import { type AcceptedRound, type FoldedHistory, foldHistory } from '../audit/foldHistory.ts'
import type { Evidence, RawInputs } from '../evidence/buildSteps.ts'
import { type DocumentCopies, evidenceDocuments } from '../evidence/EvidenceDocuments.ts'
import { locateBars } from '../evidence/locateBars.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import { fileDocuments } from '../run/documentsFolder.ts'
import { type RunManifest, runFiles } from '../run/RunManifest.ts'
import { openCatalogue } from './openCatalogue.ts'
import { type HistoryOptions, openChainLog, readsNode } from './openChainLog.ts'
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
  /** Run folder, or null when an engine's own store is the evidence. */
  readonly folder: string | null
  readonly close: () => void
}

export { addConfigOption }

/**
 * Opens the evidence: a run folder, or with `--config` the store of an engine beside the chain it works on.
 *
 * @throws {CliError} Neither exists, or the chain is not named.
 */
export async function openEvidence(options: EvidenceOptions, context: CommandContext): Promise<OpenedEvidence> {
  const { log, origin } = await openChainLog(options, context)
  const folder = options.config === undefined || !readsNode(options, context) ? runPath(options, context) : null
  const files = folder === null ? null : readJson<RunManifest>(join(folder, runFiles.manifest), 'ballast.run', 1).engines
  const configs =
    folder === null || files === null
      ? [openConfig(options, context).config]
      : files.map((file) => loadConfig({ file: join(folder, file), env: {} }).config)
  const stores = configs
    .map((config) => storeOf(config, folder))
    .filter((path) => existsSync(path))
    .map((path) => openStore({ path, readOnly: true }))
  const places: DocumentCopies[] = stores.map((store) => ({ name: basename(store.path), get: store.get }))
  if (folder !== null) places.push(fileDocuments(folder))
  const catalogue = openCatalogue(log.deployment, folder === null ? [] : [folder])
  const engines = configs.slice(0, 1).flatMap((config) => readEngineConfigurations(config, folder, catalogue))
  if (folder === null) places.push(configurationCopies(engines))
  const links = decodeHistory(log.logs)
  const history = foldHistory(links)
  const [first] = configs
  const evidence: Evidence = {
    log,
    links,
    documents: evidenceDocuments(places),
    catalogue,
    engineBuild: readEngineBuild(projectRoot),
    fetchRaw: first === undefined ? null : rawInputs(first, options.data, engines, history),
  }
  const close = (): void => {
    for (const store of stores) store.close()
  }
  return { evidence, history, origin, folder, close }
}

/** In a run folder a store lies beside the configuration, wherever the folder has been moved. */
function storeOf({ store }: DaemonConfig, folder: string | null): string {
  return folder === null ? store.path : join(folder, basename(store.path))
}

function readEngineConfigurations({ engine }: DaemonConfig, folder: string | null, catalogue: Catalogue): EngineConfiguration[] {
  const files = folder === null ? engine.configurations : engine.configurations.map((file) => join(folder, basename(file)))
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
