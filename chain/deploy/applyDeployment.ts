import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DeploymentResult, DeploymentResultType } from '@nomicfoundation/ignition-core'
import { getAddress, type LocalAccount, type PublicClient } from 'viem'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Address, Catalogue, Deployment, Hash, Json } from '../../risk/types/index.ts'
import { toChainError } from '../errors/index.ts'
import { readBlock } from '../read/index.ts'
import { describeFailure } from './describeFailure.ts'
import { DeploymentFailedError, RolesNotHandedOverError } from './errors.ts'
import { parseDeployment } from './parseDeployment.ts'
import { buildProtocolModule } from './protocolModule.ts'
import { type RoleCheck, readRoleChecks } from './readRoleChecks.ts'
import { runIgnition } from './runIgnition.ts'
import type { DeploymentSettings } from './settings.ts'
import { writeAtomically } from './writeAtomically.ts'

export type ApplyOptions = {
  readonly client: PublicClient
  /** Pays, and gives up every role at the end. */
  readonly deployer: LocalAccount
  readonly settings: DeploymentSettings
  /** Folder of the compiler's artifacts. */
  readonly artifacts: string
  /**
   * Folder of deployments: `<chainId>.json` and the journal from which an interrupted deployment continues. Null for a chain that ends with this
   * process: nothing is written.
   */
  readonly folder: string | null
  /** Blocks to wait for after each transaction; 1 on chains that mine on demand. */
  readonly confirmations?: number
}

export type AppliedDeployment = {
  readonly deployment: Deployment
  /** Proof that nobody but the DAO and the modules holds a role; every check passed. */
  readonly roles: readonly RoleCheck[]
}

/**
 * Deploys the protocol, or continues a deployment that was interrupted, and proves from the role history that the deployer kept nothing.
 *
 * @throws {DeploymentFailedError} A transaction failed or the journal belongs to other settings; what had been done stays journalled.
 * @throws {RolesNotHandedOverError} A role check failed; the deployment must not be used.
 */
export async function applyDeployment(options: ApplyOptions): Promise<AppliedDeployment> {
  const { client, deployer, settings, folder } = options
  const chainId = await client.getChainId()
  const file = folder === null ? null : join(folder, `${chainId}.json`)
  const journal = folder === null ? null : join(folder, `${chainId}.journal`)
  const start = (await readBlock(client)).number
  if (journal !== null) mkdirSync(journal, { recursive: true })
  const startFile = journal === null ? null : join(journal, 'start-block')
  const block = startFile === null ? start : firstBlock(startFile, start)

  const result = await run(options, chainId, journal)
  const deployment: Deployment = {
    schema: 'ballast.deployment',
    version: 1,
    chainId,
    block: block.toString(),
    catalogue: catalogueHash(settings.catalogue),
    contracts: contractsOf(result, settings),
  }
  const roles = await readRoleChecks(client, deployment, deployer.address, settings.governance.kind === 'new')
  const failed = roles.filter(({ holds }) => !holds)
  if (failed.length > 0) throw new RolesNotHandedOverError({ failed })
  if (file !== null) writeAtomically(file, `${JSON.stringify(deployment, null, 2)}\n`)
  return { deployment: parseDeployment(deployment), roles }
}

/** Content hash of the catalogue that a deployment was made with. */
export function catalogueHash(catalogue: Catalogue): Hash {
  return contentHash(canonicalJson(catalogue as unknown as Json))
}

async function run(options: ApplyOptions, chainId: number, journal: string | null): Promise<Readonly<Record<string, Address>>> {
  const { client, deployer, settings, artifacts, confirmations } = options
  let result: DeploymentResult
  try {
    result = await runIgnition({ client, deployer, chainId, module: buildProtocolModule(settings), artifacts, journal, confirmations })
  } catch (error) {
    const cause = toChainError(error)
    throw new DeploymentFailedError({ detail: (cause as Error).message }, { cause: error })
  }
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) throw new DeploymentFailedError({ detail: describeFailure(result) })
  return Object.fromEntries(Object.entries(result.contracts).map(([id, { address }]) => [id.replace(/^Ballast#/, ''), getAddress(address)]))
}

function contractsOf(addresses: Readonly<Record<string, Address>>, { governance }: DeploymentSettings): Deployment['contracts'] {
  const find = (name: string): Address => {
    const address = addresses[name]
    if (address === undefined) throw new DeploymentFailedError({ detail: `${name} has no address` })
    return address
  }
  const owners =
    governance.kind === 'new'
      ? { token: find('BallastToken'), governor: find('BallastGovernor'), timelock: find('TimelockController') }
      : { token: governance.token, governor: governance.governor, timelock: governance.owner }
  return {
    ...owners,
    guardianTerm: find('GuardianTerm'),
    riskParameters: find('RiskParameters'),
    controllerMandate: find('ControllerMandate'),
    looseningVeto: find('LooseningVeto'),
    riskStewards: find('RiskStewards'),
  }
}

/** The block at which the first run began, kept beside the journal: logs are read from there. */
function firstBlock(path: string, now: bigint): bigint {
  if (existsSync(path)) return BigInt(readFileSync(path, 'utf8').trim())
  writeAtomically(path, `${now}\n`)
  return now
}
