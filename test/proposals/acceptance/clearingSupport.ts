import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Abi, encodeDeployData, encodeFunctionData, getAddress, keccak256, parseEther, zeroHash } from 'viem'
import type { ClearingDeployment } from '../../../chain/clearing/index.ts'
import { applyClearing, applyDeployment, defaultClearingSettings } from '../../../chain/deploy/index.ts'
import { chainsAbi, collateralsAbi, priceFeedAbi, recordedPriceAbi, surfaceOracleAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import type { BuildContext } from '../../../proposals/actions/index.ts'
import { deployPostConditions } from '../../../proposals/conditions/index.ts'
import { buildActivateScope, buildAppointGuardian, buildSetEngines } from '../../../proposals/draft/index.ts'
import { readProtocolState } from '../../../proposals/state/index.ts'
import { type MarketDefaults, parseCatalogue, parseMarket } from '../../../risk/catalogue/index.ts'
import type { Address, Deployment, Hex, ScopeId } from '../../../risk/types/index.ts'
import { artifacts, people, settings, startChain } from '../../chain/support.ts'
import { postConditions } from '../pipelineSupport.ts'
import { DAY, delegateAll } from '../support.ts'

const root = join(import.meta.dirname, '../../..')
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))
export const catalogue = parseCatalogue(readJson('config/catalogues/ballast.json'))

export const GRIDS = [
  { first: -637_500, spacing: 25_000, nearSpacing: 12_500, nodes: 48 },
  { first: -700_000, spacing: 40_000, nearSpacing: 25_000, nodes: 32 },
  { first: -700_000, spacing: 80_000, nearSpacing: 25_000, nodes: 16 },
] as const
export const LIMITS = {
  volStep: 2_000,
  volPerHour: 2_000,
  forwardStep: 100,
  forwardPerHour: 100,
  firstVol: 10_000,
  firstForward: 1_000,
  spot: 200,
  referenceVol: parseEther('0.8'),
}

/** A DAO with clearing: ETH and one group are open, SOL is nowhere yet. */
export type GovernedClearing = {
  readonly local: LocalChain
  readonly deployment: Deployment
  readonly clearing: ClearingDeployment
  readonly cash: Address
  readonly sources: { readonly eth: readonly Address[]; readonly sol: readonly Address[] }
  /** Writes prices to all sources, now. */
  readonly writePrices: () => Promise<void>
  /** A call of the DAO without its vote. */
  readonly asDao: (target: Address, data: Hex) => Promise<void>
  readonly newToken: () => Promise<Address>
}

export async function governedClearing(): Promise<GovernedClearing> {
  const local = await startChain(0)
  const common = { client: local.client, deployer: people.deployer, artifacts, folder: null, confirmations: 1 } as const
  const { deployment } = await applyDeployment({ ...common, settings: { ...settings, catalogue } })
  const clearing = await applyClearing({ ...common, protocol: deployment, settings: defaultClearingSettings })
  const { contracts } = clearing
  await delegateAll(local, deployment)
  await deployPostConditions(local.client, local.wallet(people.alice), postConditions)
  const { timelock } = deployment.contracts
  await local.fund(timelock, 10n ** 20n)
  await local.request('hardhat_impersonateAccount', [timelock])
  const asDao = async (target: Address, data: Hex): Promise<void> => {
    const hash = (await local.request('eth_sendTransaction', [{ from: timelock, to: target, data }])) as Hex
    const { status } = await local.client.getTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`A call of the DAO to ${target} reverted.`)
  }
  const scopes = [...contentsOf('ETH').scopes, ...contentsOf('MAIN').scopes]
  const actions = [
    buildAppointGuardian(deployment, people.guardian.address, (await local.time()) + 90 * DAY),
    buildSetEngines(deployment, [people.engineA.address, people.engineB.address], 2),
    ...scopes.map((scope) => buildActivateScope(deployment, catalogue, scope)),
  ]
  for (const { target, data } of actions) await asDao(target, data)

  const deploy = async (name: string, folder: string, args: readonly unknown[]): Promise<Address> => {
    const { abi, bytecode } = readJson(`artifacts/contracts/${folder}/${name}.sol/${name}.json`) as { abi: Abi; bytecode: Hex }
    const hash = await local.wallet(people.alice).sendTransaction({ data: encodeDeployData({ abi, bytecode, args }) })
    return getAddress((await local.client.waitForTransactionReceipt({ hash })).contractAddress as Address)
  }
  const newToken = (): Promise<Address> => deploy('BallastToken', 'governance', [[{ account: people.alice.address, amount: 10n ** 24n }]])
  const pair = async (): Promise<Address[]> => {
    const two = [
      await deploy('RecordedPrice', 'local', [people.alice.address]),
      await deploy('RecordedPrice', 'local', [people.alice.address]),
    ]
    return two.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  }
  const sources = { eth: await pair(), sol: await pair() }
  const writePrices = async (): Promise<void> => {
    for (const [name, price] of [['eth', 3_000] as const, ['sol', 150] as const])
      for (const source of sources[name])
        await sendCall(local.client, local.wallet(people.alice), {
          to: source,
          data: encodeFunctionData({ abi: recordedPriceAbi, functionName: 'write', args: [BigInt(price) * 10n ** 8n] }),
        })
  }
  await writePrices()
  const cash = await newToken()
  const eth = encodeScopeId('market:ETH')
  const group = encodeScopeId('group:MAIN')
  const listed = sources.eth.map((aggregator) => ({ aggregator, decimals: 8, heartbeat: 60 }))
  const feed = [eth, listed, { quorum: 2, maxDeviationBps: 100 }, parseEther('3000')] as const
  await asDao(contracts.priceFeed, encodeFunctionData({ abi: priceFeedAbi, functionName: 'list', args: feed }))
  await asDao(contracts.surfaceOracle, encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setLimits', args: [eth, LIMITS] }))
  const signers = [people.bob.address, people.carol.address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  await asDao(contracts.surfaceOracle, encodeFunctionData({ abi: surfaceOracleAbi, functionName: 'setSigners', args: [signers, 2] }))
  await asDao(contracts.chains, encodeFunctionData({ abi: chainsAbi, functionName: 'listMarket', args: [eth, GRIDS] }))
  await asDao(contracts.collaterals, encodeFunctionData({ abi: collateralsAbi, functionName: 'openGroup', args: [group, cash] }))
  await asDao(contracts.collaterals, encodeFunctionData({ abi: collateralsAbi, functionName: 'admitMarket', args: [group, 1] }))
  return { local, deployment, clearing, cash, sources, writePrices, asDao, newToken }
}

/** Shipped contents of a market or group; `SIDE` is the shipped group under another name. */
export function contentsOf(name: string): MarketDefaults {
  if (name === 'ETH' || name === 'SOL') return parseMarket(readJson(`config/markets/${name.toLowerCase()}.json`), catalogue)
  const main = parseMarket(readJson('config/groups/main.json'), catalogue)
  const groups = main.scopes.filter(({ scope }) => scope.startsWith('group:'))
  return { ...main, scopes: groups.map((each) => ({ ...each, scope: `group:${name}` as ScopeId })) }
}

export async function clearingContext({ local, deployment, clearing }: GovernedClearing): Promise<BuildContext> {
  return {
    deployment,
    clearing,
    catalogue,
    state: await readProtocolState(local.client, deployment, catalogue, { clearing }),
    readContents: contentsOf,
    readDeployment: () => deployment,
    codeHashOf: async (address) => {
      const code = await local.client.getCode({ address })
      return code === undefined ? zeroHash : keccak256(code)
    },
    postConditions: postConditions.address,
  }
}
