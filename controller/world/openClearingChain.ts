import {
  type Abi,
  concatHex,
  encodeDeployData,
  encodeFunctionData,
  keccak256,
  type LocalAccount,
  parseEther,
  stringToHex,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import {
  applyClearing,
  applyDeployment,
  DeploymentFailedError,
  defaultClearingSettings,
  defaultProtocolSettings,
  readArtifact,
} from '../../chain/deploy/index.ts'
import {
  ballastTokenAbi,
  chainsAbi,
  collateralsAbi,
  priceFeedAbi,
  recordedPriceAbi,
  surfaceOracleAbi,
  vaultAbi,
} from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import { buildActivateScope, buildOpenLane, buildSetEngines } from '../../proposals/draft/index.ts'
import type { MarketDefaults } from '../../risk/catalogue/index.ts'
import { toWadUsd } from '../../risk/liquidation/index.ts'
import { type ContractGrid, gridFor, type ListedChain, ladderWords, marketGrids, postListedChain } from '../../risk/margin/ladder/index.ts'
import type { Address, Catalogue, Deployment, Hex, LaneSettings, ScopeId, UnixSeconds, Usd, Vol } from '../../risk/types/index.ts'

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

/** A whole clearing protocol on a chain of this process, with its feeds in the owner's hand. */
export type ClearingChain = {
  readonly protocol: Deployment
  readonly clearing: ClearingDeployment
  /** Cash of the group, 18 decimals; the owner holds the supply. */
  readonly cashToken: Address
  /** Chains of each market as listed, in the order of their expiries. */
  readonly listed: ReadonlyMap<string, readonly ListedChain[]>
  readonly send: (from: LocalAccount, to: Address, data: Hex) => Promise<void>
  /** Writes prices to the sources and records them, three times within the minute before `time`, so that there is a median. */
  readonly writePrices: (time: UnixSeconds, spots: ReadonlyMap<string, Usd>) => Promise<void>
  /** Posts a flat surface of a market at the latest price, and its ladders with proof. */
  readonly postMarket: (name: string, spot: Usd, vol: Vol) => Promise<void>
  /** Gives an account's owner ether and cash, and deposits it. */
  readonly deposit: (owner: LocalAccount, account: bigint, usd: Usd) => Promise<void>
}

const YEAR = 365 * 86_400
const VALIDITY = 12 * 3_600
const WAD = 10n ** 18n
/** Cash tokens of the chain, all the owner's. */
const SUPPLY = 10n ** 12n * WAD
const GAS_MONEY = 10n ** 20n
/** Seconds before the time of a price at which it is written, so that the median of the last minute exists. */
const OBSERVATIONS = [40, 20, 0] as const

/** Surfaces of a recorded crash move as they moved: the limits that guard signers' keys are wide open here. */
const OPEN_LIMITS = {
  volStep: 65_535,
  volPerHour: 65_535,
  forwardStep: 5_000,
  forwardPerHour: 5_000,
  firstVol: 65_535,
  firstForward: 5_000,
  spot: 1_000,
  referenceVol: parseEther('0.8'),
}

/**
 * Deploys protocol and clearing on a local chain, lists markets, chains, feeds and the group, and posts and proves what trading needs.
 *
 * @throws {ContractRevertError} A contract refuses a step; {DeploymentFailedError} one was not deployed.
 */
export async function openClearingChain(options: ClearingChainOptions): Promise<ClearingChain> {
  const { local, owner, artifacts, markets, group } = options
  const send = async (from: LocalAccount, to: Address, data: Hex): Promise<void> => {
    await sendCall(local.client, local.wallet(from), { to, data })
  }
  const protocol = await openProtocol(options, send)
  const deployer = { client: local.client, deployer: owner, artifacts, folder: null, confirmations: 1 } as const
  const clearing = await applyClearing({ ...deployer, protocol, settings: defaultClearingSettings })
  const { contracts } = clearing
  const cashToken = await deploy(options, 'BallastToken', [[{ account: owner.address, amount: SUPPLY }]])
  await send(
    owner,
    contracts.collaterals,
    encodeFunctionData({ abi: collateralsAbi, functionName: 'openGroup', args: [encodeScopeId(group), cashToken] }),
  )
  const signers = [person('surface signer one'), person('surface signer two')].sort((a, b) =>
    BigInt(a.address) < BigInt(b.address) ? -1 : 1,
  )
  const setSigners = {
    abi: surfaceOracleAbi,
    functionName: 'setSigners',
    args: [signers.map(({ address }) => address), signers.length],
  } as const
  await send(owner, contracts.surfaceOracle, encodeFunctionData(setSigners))
  const sources = new Map<string, readonly Address[]>()
  for (const market of markets) sources.set(market.name, await listFeed(options, clearing, market, send))
  const versions = new Map<string, number>()
  const listed = new Map<string, readonly ListedChain[]>()

  const writePrices = async (time: UnixSeconds, spots: ReadonlyMap<string, Usd>): Promise<void> => {
    for (const before of OBSERVATIONS) {
      const at = time - before
      if (at <= (await local.time())) continue
      await local.mine(at)
      for (const [name, spot] of spots) {
        for (const source of sources.get(name) ?? []) await send(owner, source, writeAnswer(spot))
        await send(owner, contracts.priceFeed, encodeFunctionData({ abi: priceFeedAbi, functionName: 'poke', args: [scopeOf(name)] }))
      }
    }
  }
  const postMarket = async (name: string, spot: Usd, vol: Vol): Promise<void> => {
    const version = (versions.get(name) ?? 0) + 1
    versions.set(name, version)
    const asOf = await local.time()
    const open = (listed.get(name) ?? []).filter(({ expiry }) => expiry > asOf + 3_600)
    const slices = open.map(({ expiry }) => flatSlice(expiry, asOf, vol))
    const surface = { market: scopeOf(name), epoch: 1, version, asOf, validUntil: asOf + VALIDITY, spot: wad(spot), slices }
    const digestCall = { address: contracts.surfaceOracle, abi: surfaceOracleAbi, functionName: 'digestOf', args: [surface] } as const
    const hash = await local.client.readContract(digestCall)
    const signatures = await Promise.all(
      signers.map(async (signer) => ({ signer: signer.address, data: (await signer.sign?.({ hash })) ?? '0x' })),
    )
    await send(
      owner,
      contracts.surfaceOracle,
      encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'post', args: [surface, signatures] }),
    )
    for (const chain of open) await postLadder(options, clearing, chain, send)
  }

  const opening = new Map(markets.map(({ name, spot }) => [name, spot]))
  await writePrices((await local.time()) + 60, opening)
  for (const market of markets) listed.set(market.name, await listMarket(options, clearing, market, send))
  for (const { name, spot, vol } of markets) await postMarket(name, spot, vol)
  return {
    protocol,
    clearing,
    cashToken,
    listed,
    send,
    writePrices,
    postMarket,
    deposit: async (holder, account, usd) => {
      await local.fund(holder.address, GAS_MONEY)
      await send(owner, cashToken, encodeFunctionData({ abi: ballastTokenAbi, functionName: 'transfer', args: [holder.address, wad(usd)] }))
      await send(
        holder,
        cashToken,
        encodeFunctionData({ abi: ballastTokenAbi, functionName: 'approve', args: [contracts.vault, wad(usd)] }),
      )
      const args = [account, encodeScopeId(group), cashToken, wad(usd)] as const
      await send(holder, contracts.vault, encodeFunctionData({ abi: vaultAbi, functionName: 'deposit', args }))
    },
  }
}

