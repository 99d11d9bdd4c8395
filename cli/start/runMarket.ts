import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DrillResult } from '../../controller/drill/types.ts'
import type { TickSummary } from '../../controller/engine/EngineContext.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import { type RunningEngines, runEngines } from '../../controller/replay/runEngines.ts'
import { openSources } from '../../controller/sources/openSources.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Json, UnixSeconds } from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { writeChainLog } from '../audit/chainLogFile.ts'
import { fetchChainLog } from '../audit/fetchChainLog.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { writeDocument } from '../run/documentsFolder.ts'
import { type RunManifest, runFiles } from '../run/RunManifest.ts'
import { clearMarket } from './clearMarket.ts'
import type { MarketConfiguration } from './loadMarket.ts'
import { createPeople } from './people.ts'
import type { StartOptions } from './StartOptions.ts'
import { group, type RunningChain, setUpChain } from './setUpChain.ts'

/** What the loop tells while it runs. */
export type Progress = {
  readonly say: (text: string) => void
  /** After each tick of all engines; one list of summaries per engine. */
  readonly tick: (observedAt: UnixSeconds, done: number, total: number, summaries: readonly (readonly TickSummary[] | null)[]) => void
}

/** A market that was run, its chain and engines still up. */
export type RanMarket = {
  readonly chain: RunningChain
  readonly engines: RunningEngines
  readonly log: ChainLog
  readonly manifest: RunManifest
  readonly ticks: number
  /** What became of the accounts. */
  readonly cleared: DrillResult
  /** Stops the engines, then the chain. */
  readonly close: () => Promise<void>
}

const hour = 3_600
/** Between the end of a bar and the tick, as event time has it. */
const delay = 60

/**
 * Runs a market from the deployment to the last tick, and writes the run folder.
 *
 * @param signal - Stops after the tick that is running.
 */
export async function runMarket(
  options: StartOptions,
  configuration: MarketConfiguration,
  progress: Progress,
  signal: AbortSignal,
): Promise<RanMarket> {
  const { from, to, folder } = options
  const people = createPeople()
  mkdirSync(folder, { recursive: true })
  const maxBarAge = Math.max(...configuration.engines.map((engine) => engine.maxBarAge))
  const { market: source } = openSources({ source: options.source }, options.market, maxBarAge)
  const { spot } = await source.fetchObservation(from - hour, from)
  const chain = await setUpChain({ configuration, people, from, to, spot, port: options.rpcPort, say: progress.say })
  let engines: RunningEngines | undefined
  const close = async (): Promise<void> => {
    await engines?.stop()
    await chain.local.close()
  }
  try {
    engines = await runEngines({
      folder,
      rpcUrl: chain.url,
      deployment: chain.deployment,
      catalogue: configuration.catalogue,
      configurations: configuration.engines,
      privateKeys: people.engines.map(({ account, key }) => ({ address: account.address, key })),
      sources: options.source,
      clearing: { deployment: chain.clearing.clearing, group },
      start: from - hour,
      steward: { address: people.steward.account.address, signDigest: async (hash) => people.steward.account.sign?.({ hash }) ?? '0x' },
    })
    progress.say(`Three engines run as processes: ${engines.engines.map(({ url }) => url).join(', ')}.`)
    const total = (to - from) / hour + 1
    let ticks = 0
    const { tick } = engines
    const tickAll = async (observedAt: UnixSeconds): Promise<number> => {
      signal.throwIfAborted()
      const { spot: latest } = await source.fetchObservation(observedAt - hour, observedAt)
      await chain.clearing.writePrices(observedAt + delay, new Map([[options.market, latest]]))
      const summaries = await tick(observedAt)
      ticks += 1
      progress.tick(observedAt, ticks, total, summaries)
      return summaries[0]?.filter(({ decision, outcome }) => decision === 'adjust' && outcome === 'accepted').length ?? 0
    }
    const cleared = await clearMarket({ ...options, chain, configuration, source, tick: tickAll, signal })
    await tickAll(to)
    const log = await fetchChainLog(chain.local.client, chain.deployment, { signal, say: () => undefined })
    const manifest = writeRun(options, configuration, log)
    return { chain, engines, log, manifest, ticks, cleared, close }
  } catch (error) {
    await close()
    throw error
  }
}

function writeRun({ market, from, to, folder }: StartOptions, { engines }: MarketConfiguration, log: ChainLog): RunManifest {
  writeChainLog(join(folder, runFiles.chain), log)
  for (const engine of engines) writeDocument(folder, canonicalJson(engine as unknown as Json))
  const manifest: RunManifest = {
    schema: 'ballast.run',
    version: 1,
    market,
    scopes: engines.map(({ scope }) => scope),
    chainId: log.chainId,
    from,
    to,
    engines: ['engine-1.json', 'engine-2.json', 'engine-3.json'],
    engineBuild: readEngineBuild(projectRoot),
  }
  writeFileSync(join(folder, runFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
