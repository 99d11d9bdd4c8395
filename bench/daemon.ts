import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sendCall } from '../chain/write/index.ts'
import { runEngines } from '../controller/replay/runEngines.ts'
import { simulateMarket } from '../controller/sources/simulateMarket.ts'
import { buildSetLaneSettings } from '../proposals/draft/index.ts'
import { quantile } from '../risk/math/index.ts'
import { people } from '../test/chain/support.ts'
import {
  catalogue,
  configuration,
  engineKeys,
  firstTick,
  laneSettings,
  moveTo,
  startMarket,
  type TestMarket,
  tickAt,
} from '../test/controller/support/market.ts'
import type { BenchRow } from './BenchRow.ts'

const HOUR = 3_600
const SEED_HOURS = 3 * 365 * 24
const ACCOUNTS = 500
const SAMPLES = 10
const TICKS_PER_MANDATE = 4_000

/**
 * One engine process on three years of hourly bars and 500 accounts, tick after tick against a local chain in this process: time per tick, and its live heap in ten
 * stretches, read from its own /metrics; the chain is not part of it.
 *
 * @param ticks - 10,000 take about half an hour; the bench of every day runs fewer.
 */
export async function benchDaemon(ticks = 200): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'))
  const market = await startMarket({}, 'live', 1)
  const data = writeRecording(folder, ticks)
  const running = await runEngines({
    folder,
    rpcUrl: market.url,
    deployment: market.deployment,
    catalogue,
    configurations: [configuration],
    privateKeys: engineKeys.slice(0, 1),
    sources: { kind: 'recorded', directory: data, from: iso(firstTick), to: iso(tickAt(ticks)), file: null, seedDays: 1_096 },
    portfolios: { seed: 'bench', accounts: ACCOUNTS },
    start: firstTick,
    logLevel: 'error',
  })
  try {
    const seconds: number[] = []
    const heaps: number[] = []
    let resident = 0
    for (let n = 0; n < ticks; n++) {
      if (n % TICKS_PER_MANDATE === TICKS_PER_MANDATE - 1) await renewMandate(market, tickAt(n) + 180 * 24 * HOUR)
      await moveTo(market.local, tickAt(n))
      const started = performance.now()
      const [summary] = await running.tick(tickAt(n))
      seconds.push((performance.now() - started) / 1_000)
      if (summary?.[0]?.outcome !== 'accepted') throw new Error(`tick ${n} was ${summary?.[0]?.outcome}: ${summary?.[0]?.detail}`)
      const text = await (await fetch(`${running.engines[0]?.url}/metrics`)).text()
      const sample = Math.floor((n * SAMPLES) / ticks)
      // The least of a tenth is what was left after a collection: the live heap.
      heaps[sample] = Math.min(heaps[sample] ?? Number.POSITIVE_INFINITY, megabytes(text, 'nodejs_heap_size_used_bytes'))
      resident = megabytes(text, 'process_resident_memory_bytes')
    }
    const steady = seconds.slice(1)
    return [
      { name: `daemon: first tick, genesis from ${SEED_HOURS} bars`, value: seconds[0] ?? 0, unit: 's' },
      { name: `daemon: tick, ${ACCOUNTS} accounts, median`, value: quantile(steady, 0.5), unit: 's' },
      { name: `daemon: tick, ${ACCOUNTS} accounts, 95 %`, value: quantile(steady, 0.95), unit: 's' },
      ...heaps.map((value, i) => ({
        name: `daemon: least heap in tenth ${i + 1} of ${ticks} ticks`,
        value,
        unit: 'MB',
      })),
      { name: 'daemon: resident memory, last sample', value: resident, unit: 'MB' },
    ]
  } finally {
    await running.stop()
    await market.local.close()
    rmSync(folder, { recursive: true })
  }
}

/** A mandate ends after half a year unless its owner renews it. */
async function renewMandate({ local, deployment }: TestMarket, expiresAt: number): Promise<void> {
  const { target, data } = buildSetLaneSettings(deployment, configuration.scope, { ...laneSettings, expiresAt })
  await sendCall(local.client, local.wallet(people.alice), { to: target, data })
}

/** Three years before the first tick and all ticks, as a recording. */
function writeRecording(folder: string, ticks: number): string {
  const origin = firstTick - (SEED_HOURS + 24) * HOUR
  const hours = simulateMarket({
    seed: 'bench',
    origin,
    price: 2_000,
    vol: 0.6,
    depthUsd: 2e6,
    hourlyVolume: 2e4,
    openInterest: 5e4,
    crashes: [],
  })
  const lines = ['timestamp,open,high,low,close,volume']
  for (let n = 0; n < SEED_HOURS + 24 + ticks + 1; n++) {
    const { start, open, high, low, close, volume } = hours.next().value.bar
    lines.push([iso(start).replace('.000', ''), open, high, low, close, volume].join(','))
  }
  mkdirSync(join(folder, 'data', 'ohlcv'), { recursive: true })
  writeFileSync(join(folder, 'data', 'ohlcv', 'ETHUSDT_bench_spot_1h_simulated.csv'), `${lines.join('\n')}\n`)
  return join(folder, 'data')
}

function megabytes(metrics: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN) / 1_048_576
}

const iso = (time: number): string => new Date(time * 1_000).toISOString()