type Send = ClearingChain['send']

/** The protocol with the owner as its DAO: scopes active at their defaults, engines set, lanes live. */
async function openProtocol(options: ClearingChainOptions, send: Send): Promise<Deployment> {
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
  for (const { target, data } of actions) await send(owner, target, data)
  return deployment
}

/** Two sources a market, both the owner's: a quorum of two. */
async function listFeed(
  options: ClearingChainOptions,
  { contracts }: ClearingDeployment,
  { name, spot }: LocalMarket,
  send: Send,
): Promise<Address[]> {
  const { owner } = options
  const sources = [await deploy(options, 'RecordedPrice', [owner.address]), await deploy(options, 'RecordedPrice', [owner.address])]
  sources.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  for (const source of sources) await send(owner, source, writeAnswer(spot))
  const feeds = sources.map((aggregator) => ({ aggregator, decimals: 8, heartbeat: 60 }))
  const args = [scopeOf(name), feeds, { quorum: 2, maxDeviationBps: 100 }, wad(spot)] as const
  await send(owner, contracts.priceFeed, encodeFunctionData({ abi: priceFeedAbi, functionName: 'list', args }))
  const limits = encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setLimits', args: [scopeOf(name), OPEN_LIMITS] })
  await send(owner, contracts.surfaceOracle, limits)
  return sources
}

