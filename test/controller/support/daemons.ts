import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drivenClock } from '../../../controller/clock/drivenClock.ts'
import { loadConfig } from '../../../controller/config/loadConfig.ts'
import type { DaemonConfig } from '../../../controller/config/schema.ts'
import { type Daemon, startDaemon } from '../../../controller/daemon.ts'
import { contentHash } from '../../../risk/hash/index.ts'
import type { EngineConfiguration, Hash } from '../../../risk/types/index.ts'
import { catalogue, configuration, engineKeys, firstTick, portfolios, source, type TestMarket } from './market.ts'

export const build: Hash = contentHash('a build')

export type DaemonChanges = {
  readonly rpcUrls?: readonly string[]
  readonly send?: boolean
  readonly source?: DaemonConfig['source']
  readonly configuration?: EngineConfiguration
  readonly build?: Hash
  readonly engine?: Partial<DaemonConfig['engine']>
  readonly chain?: Partial<DaemonConfig['chain']>
  readonly rpc?: Partial<DaemonConfig['rpc']>
  /** Where the three engines are said to be; only the own port must be right. */
  readonly urls?: readonly string[]
  readonly store?: string
  readonly privateKey?: string
  /** How many of the three engines the configuration names. */
  readonly engines?: number
}

/** An engine inside the test's process, in event time, with a log that only shows faults. */
export async function startTestDaemon(
  folder: string,
  market: TestMarket,
  engine: number,
  changes: DaemonChanges = {},
): Promise<Daemon & { readonly stop: () => Promise<void> }> {
  const write = (name: string, value: unknown): string => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(value))
    return file
  }
  const urls = changes.urls ?? ['http://127.0.0.1:1', 'http://127.0.0.1:1', 'http://127.0.0.1:1']
  const file = write(`test-engine-${engine}.json`, {
    schema: 'ballast.daemon',
    version: 1,
    send: changes.send ?? true,
    chain: {
      id: market.deployment.chainId,
      deployment: write('deployment.json', market.deployment),
      pollSeconds: 0.05,
      maxHeadAgeSeconds: 86_400,
      ...changes.chain,
    },
    rpc: { urls: changes.rpcUrls ?? [market.url], ...changes.rpc },
    engine: {
      catalogue: write('catalogue.json', catalogue),
      configurations: [write(`configuration-${engine}.json`, changes.configuration ?? configuration)],
      proposerTimeoutSeconds: 0.2,
      submitterTimeoutSeconds: 0.2,
      cosignTimeoutSeconds: 5,
      ...changes.engine,
    },
    engines: engineKeys.slice(0, changes.engines).map(({ address }, i) => ({ address, url: urls[i] })),
    signer: { kind: 'environment' },
    source: changes.source ?? source,
    portfolios,
    store: { path: changes.store ?? join(folder, `test-engine-${engine}.sqlite`) },
    http: { port: Number(new URL(urls[engine] ?? '').port) === 1 ? 0 : Number(new URL(urls[engine] ?? '').port) },
    log: { level: 'error' },
  })
  const env = { BALLAST_PRIVATE_KEY: changes.privateKey ?? engineKeys[engine]?.key }
  const stopping = new AbortController()
  const { config } = loadConfig({ file, env })
  const daemon = await startDaemon({ config, env, clock: drivenClock(firstTick), build: changes.build ?? build, signal: stopping.signal })
  return {
    ...daemon,
    stop: async () => {
      stopping.abort()
      await daemon.close()
    },
  }
}
