import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TickSummary } from '../../controller/engine/EngineContext.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import { type RunningEngines, runEngines } from '../../controller/replay/runEngines.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Json, UnixSeconds } from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { writeChainLog } from '../audit/chainLogFile.ts'
import { fetchChainLog } from '../audit/fetchChainLog.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { writeDocument } from '../run/documentsFolder.ts'
import { type RunManifest, runFiles } from '../run/RunManifest.ts'
import type { MarketConfiguration } from './loadMarket.ts'
import { createPeople } from './people.ts'
import type { StartOptions } from './StartOptions.ts'
import { type RunningChain, setUpChain } from './setUpChain.ts'

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
  const chain = await setUpChain({ configuration, people, from, to, port: options.rpcPort, say: progress.say })
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
      portfolios: { seed: options.seed, accounts: options.accounts },
      start: from - hour,
      steward: { address: people.steward.account.address, signDigest: async (hash) => people.steward.account.sign?.({ hash }) ?? '0x' },
    })
    progress.say(`Three engines run as processes: ${engines.engines.map(({ url }) => url).join(', ')}.`)
    const ticks = await replay(options, chain, engines, progress, signal)
    const log = await fetchChainLog(chain.local.client, chain.deployment, { signal, say: () => undefined })
    const manifest = writeRun(options, configuration, log)
    return { chain, engines, log, manifest, ticks, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function replay(
  { from, to }: StartOptions,
  { local }: RunningChain,
  engines: RunningEngines,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  const total = (to - from) / hour + 1
  let done = 0
  for (let observedAt = from; observedAt <= to; observedAt += hour) {
    signal.throwIfAborted()
    await local.mine(observedAt + delay)
    const summaries = await engines.tick(observedAt)
    done += 1
    progress.tick(observedAt, done, total, summaries)
  }
  return done
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