async function listMarket(
  options: ClearingChainOptions,
  { contracts }: ClearingDeployment,
  market: LocalMarket,
  send: Send,
): Promise<ListedChain[]> {
  const { local, owner, group } = options
  const { chains } = contracts
  await send(owner, chains, encodeFunctionData({ abi: chainsAbi, functionName: 'listMarket', args: [scopeOf(market.name), marketGrids] }))
  const number = await local.client.readContract({
    address: chains,
    abi: chainsAbi,
    functionName: 'numberOf',
    args: [scopeOf(market.name)],
  })
  const admit = { abi: collateralsAbi, functionName: 'admitMarket', args: [encodeScopeId(group), number] } as const
  await send(owner, contracts.collaterals, encodeFunctionData(admit))
  const listed: ListedChain[] = []
  for (const { expiry, tick, multiples } of market.chains) {
    await send(owner, chains, encodeFunctionData({ abi: chainsAbi, functionName: 'listChain', args: [number, expiry, 0, tick, multiples] }))
    const chain = await local.client.readContract({ address: chains, abi: chainsAbi, functionName: 'chainCount' })
    listed.push({ chain, expiry, kind: 'vanilla', tick, multiples })
  }
  return listed
}

/** Values a chain from the surface on chain and posts it with proof. */
async function postLadder(
  { local, owner }: ClearingChainOptions,
  { contracts }: ClearingDeployment,
  chain: ListedChain,
  send: Send,
): Promise<void> {
  const { client } = local
  const chains = { address: contracts.chains, abi: chainsAbi } as const
  const { market } = await client.readContract({ ...chains, functionName: 'record', args: [chain.chain] })
  const scope = await client.readContract({ ...chains, functionName: 'marketOf', args: [market] })
  const slice = await client.readContract({
    address: contracts.surfaceOracle,
    abi: surfaceOracleAbi,
    functionName: 'sliceOf',
    args: [scope, chain.expiry],
  })
  const grids = await client.readContract({ ...chains, functionName: 'gridsOf', args: [market] })
  const left = chain.expiry - slice.asOf
  const { shape, lowest, ratio } = gridFor(grids, left)
  const grid: ContractGrid = { ...shape, nodes: shape.nodes as ContractGrid['nodes'], lowest, ratio }
  const [volScanUp, volScanDown] = await client.readContract({ ...chains, functionName: 'anchorsOf', args: [market] })
  const anchors = { volScanUp, volScanDown }
  const words = ladderWords(postListedChain(chain, slice, grid, anchors), chain, slice, grid, anchors)
  const data = concatHex(words.map((word) => toHex(word, { size: 32 })))
  const args = [chain.chain, data, BigInt(chain.multiples.length)] as const
  await send(owner, contracts.chains, encodeFunctionData({ abi: chainsAbi, functionName: 'postAndProve', args }))
}

async function deploy({ local, owner, artifacts }: ClearingChainOptions, name: string, args: readonly unknown[]): Promise<Address> {
  const { abi, bytecode } = readArtifact(artifacts, name)
  const data = encodeDeployData({ abi: abi as Abi, bytecode: bytecode as Hex, args })
  const hash = await local.wallet(owner).sendTransaction({ data })
  const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
  if (contractAddress == null) throw new DeploymentFailedError({ detail: `${name} has no address` })
  return contractAddress
}

/** The same vol at every strike: raw SVI with b = 0. */
function flatSlice(expiry: UnixSeconds, asOf: UnixSeconds, vol: Vol) {
  return { expiry, a: wad((vol * vol * (expiry - asOf)) / YEAR), b: 0n, rho: 0n, m: 0n, sigma: WAD, forwardRatio: WAD }
}

function writeAnswer(spot: Usd): Hex {
  return encodeFunctionData({ abi: recordedPriceAbi, functionName: 'write', args: [BigInt(Math.round(spot * 1e8))] })
}

const scopeOf = (name: string): Hex => encodeScopeId(`market:${name}`)
const wad = (x: number): bigint => toWadUsd('amount', x, 'down')
/** A key of this process from a name: worth nothing outside the local chain. */
const person = (name: string): LocalAccount => privateKeyToAccount(keccak256(stringToHex(name)))
