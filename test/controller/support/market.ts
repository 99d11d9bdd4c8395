import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyDeployment, defaultProtocolSettings } from '../../../chain/deploy/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import type { DaemonConfig } from '../../../controller/config/schema.ts'
import { draftRatification } from '../../../proposals/templates/index.ts'
import { parseCatalogue, parseEngineConfiguration, parseMarket } from '../../../risk/catalogue/index.ts'
import { numericFingerprint } from '../../../risk/math/fingerprint.ts'
import type { Bps, Catalogue, Deployment, EngineConfiguration, Hex, LaneSettings } from '../../../risk/types/index.ts'
import { artifacts, people } from '../../chain/support.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const root = join(import.meta.dirname, '../../..')
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))

export const catalogue: Catalogue = parseCatalogue(readJson('config/catalogues/ballast.json'))
/** The shipped configuration, for the numbers that this machine computes: another test holds the shipped fingerprint. */
export const configuration: EngineConfiguration = {
  ...parseEngineConfiguration(readJson('config/engines/eth.json'), catalogue),
  fingerprint: numericFingerprint(),
}
const marketDefaults = parseMarket(readJson('config/markets/eth.json'), catalogue)
const groupDefaults = parseMarket(readJson('config/groups/main.json'), catalogue)

/** End of the first tick's window: a Wednesday, so that no tick of a short test is the first of a week. */
export const firstTick = Date.UTC(2024, 0, 3) / 1_000
/** Ten days of simulated bars before the first tick are seed enough for tests of the loop. */
export const origin = firstTick - 10 * DAY
const iso = (time: number): string => new Date(time * 1_000).toISOString()

/** A simulated market with a crash five hours after the first tick. */
export const source: Extract<DaemonConfig['source'], { kind: 'simulated' }> = {
  kind: 'simulated',
  seed: 'test',
  origin: iso(origin),
  price: 2_000,
  vol: 0.6,
  depthUsd: 2_000_000,
  hourlyVolume: 20_000,
  openInterest: 50_000,
  crashes: [{ at: iso(firstTick + 5 * HOUR), hours: 8, fall: 0.4 }],
}
export const portfolios: DaemonConfig['portfolios'] = { seed: 'test', accounts: 20 }

export const laneSettings: LaneSettings = {
  heartbeatTimeout: 6 * HOUR,
  deadManTimeout: 24 * HOUR,
  flipWindow: 6 * HOUR,
  shadowRounds: 24,
  canaryRounds: 6,
  breakerRejections: 5,
  impactAccountsLimit: 1_000,
  impactNotionalLimit: (10n ** 27n).toString(),
  impactMultipleBps: 20_000 as Bps,
  expiresAt: firstTick + 180 * DAY,
}

const key = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
/** Keys of {people}, by name. */
const keyOf = (name: keyof typeof people): Hex => key(0xba11 + Object.keys(people).indexOf(name))
/** Three engines in the order in which they take turns. */
export const engineKeys = (['engineA', 'engineB', 'engineC'] as const).map((name) => ({ address: people[name].address, key: keyOf(name) }))
export const stewardKey = { address: people.steward.address, key: keyOf('steward') }

export type TestMarket = { readonly local: LocalChain; readonly url: string; readonly deployment: Deployment }

/**
 * A chain with JSON-RPC, the protocol on it, the ETH market active and its lane open; the owner is one account instead of a vote.
 *
 * @param mode - Of the lane.
 * @param engines - How many of the three; two signatures are needed, or one of one.
 */
export async function startMarket(
  settings: Partial<LaneSettings> = {},
  mode: 'live' | 'canary' = 'live',
  engines = 3,
): Promise<TestMarket> {
  const privateKeys = Object.keys(people).map((name) => keyOf(name as keyof typeof people))
  const local = await startLocalChain({ initialTime: firstTick - DAY, privateKeys, port: 0 })
  const { client } = local
  const owner = people.alice
  const { deployment } = await applyDeployment({
    client,
    deployer: people.deployer,
    settings: {
      catalogue,
      protocol: defaultProtocolSettings,
      governance: { kind: 'existing', owner: owner.address, governor: null, token: null },
    },
    artifacts,
    folder: null,
    confirmations: 1,
  })
  const drafts = draftRatification(deployment, catalogue, {
    title: 'Test market',
    reasons: 'Test.',
    guardian: { account: people.guardian.address, until: firstTick + 90 * DAY },
    stewards: [people.steward.address],
    engines: { set: engineKeys.slice(0, engines).map(({ address }) => address), threshold: Math.min(2, engines) },
    scopes: [...groupDefaults.scopes, ...marketDefaults.scopes],
    lanes: [{ scope: configuration.scope, mode, settings: { ...laneSettings, ...settings } }],
  })
  for (const { target, data } of drafts.flatMap(({ actions }) => actions)) await sendCall(client, local.wallet(owner), { to: target, data })
  return { local, url: local.url as string, deployment }
}

/** Moves the chain to a minute after the window of a tick. */
export async function moveTo(local: LocalChain, observedAt: number): Promise<void> {
  await local.mine(observedAt + 60)
}

/** The n-th tick after the first. */
export const tickAt = (n: number): number => firstTick + n * HOUR
