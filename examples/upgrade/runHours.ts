import type { TickSummary } from '../../controller/engine/EngineContext.ts'
import { runEngines } from '../../controller/replay/runEngines.ts'
import type { Deployment } from '../../risk/types/index.ts'
import { engines, firstTick, steward } from './people.ts'
import type { Configuration } from './startChain.ts'

const hour = 3_600
const day = 24 * hour

export type Run = {
  readonly rpcUrl: string
  readonly deployment: Deployment
  readonly configuration: Configuration
  /** Folder for what the engines write; one that an engine has used before goes on with its store. */
  readonly folder: string
  /** First tick; a whole hour. */
  readonly from: number
  readonly hours: number
  /** Moves the chain to a time. */
  readonly moveTo: (time: number) => Promise<void>
  readonly onTick: (observedAt: number, summaries: readonly TickSummary[]) => void
}

/** Runs three engines, two of which must sign, for some hours of the same falling market: the daemons of `ballast controller run`, with the hours passing at once. */
export async function runHours({ rpcUrl, deployment, configuration, folder, from, hours, moveTo, onTick }: Run): Promise<void> {
  const running = await runEngines({
    folder,
    rpcUrl,
    deployment,
    catalogue: configuration.catalogue,
    configurations: configuration.engines,
    privateKeys: engines.map(({ account, key }) => ({ address: account.address, key })),
    sources: {
      kind: 'simulated',
      seed: 'upgrade',
      origin: iso(firstTick - 200 * day),
      price: 200,
      vol: 0.7,
      depthUsd: 5_000_000,
      hourlyVolume: 60_000,
      openInterest: 400_000,
      crashes: [{ at: iso(firstTick - 12 * hour), hours: 14, fall: 0.45 }],
    },
    portfolios: { seed: 'upgrade', accounts: 50 },
    start: from - hour,
    steward: { address: steward.account.address, signDigest: async (hash) => steward.account.sign({ hash }) },
  })
  try {
    for (let observedAt = from; observedAt < from + hours * hour; observedAt += hour) {
      await moveTo(observedAt + 60)
      onTick(observedAt, (await running.tick(observedAt))[0] ?? [])
    }
  } finally {
    await running.stop()
  }
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
