import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drivenClock } from '../../../controller/clock/drivenClock.ts'
import { loadConfig } from '../../../controller/config/loadConfig.ts'
import type { DaemonConfig } from '../../../controller/config/schema.ts'
import { type Daemon, startDaemon } from '../../../controller/daemon.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { contentHash } from '../../../risk/hash/index.ts'
import type { Hash } from '../../../risk/types/index.ts'
import { keyFor, person, START } from './clearingChain.ts'
import { catalogue, configuration } from './market.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const iso = (time: number): string => new Date(time * 1_000).toISOString()

/** The first whole hour after the chain was opened. */
export const firstTick = START + HOUR
export const build: Hash = contentHash('a build')
/** Names of the engines' keys, in the order in which they take turns: that of their addresses. */
export const engineNames = ['one', 'two', 'three'].sort((a, b) => (BigInt(person(a).address) < BigInt(person(b).address) ? -1 : 1))

export type ClearingDaemonOptions = {
  readonly urls?: readonly string[]
  readonly surface?: DaemonConfig['surface']
  readonly surfaceKey?: string
  readonly log?: DaemonConfig['log']
  /** Bars before the chain was opened; half a year where policies need it. */
  readonly days?: number
  readonly build?: Hash
}

/** The configuration file of one of three engines on a clearing chain. */
export function writeClearingConfig(
  folder: string,
  chain: ClearingChain,
  url: string,
  engine: number,
  options: ClearingDaemonOptions = {},
): string {
  const write = (name: string, value: unknown): string => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(value))
    return file
  }
  const urls = options.urls ?? ['http://127.0.0.1:1', 'http://127.0.0.1:1', 'http://127.0.0.1:1']
  return write(`clearing-engine-${engine}.json`, {
    schema: 'ballast.daemon',
    version: 1,
    send: true,
    chain: {
      id: chain.protocol.chainId,
      deployment: write('deployment.json', chain.protocol),
      pollSeconds: 0.05,
      maxHeadAgeSeconds: 86_400,
    },
    rpc: { urls: [url] },
    engine: {
      catalogue: write('catalogue.json', catalogue),
      configurations: [write(`configuration-${engine}.json`, configuration)],
      proposerTimeoutSeconds: 1,
      // Nobody gives a tick up while a busy machine still computes it.
      submitterTimeoutSeconds: 60,
      cosignTimeoutSeconds: 600,
    },
    engines: engineNames.map((name, i) => ({ address: person(name).address, url: urls[i] })),
    signer: { kind: 'environment' },
    source: {
      kind: 'simulated',
      seed: 'clearing',
      origin: iso(START - (options.days ?? 200) * DAY),
      price: 200,
      vol: 0.6,
      depthUsd: 2_000_000,
      hourlyVolume: 20_000,
      openInterest: 50_000,
      crashes: [{ at: iso(firstTick + HOUR), hours: 8, fall: 0.5 }],
    },
    clearing: { deployment: write('clearing.json', chain.clearing), group: 'group:MAIN', store: join(folder, `accounts-${engine}.sqlite`) },
    ...(options.surface === undefined ? {} : { surface: options.surface }),
    store: { path: join(folder, `clearing-engine-${engine}.sqlite`) },
    http: { port: Number(new URL(urls[engine] ?? '').port) === 1 ? 0 : Number(new URL(urls[engine] ?? '').port) },
    log: options.log ?? { level: 'error' },
  })
}

/** Secrets of one engine. */
export function clearingEnv(engine: number, surfaceKey?: string): Record<string, string> {
  return {
    BALLAST_PRIVATE_KEY: keyFor(engineNames[engine] as string),
    ...(surfaceKey === undefined ? {} : { BALLAST_SURFACE_PRIVATE_KEY: surfaceKey }),
  }
}

/** An engine inside the test's process, in event time. */
export async function startClearingDaemon(
  folder: string,
  chain: ClearingChain,
  url: string,
  engine: number,
  options: ClearingDaemonOptions = {},
): Promise<Daemon & { readonly stop: () => Promise<void> }> {
  const file = writeClearingConfig(folder, chain, url, engine, options)
  const env = clearingEnv(engine, options.surfaceKey)
  const stopping = new AbortController()
  const { config } = loadConfig({ file, env })
  const daemon = await startDaemon({ config, env, clock: drivenClock(firstTick), build: options.build ?? build, signal: stopping.signal })
  return {
    ...daemon,
    stop: async () => {
      stopping.abort()
      await daemon.close()
    },
  }
}
