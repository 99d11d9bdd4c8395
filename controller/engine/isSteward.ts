import { withChainErrors } from '../../chain/errors/index.ts'
import { riskParametersAbi } from '../../chain/generated/index.ts'
import { storeRoles } from '../../chain/ids/index.ts'
import type { Address } from '../../risk/types/index.ts'
import type { EngineContext } from './EngineContext.ts'

/** Whether the DAO made `account` a steward, as the store has it at the latest block. */
export function isSteward({ client, deployment }: Pick<EngineContext, 'client' | 'deployment'>, account: Address): Promise<boolean> {
  const address = deployment.contracts.riskParameters
  return withChainErrors(
    () => client.readContract({ address, abi: riskParametersAbi, functionName: 'hasRole', args: [storeRoles.steward, account] }),
    address,
  )
}
