import { join } from 'node:path'
import type { DaemonConfig } from '../../controller/config/schema.ts'
import type { DrillMarket, DrillSetup } from '../../controller/drill/DrillSetup.ts'
import { decideInProcess } from '../../controller/drill/decideInProcess.ts'
import { openContractDrill } from '../../controller/drill/openContractDrill.ts'
import { openPureDrill } from '../../controller/drill/openPureDrill.ts'
import { readEngineBuild } from '../../controller/engine/readEngineBuild.ts'
import { openSources } from '../../controller/sources/openSources.ts'
import type { EngineConfiguration } from '../../risk/types/index.ts'
import { projectRoot } from '../context/projectRoot.ts'
import { isoTime } from '../kit/time.ts'
import { loadMarket, type MarketConfiguration } from '../start/loadMarket.ts'
import { laneSettings } from '../start/setUpChain.ts'
import type { DrillOptions } from './parseDrillOptions.ts'

const hour = 3_600
const day = 24 * hour
/** History before the window: what the policies ask for at least is 180 days, of a simulation as of a recording three years. */
const simulatedDays = 200
const recordedDays = 1_096
const crashAfterHours = 26
const makers = 6
const biddersOfAKind = 3
const group = 'group:MAIN'
/** One expiry inside the run and two after it; on the contracts one after it, since each hour its ladders are proved again. */
const twinWeeks = [0, 1, 4]
const contractWeeks = [1]
/** Every hour through all four prices of its bar. */
const pace = { stepsPerHour: 6, quiet: null, emptyLandings: true } as const

/** Prices at which simulated markets begin; any other market begins at 100. */
const simulatedPrices: Readonly<Record<string, number>> = { BTC: 8_000, ETH: 200, SOL: 20 }

/**
 * One run of a drill, ready to go.
 *
 * @throws {CliError} A market is unknown. {NoRecordingError} no recording covers the window.
 */
export async function openDrill(options: DrillOptions, seed: string, controller: boolean): Promise<OpenedDrill> {
  const { from, to, accounts, bidderCapital, fundShare, gas } = options
  const loaded = options.markets.map((name) => loadMarket(join(projectRoot, 'config'), name))
  const [first] = loaded as [MarketConfiguration, ...MarketConfiguration[]]
  const markets = loaded.map((each) => openMarket(each, options, seed))
  const shared = { seed, from, accounts, markets, group } as const
  const { catalogue } = first
  const defaults = [...loaded.map(({ market }) => market), ...first.groups]
  const place = { ...shared, catalogue, defaults, lanes: laneSettings(to), fundShare }
  const { world, close, weeks, ...opened } =
    options.venue === 'twin'
      ? { ...openPureDrill(place), weeks: twinWeeks, close: async () => undefined }
      : { ...(await openContractDrill({ ...place, artifacts: join(projectRoot, 'artifacts') })), weeks: contractWeeks }
  const decide = { markets, world, catalogue, engine: readEngineBuild(projectRoot), from, to }
  const openEngines: DrillSetup['openEngines'] = controller ? (venue) => decideInProcess(decide, venue) : () => async () => 0
  const crowd = { makers, bidders: biddersOfAKind, bidderCapital, gas }
  return { setup: { ...shared, ...crowd, ...opened, to, controller, pace, weeks, openEngines }, close }
}

/** A run and what ends its world. */
export type OpenedDrill = { readonly setup: DrillSetup; readonly close: () => Promise<void> }

function openMarket({ market: { market: name }, engines }: MarketConfiguration, options: DrillOptions, seed: string): DrillMarket {
  const configuration = engines.find(({ scope }) => scope === `market:${name}`) as EngineConfiguration
  const source = options.data === null ? simulated(name, options, seed) : recorded(options.data, options)
  const portfolios = { seed, accounts: 1 }
  return { name, configuration, source: openSources({ source, portfolios }, name, configuration.maxBarAge).market }
}

function recorded(directory: string, { from, to }: DrillOptions): DaemonConfig['source'] {
  return { kind: 'recorded', directory, from: isoTime(from), to: isoTime(to), file: null, seedDays: recordedDays }
}

/** Both markets fall in the same hours, as they do. */
function simulated(name: string, { from }: DrillOptions, seed: string): DaemonConfig['source'] {
  const price = simulatedPrices[name] ?? 100
  return {
    kind: 'simulated',
    seed: `${seed}:${name}`,
    origin: isoTime(from - simulatedDays * day),
    price,
    vol: 0.7,
    depthUsd: 5_000_000,
    hourlyVolume: 12_000_000 / price,
    openInterest: 80_000_000 / price,
    crashes: [{ at: isoTime(from + crashAfterHours * hour), hours: 14, fall: 0.45 }],
  }
}
