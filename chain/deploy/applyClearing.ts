import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DeploymentResult, DeploymentResultType } from '@nomicfoundation/ignition-core'
import { getAddress, type LocalAccount, type PublicClient } from 'viem'
import type { Address, Deployment } from '../../risk/types/index.ts'
import { type ClearingDeployment, clearingContracts } from '../clearing/ClearingDeployment.ts'
import { toChainError, withChainErrors } from '../errors/index.ts'
import { ledgerAbi } from '../generated/index.ts'
import { assertChain, readBlock } from '../read/index.ts'
import { buildClearingModule, type ClearingSettings } from './clearingModule.ts'
import { describeFailure } from './describeFailure.ts'
import { DeploymentFailedError } from './errors.ts'
import { runIgnition } from './runIgnition.ts'
import { writeAtomically } from './writeAtomically.ts'

export type ApplyClearingOptions = {
  readonly client: PublicClient
  /** Pays; holds nothing afterwards. */
  readonly deployer: LocalAccount
  /** The protocol that clearing reads and whose timelock owns it. */
  readonly protocol: Deployment
  readonly settings: ClearingSettings
  /** Folder of the compiler's artifacts. */
  readonly artifacts: string
  /** Folder of deployments: `<chainId>.clearing.json` and its journal. Null for a chain that ends with this process. */
  readonly folder: string | null
  readonly confirmations?: number
}

/** Contract names of Ignition's futures for the names used here. */
const names: Readonly<Record<(typeof clearingContracts)[number], string>> = {
  priceFeed: 'PriceFeed',
  surfaceOracle: 'SurfaceOracle',
  settlementOracle: 'SettlementOracle',
  chains: 'Chains',
  collaterals: 'Collaterals',
  margin: 'Margin',
  ledger: 'Ledger',
  vault: 'Vault',
  trading: 'Trading',
  settlement: 'Settlement',
  liquidation: 'Liquidation',
  insuranceFund: 'InsuranceFund',
  deleveraging: 'Deleveraging',
}

/**
 * Deploys clearing on top of a protocol, or continues a deployment that was interrupted, and proves from the ledger that its modules are the ones deployed.
 *
 * @throws {DeploymentFailedError} A transaction failed, the journal belongs to other settings, or the ledger was wired by somebody else; what had been done stays journalled.
 */
export async function applyClearing(options: ApplyClearingOptions): Promise<ClearingDeployment> {
  const { client, protocol, folder } = options
  await assertChain(client, protocol)
  const { chainId } = protocol
  const journal = folder === null ? null : join(folder, `${chainId}.clearing.journal`)
  const { number } = await readBlock(client)
  const block = journal === null ? number : firstBlock(journal, number)
  const addresses = await run(options, journal)
  const contracts = Object.fromEntries(clearingContracts.map((name) => [name, addressOf(addresses, names[name])]))
  const deployment = {
    schema: 'ballast.clearingDeployment',
    version: 1,
    chainId,
    block: block.toString(),
    contracts: contracts as ClearingDeployment['contracts'],
  } as const
  await assertWired(client, deployment)
  if (folder !== null) writeAtomically(join(folder, `${chainId}.clearing.json`), `${JSON.stringify(deployment, null, 2)}\n`)
  return deployment
}

async function run(options: ApplyClearingOptions, journal: string | null): Promise<ReadonlyMap<string, Address>> {
  const { client, deployer, protocol, settings, artifacts, confirmations } = options
  const module = buildClearingModule(protocol, settings)
  let result: DeploymentResult
  try {
    result = await runIgnition({ client, deployer, chainId: protocol.chainId, module, artifacts, journal, confirmations })
  } catch (error) {
    const cause = toChainError(error)
    throw new DeploymentFailedError({ detail: (cause as Error).message }, { cause: error })
  }
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) throw new DeploymentFailedError({ detail: describeFailure(result) })
  return new Map(Object.values(result.contracts).map(({ id, address }) => [id.replace(/^Clearing#/, ''), getAddress(address)]))
}

/** The deployer alone may wire; should a key have leaked meanwhile, this finds it. */
async function assertWired(client: PublicClient, { contracts }: ClearingDeployment): Promise<void> {
  const modules = await withChainErrors(() => client.readContract({ address: contracts.ledger, abi: ledgerAbi, functionName: 'modules' }))
  for (const [name, address] of Object.entries(modules))
    if (address !== contracts[name as keyof typeof contracts])
      throw new DeploymentFailedError({
        detail: `The ledger's module ${name} is ${address}, not ${contracts[name as keyof typeof contracts]}.`,
      })
}

function addressOf(addresses: ReadonlyMap<string, Address>, name: string): Address {
  const address = addresses.get(name)
  if (address === undefined) throw new DeploymentFailedError({ detail: `${name} has no address` })
  return address
}

function firstBlock(journal: string, now: bigint): bigint {
  mkdirSync(journal, { recursive: true })
  const path = join(journal, 'start-block')
  if (existsSync(path)) return BigInt(readFileSync(path, 'utf8').trim())
  writeAtomically(path, `${now}\n`)
  return now
}
