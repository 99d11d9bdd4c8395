import type { TickSummary } from '../../controller/engine/EngineContext.ts'
import { runEngines } from '../../controller/replay/runEngines.ts'
import type { Catalogue, Deployment, EngineConfiguration } from '../../risk/types/index.ts'
import { engines, firstTick, steward } from './people.ts'

const hour = 3_600
const day = 24 * hour

export type Replay = {
  readonly rpcUrl: string
  readonly deployment: Deployment
  readonly catalogue: Catalogue
  readonly configurations: readonly EngineConfiguration[]
  /** Folder for what the engines write. */
  readonly folder: string
  readonly hours: number
  /** Moves the chain to a time. */
  readonly moveTo: (time: number) => Promise<void>
  readonly onTick: (observedAt: number, summaries: readonly TickSummary[]) => void
}

/** Runs three engines, two of which must sign, through a crash: the daemons of `ballast controller run`, with the hours passing at once. */
export async function replayCrash({ rpcUrl, folder, hours, moveTo, onTick, ...configured }: Replay): Promise<void> {
  const running = await runEngines({
    ...configured,
    folder,
    rpcUrl,
    privateKeys: engines.map(({ account, key }) => ({ address: account.address, key })),
    sources: {
      kind: 'simulated',
      seed: 'harbor',
      origin: iso(firstTick - 200 * day),
      price: 200,
      vol: 0.7,
      depthUsd: 5_000_000,
      hourlyVolume: 12_000,
      openInterest: 400_000,
      crashes: [{ at: iso(firstTick - 12 * hour), hours: 14, fall: 0.45 }],
    },
    portfolios: { seed: 'harbor', accounts: 50 },
    start: firstTick - hour,
    steward: { address: steward.account.address, signDigest: async (hash) => steward.account.sign({ hash }) },
  })
  try {
    for (let i = 0; i < hours; i++) {
      const observedAt = firstTick + i * hour
      await moveTo(observedAt + 60)
      onTick(observedAt, (await running.tick(observedAt))[0] ?? [])
    }
  } finally {
    await running.stop()
  }
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
