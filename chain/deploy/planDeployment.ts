import type { PublicClient } from 'viem'
import type { Address, Hash } from '../../risk/types/index.ts'
import { findRevertData, withChainErrors } from '../errors/index.ts'
import { catalogueHash } from './applyDeployment.ts'
import { readArtifact } from './artifacts.ts'
import { describeSettings, formatBps, type SettingLine } from './settingLines.ts'
import type { DeploymentSettings } from './settings.ts'

/** What `applyDeployment` would do, for people to read first. */
export type DeploymentPlan = {
  readonly chainId: number
  readonly catalogue: Hash
  /** In the order of deployment; size of the code in bytes. */
  readonly contracts: readonly { readonly name: string; readonly bytes: number }[]
  readonly settings: readonly SettingLine[]
  /** Who will hold the admin role: the timelock to be deployed, or this address. */
  readonly owner: Address | 'the new timelock'
  /** Against what the holders' veto is measured. */
  readonly vetoDenominator: string
  /** Things that are allowed but deserve a second look. */
  readonly warnings: readonly string[]
}

const own = ['BallastToken', 'TimelockController', 'BallastGovernor']
const always = ['RiskParameters', 'GuardianTerm', 'ControllerMandate', 'LooseningVeto', 'RiskStewards']

/** Reads the chain, sends nothing. */
export async function planDeployment(client: PublicClient, settings: DeploymentSettings, artifacts: string): Promise<DeploymentPlan> {
  const { governance, protocol, catalogue } = settings
  const names = governance.kind === 'new' ? [...own, ...always] : always
  const token = governance.kind === 'existing' ? governance.token : null
  const delegated = token !== null && (await answers(client, token, 'delegatedSupply'))
  const share = formatBps(protocol.vetoThresholdBps)
  const vetoDenominator =
    governance.kind === 'new' || delegated
      ? `${share} of the delegated supply: only votes that can be cast count`
      : token === null
        ? 'no token: the guardian alone vetoes'
        : `${share} of the total supply of ${token}, which counts votes that nobody can cast: the token has no delegatedSupply()`
  return {
    chainId: await withChainErrors(() => client.getChainId()),
    catalogue: catalogueHash(catalogue),
    contracts: names.map((name) => ({ name, bytes: readArtifact(artifacts, name).deployedBytecode.length / 2 - 1 })),
    settings: describeSettings(settings),
    owner: governance.kind === 'new' ? 'the new timelock' : governance.owner,
    vetoDenominator,
    warnings: [...(await ownerWarnings(client, settings)), ...delayWarnings(settings)],
  }
}

async function ownerWarnings(client: PublicClient, { governance }: DeploymentSettings): Promise<string[]> {
  if (governance.kind === 'new') return []
  const code = await withChainErrors(() => client.getCode({ address: governance.owner }))
  const warnings = code === undefined ? [`${governance.owner} has no code: one key would own the parameters`] : []
  if (governance.token !== null && (await readClock(client, governance.token)) !== 'mode=timestamp')
    warnings.push(`${governance.token} does not count time in seconds: LooseningVeto refuses it`)
  return warnings
}

function delayWarnings({ governance }: DeploymentSettings): string[] {
  if (governance.kind === 'existing') return []
  const supply = governance.allocations.reduce((sum, { amount }) => sum + amount, 0n)
  return [
    ...(governance.votingDelay > 2 * 86_400 ? [] : ['the voting delay is not above 2 days: holders may not notice in time']),
    ...(governance.votingPeriod > 3 * 86_400 ? [] : ['the voting period is not above 3 days']),
    ...(governance.timelockDelay > 86_400 ? [] : ['the timelock is not above 1 day: users may not leave in time']),
    ...(governance.proposalThreshold * 100n >= supply ? [] : ['the proposal threshold is below 1 % of supply']),
  ]
}

const probeAbi = [
  { type: 'function', name: 'delegatedSupply', stateMutability: 'view', inputs: [], outputs: [{ type: 'uint256' }] },
  { type: 'function', name: 'CLOCK_MODE', stateMutability: 'view', inputs: [], outputs: [{ type: 'string' }] },
] as const

/** Whether a contract answers this question at all; an unreachable node is still an error. */
async function answers(client: PublicClient, address: Address, functionName: 'delegatedSupply' | 'CLOCK_MODE'): Promise<boolean> {
  return (await ask(client, address, functionName)) !== null
}

async function readClock(client: PublicClient, address: Address): Promise<string | null> {
  const answer = await ask(client, address, 'CLOCK_MODE')
  return answer === null ? null : String(answer)
}

async function ask(
  client: PublicClient,
  address: Address,
  functionName: 'delegatedSupply' | 'CLOCK_MODE',
): Promise<bigint | string | null> {
  try {
    return await withChainErrors(() => client.readContract({ address, abi: probeAbi, functionName }))
  } catch (error) {
    const refused = findRevertData((error as Error).cause) !== undefined || (error as Error).name === 'ContractFunctionExecutionError'
    if (refused) return null
    throw error
  }
}
