import { type AbiEvent, decodeEventLog, type PublicClient, toEventSelector } from 'viem'
import type { Address, Deployment, Hash } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'
import { riskParametersAbi, timelockAbi } from '../generated/index.ts'
import { roleName, storeRoles, timelockRoles } from '../ids/index.ts'
import { fetchLogs, readBlock } from '../read/index.ts'

/** One statement about roles and whether it holds at the block of the reading. */
export type RoleCheck = {
  readonly contract: 'riskParameters' | 'timelock'
  readonly role: string
  readonly account: Address
  /** What must be true: the account holds the role, or does not. */
  readonly expected: boolean
  readonly actual: boolean
  readonly holds: boolean
  readonly sentence: string
}

type Expectation = { readonly role: Hash; readonly accounts: readonly Address[] }
const roleEvents = riskParametersAbi.filter(
  (item) => item.type === 'event' && (item.name === 'RoleGranted' || item.name === 'RoleRevoked'),
) as AbiEvent[]

/**
 * Who holds which role on the store and, when it is ours, on the timelock. Every account that was ever granted one is asked about, so a role
 * that somebody kept cannot hide; the deployer is asked about each role by name.
 *
 * @param ownTimelock - Whether the timelock was deployed with the protocol.
 * @param block - The latest when absent.
 */
export async function readRoleChecks(
  client: PublicClient,
  deployment: Deployment,
  deployer: Address,
  ownTimelock: boolean,
  block?: bigint,
): Promise<RoleCheck[]> {
  const { contracts } = deployment
  const { number } = await readBlock(client, block)
  const modules = [contracts.controllerMandate, contracts.looseningVeto, contracts.riskStewards, contracts.guardianTerm]
  const store = await checkContract(client, deployment, 'riskParameters', deployer, number, [
    { role: storeRoles.admin, accounts: [contracts.timelock] },
    { role: storeRoles.mandate, accounts: [contracts.controllerMandate] },
    { role: storeRoles.veto, accounts: [contracts.looseningVeto] },
    { role: storeRoles.stewards, accounts: [contracts.riskStewards] },
    { role: storeRoles.recorder, accounts: modules },
  ])
  if (!ownTimelock || contracts.governor === null) return store
  const timelock = await checkContract(client, deployment, 'timelock', deployer, number, [
    { role: timelockRoles.admin, accounts: [contracts.timelock] },
    { role: timelockRoles.proposer, accounts: [contracts.governor] },
    { role: timelockRoles.canceller, accounts: [contracts.governor] },
  ])
  return [...store, ...timelock]
}

async function checkContract(
  client: PublicClient,
  deployment: Deployment,
  contract: RoleCheck['contract'],
  deployer: Address,
  block: bigint,
  expectations: readonly Expectation[],
): Promise<RoleCheck[]> {
  const address = deployment.contracts[contract]
  const logs = await fetchLogs(client, {
    addresses: [address],
    topics: roleEvents.map(toEventSelector),
    fromBlock: BigInt(deployment.block),
    toBlock: block,
  })
  const seen = logs.map((log) => {
    const { args } = decodeEventLog({ abi: roleEvents, data: log.data, topics: log.topics as [Hash, ...Hash[]] })
    return args as unknown as { role: Hash; account: Address }
  })
  const asked = new Map<string, { role: Hash; account: Address; expected: boolean }>()
  const ask = (role: Hash, account: Address, expected: boolean): void => {
    const key = `${role}${account.toLowerCase()}`
    if (!asked.has(key)) asked.set(key, { role, account, expected })
  }
  for (const { role, accounts } of expectations) for (const account of accounts) ask(role, account, true)
  for (const { role } of expectations) ask(role, deployer, false)
  // A steward is a person the DAO appoints, and execution may be open: neither is a power of the deployer's making.
  const free: readonly Hash[] = [storeRoles.steward, timelockRoles.executor]
  for (const { role, account } of seen) if (!free.includes(role) || account === deployer) ask(role, account, false)

  const abi = contract === 'timelock' ? timelockAbi : riskParametersAbi
  return Promise.all(
    [...asked.values()].map(async ({ role, account, expected }) => {
      const actual = await withChainErrors(() =>
        client.readContract({
          address,
          abi: abi as typeof riskParametersAbi,
          functionName: 'hasRole',
          args: [role, account],
          blockNumber: block,
        }),
      )
      const name = roleName(role)
      const sentence = `${account} ${actual ? 'holds' : 'does not hold'} ${name} on ${contract}${actual === expected ? '' : `, but must${expected ? '' : ' not'}`}`
      return { contract, role: name, account, expected, actual, holds: actual === expected, sentence }
    }),
  )
}
