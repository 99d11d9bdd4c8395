import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { encodeScopeId, fromCode } from '../../chain/ids/index.ts'
import { type LaneMode, laneModes, type ScopeId } from '../../risk/types/index.ts'
import type { ActNode } from '../act/openActNode.ts'

/** The stored mode of a lane. */
export async function readLaneMode({ client, deployment }: ActNode, scope: ScopeId): Promise<LaneMode> {
  const address = deployment.contracts.controllerMandate
  const { mode } = await withChainErrors(
    () => client.readContract({ address, abi: controllerMandateAbi, functionName: 'lane', args: [encodeScopeId(scope)] }),
    address,
  )
  return fromCode(laneModes, mode)
}
