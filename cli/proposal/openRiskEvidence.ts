import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { loadConfig } from '../../controller/config/loadConfig.ts'
import type { DaemonConfig } from '../../controller/config/schema.ts'
import { NoRecordingError } from '../../controller/errors/SourceErrors.ts'
import { openSources } from '../../controller/sources/openSources.ts'
import { openStore } from '../../controller/store/openStore.ts'
import type { RiskEvidence } from '../../proposals/risk/index.ts'
import { parseEngineConfiguration } from '../../risk/catalogue/index.ts'
import { memoryDocuments, openTick } from '../../risk/replay/index.ts'
import type { Catalogue, Deployment, DocumentStore, EngineConfiguration, Hash, RiskReport } from '../../risk/types/index.ts'
import { type ConfigOption, openConfig } from '../context/openConfig.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { readJson } from '../context/readJson.ts'
import type { CommandContext } from '../kit/defineCommand.ts'
import type { RunOption } from '../kit/options.ts'
import { fileDocuments } from '../run/documentsFolder.ts'
import { latestRun } from '../run/latestRun.ts'
import { type RunManifest, runFiles } from '../run/RunManifest.ts'

/** Where evidence may come from. */
export type EvidenceOptions = RunOption & ConfigOption & { readonly deployment?: string }

/** What engines stored about the markets of a deployment, or why nothing was found. */
export type OpenedRisk = { readonly evidence: readonly RiskEvidence[]; readonly missing: string; readonly close: () => void }

/**
 * The last tick of every market that an engine steered: from the store of `--config`, else from a run folder, which is `--run`, the folder of `--deployment`, or the last run if it belongs to the
 * same deployment.
 */
export function openRiskEvidence(
  options: EvidenceOptions,
  deployment: Deployment,
  catalogue: Catalogue,
  context: CommandContext,
): OpenedRisk {
  if (options.config !== undefined) {
    const { config } = openConfig(options, context)
    return assemble([config.store.path], config.engine.configurations, config, `the engine of ${options.config}`, catalogue, null)
  }
  const folder = runFolder(options, deployment, context)
  if (folder === null)
    return {
      evidence: [],
      missing: 'No engine of this deployment was found: name a run folder with --run, or the configuration of an engine with --config.',
      close: () => undefined,
    }
  const { engines } = readJson<RunManifest>(join(folder, runFiles.manifest), 'ballast.run', 1)
  const configs = engines.map((file) => loadConfig({ file: join(folder, file), env: {} }).config)
  const [config] = configs
  if (config === undefined) return { evidence: [], missing: `${folder} names no engine.`, close: () => undefined }
  // What the files name lies in the run folder, wherever that has been moved.
  const configurations = config.engine.configurations.map((file) => join(folder, basename(file)))
  const stores = configs.map(({ store }) => join(folder, basename(store.path)))
  return assemble(stores, configurations, config, `run ${basename(folder)}`, catalogue, folder)
}

function runFolder({ run, deployment: file }: EvidenceOptions, deployment: Deployment, { terminal }: CommandContext): string | null {
  if (run !== undefined) return resolve(terminal.folder, run)
  const beside = file === undefined ? undefined : dirname(resolve(terminal.folder, file))
  if (beside !== undefined && existsSync(join(beside, runFiles.manifest))) return beside
  const last = latestRun(projectRoot)
  const lastDeployment = last === undefined ? '' : join(last, runFiles.deployment)
  if (last === undefined || !existsSync(lastDeployment)) return null
  const { contracts } = JSON.parse(readFileSync(lastDeployment, 'utf8')) as Deployment
  return contracts.riskParameters === deployment.contracts.riskParameters ? last : null
}

function assemble(
  storePaths: readonly string[],
  configurationFiles: readonly string[],
  config: DaemonConfig,
  origin: string,
  catalogue: Catalogue,
  folder: string | null,
): OpenedRisk {
  const stores = storePaths.filter((path) => existsSync(path)).map((path) => openStore({ path, readOnly: true }))
  const memory = memoryDocuments()
  const files = folder === null ? null : fileDocuments(folder)
  const get = (hash: Hash): string | undefined =>
    memory.get(hash) ?? stores.map((store) => store.get(hash)).find((text) => text !== undefined) ?? files?.get(hash)
  const documents: DocumentStore = { put: memory.put, get, has: (hash) => get(hash) !== undefined }
  const configurations = configurationFiles
    .filter((file) => existsSync(file))
    .map((file) => parseEngineConfiguration(JSON.parse(readFileSync(file, 'utf8')), catalogue))
    .filter(({ scope }) => scope.startsWith('market:'))
  const evidence = configurations.flatMap((configuration): RiskEvidence[] => {
    const round = stores
      .map((store) => store.lastRound(configuration.scope))
      .find((record) => record !== undefined && record.adjustment !== null)
    if (round === undefined) return []
    const { snapshot, state, book } = openTick(round.snapshot, documents)
    const text = round.report === null ? undefined : get(round.report)
    const report = text === undefined ? null : (JSON.parse(text) as RiskReport)
    return [{ origin, snapshot, state, book, configuration, documents, report, sources: sourcesOf(config, configuration) }]
  })
  const close = (): void => {
    for (const store of stores) store.close()
  }
  return { evidence, missing: `The stores of ${origin} hold no round of it.`, close }
}

function sourcesOf(config: DaemonConfig, { market, maxBarAge }: EngineConfiguration): RiskEvidence['sources'] {
  // Accounts of a deployed clearing are the chain's: a source has none for another time.
  if (config.portfolios === undefined) return null
  if (config.source.kind === 'recorded' && !existsSync(config.source.directory)) return null
  try {
    return openSources({ source: config.source, portfolios: config.portfolios }, market, maxBarAge)
  } catch (error) {
    if (error instanceof NoRecordingError) return null
    throw error
  }
}
