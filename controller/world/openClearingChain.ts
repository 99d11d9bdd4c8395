import type { LocalAccount } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { applyClearing, applyDeployment, defaultClearingSettings, defaultProtocolSettings } from '../../chain/deploy/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import { buildActivateScope, buildOpenLane, buildSetEngines } from '../../proposals/draft/index.ts'
import type { MarketDefaults } from '../../risk/catalogue/index.ts'
import type { ListedChain } from '../../risk/margin/ladder/index.ts'
import type { Address, Catalogue, Deployment, Hex, LaneSettings, ScopeId, UnixSeconds, Usd, Vol } from '../../risk/types/index.ts'
import { createLocalSend, type LocalSend } from './createLocalSend.ts'
import { deployLocalMarkets, writeAnswers } from './deployLocalMarkets.ts'
import { driveClearing, surfaceSigners } from './driveClearing.ts'
import { listingActions } from './listingActions.ts'

export type ClearingChainOptions = {
  readonly local: LocalChain
  /** Deploys the protocol; holds nothing afterwards. */
  readonly deployer: LocalAccount
  /** The DAO: on a chain of one's own no vote is needed. Also posts surfaces and prices. */
  readonly owner: LocalAccount
  readonly artifacts: string
  readonly catalogue: Catalogue
  readonly defaults: readonly MarketDefaults[]
  /** Scopes with a lane for engines. */
  readonly lanes: readonly ScopeId[]
  readonly engines: readonly Address[]
  readonly laneSettings: LaneSettings
  readonly markets: readonly LocalMarket[]
  readonly group: ScopeId
}

/** A market as it opens, and the chains it has. */
export type LocalMarket = {
  readonly name: string
  readonly spot: Usd
  readonly vol: Vol
  readonly chains: readonly { readonly expiry: UnixSeconds; readonly tick: bigint; readonly multiples: readonly number[] }[]
}

/** A whole clearing protocol on a chain of this process, with its feeds in one hand. */
export type ClearingChain = {
  readonly protocol: Deployment
  readonly clearing: ClearingDeployment
  /** Cash of the group, 18 decimals; the owner holds the supply. */
  readonly cashToken: Address
  /** Chains of each market as listed, in the order of their listing. */
  readonly listed: ReadonlyMap<string, readonly ListedChain[]>
  readonly transact: LocalSend
  readonly send: (from: LocalAccount, to: Address, data: Hex) => Promise<void>
  /** Writes prices to the sources and records them, three times within the minute before `time`, so that there is a median. */
  readonly writePrices: (time: UnixSeconds, spots: ReadonlyMap<string, Usd>) => Promise<void>
  /** Lists the chains of a market whose price is fresh. */
  readonly listChains: (market: LocalMarket) => Promise<void>
  /** Posts a flat surface of a market at the latest price, and its ladders with proof. */
  readonly postMarket: (name: string, spot: Usd, vol: Vol) => Promise<void>
  /** Gives an account's owner ether and cash, and deposits it. */
  readonly deposit: (owner: LocalAccount, account: bigint, usd: Usd) => Promise<void>
  /** Gives the group's insurance fund cash. */
  readonly raiseFund: (usd: Usd) => Promise<void>
}

/** Seconds after the deployment at which the first prices are. */
const FIRST_PRICE = 60

/**
 * Deploys protocol and clearing on a local chain, lists markets, chains, feeds and the group, and posts and proves what trading needs.
 *
 * @throws {ContractRevertError} A contract refuses a step; {DeploymentFailedError} one was not deployed.
 */
export async function openClearingChain(options: ClearingChainOptions): Promise<ClearingChain> {
  const { local, owner, artifacts, markets, group } = options
  const send = createLocalSend(local)
  const protocol = await openProtocol(options)
  const clearing = await applyClearing({
    client: local.client,
    deployer: owner,
    artifacts,
    folder: null,
    confirmations: 1,
    protocol,
    settings: defaultClearingSettings,
  })
  const assets = await deployLocalMarkets({ local, desk: owner, artifacts, markets: markets.map(({ name }) => name) })
  for (const { name, spot } of markets) await writeAnswers(send, owner, assets.sources.get(name) ?? [], spot)
  const signers = surfaceSigners.map(({ address }) => address)
  const listing = { protocol, clearing, group, markets, assets, surfaceSigners: signers, lister: owner.address }
  for (const { target, data } of listingActions(listing)) await send(owner, { to: target, data })
  const chain = driveClearing({ local, send, desk: owner, protocol, clearing, group, assets })
  await chain.writePrices((await local.time()) + FIRST_PRICE, new Map(markets.map(({ name, spot }) => [name, spot])))
  for (const market of markets) await chain.listChains(market)
  for (const { name, spot, vol } of markets) await chain.postMarket(name, spot, vol)
  return chain
}

/** The protocol with the owner as its DAO: scopes active at their defaults, engines set, lanes live. */
async function openProtocol(options: ClearingChainOptions): Promise<Deployment> {
  const { local, owner, artifacts, catalogue, defaults, lanes, engines, laneSettings } = options
  const governance = { kind: 'existing', owner: owner.address, governor: null, token: null } as const
  const settings = { catalogue, protocol: defaultProtocolSettings, governance }
  const { deployment } = await applyDeployment({
    client: local.client,
    deployer: options.deployer,
    settings,
    artifacts,
    folder: null,
    confirmations: 1,
  })
  const actions = [
    ...defaults.flatMap(({ scopes }) => scopes).map((scope) => buildActivateScope(deployment, catalogue, scope)),
    buildSetEngines(deployment, engines, 2),
    ...lanes.map((scope) => buildOpenLane(deployment, scope, 'live', laneSettings)),
  ]
  const send = createLocalSend(local)
  for (const { target, data } of actions) await send(owner, { to: target, data })
  return deployment
}
