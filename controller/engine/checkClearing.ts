import { type PublicClient, zeroAddress } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { collateralsAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import type { ScopeId } from '../../risk/types/index.ts'
import { DeploymentMismatchError } from '../errors/EngineErrors.ts'

/**
 * Compares the chain with a clearing's deployment record: contracts at their addresses, and the margin group open.
 *
 * @throws {DeploymentMismatchError} With every difference.
 */
export async function checkClearing(client: PublicClient, { contracts }: ClearingDeployment, group: ScopeId): Promise<void> {
  const problems: string[] = []
  for (const [name, address] of Object.entries(contracts)) {
    const code = await withChainErrors(() => client.getCode({ address }))
    if (code === undefined) problems.push(`${name} has no code at ${address}`)
  }
  if (problems.length > 0) throw new DeploymentMismatchError({ problems })
  const args = [encodeScopeId(group)] as const
  const cash = await withChainErrors(() =>
    client.readContract({ address: contracts.collaterals, abi: collateralsAbi, functionName: 'cashOf', args }),
  )
  if (cash.token === zeroAddress) throw new DeploymentMismatchError({ problems: [`${group} is not an open margin group`] })
}
