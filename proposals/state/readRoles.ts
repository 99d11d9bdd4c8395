import { decodeEventLog, toEventSelector } from 'viem'
import { timelockAbi } from '../../chain/generated/index.ts'
import { roleName } from '../../chain/ids/index.ts'
import { fetchLogs } from '../../chain/read/index.ts'
import type { Address, Hash } from '../../risk/types/index.ts'
import { eventOf } from './eventOf.ts'
import type { PinnedReader } from './PinnedReader.ts'
import type { HeldRole } from './ProtocolState.ts'

const roleEvents = ['RoleGranted', 'RoleRevoked'].map((name) => eventOf(timelockAbi, name))

/** Roles granted and not revoked since, from the events of store and timelock. */
export async function readRoles({ client, deployment, block }: PinnedReader): Promise<HeldRole[]> {
  const { contracts } = deployment
  const held = new Map<string, HeldRole>()
  const logs = await fetchLogs(client, {
    addresses: [contracts.riskParameters, contracts.timelock],
    topics: roleEvents.map(toEventSelector),
    fromBlock: BigInt(deployment.block),
    toBlock: block,
  })
  for (const log of logs) {
    const { eventName, args } = decodeEventLog({ abi: roleEvents, data: log.data, topics: log.topics as [Hash, ...Hash[]] })
    const { role, account } = args as unknown as { readonly role: Hash; readonly account: Address }
    const contract = log.address.toLowerCase() === contracts.timelock.toLowerCase() ? 'timelock' : 'riskParameters'
    const key = `${contract} ${role} ${account}`
    if (eventName === 'RoleGranted') held.set(key, { contract, role: roleName(role), account })
    else held.delete(key)
  }
  return [...held.values()]
}
