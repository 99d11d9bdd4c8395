import { zeroAddress } from 'viem'
import { controllerMandateAbi, guardianTermAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { encodeScopeId, formatAccountId, fromCode } from '../../chain/ids/index.ts'
import { mapConcurrently } from '../../chain/read/index.ts'
import { type Address, laneModes, type ScopeId } from '../../risk/types/index.ts'
import { createComparer } from './createComparer.ts'
import type { Comparison, VerifyContext } from './VerifyContext.ts'

/** Lanes, engines, guardian, and the head of the history. */
export async function verifyMandate({ client, deployment, content, status, block, time }: VerifyContext): Promise<Comparison> {
  const { row, result } = createComparer()
  const { controllerMandate, guardianTerm, riskParameters } = deployment.contracts
  const account = (address: Address): string => formatAccountId(deployment.chainId, address)
  const [historyHead, links] = await client.readContract({
    address: riskParameters,
    abi: riskParametersAbi,
    functionName: 'head',
    blockNumber: block,
  })
  row('status', 'history', status, { historyHead, links })

  const at = { address: controllerMandate, abi: controllerMandateAbi, blockNumber: block } as const
  await mapConcurrently(content.lanes, async (lane) => {
    const args = [encodeScopeId(lane.scope as ScopeId)] as const
    const [chain, settings, meter] = await Promise.all([
      client.readContract({ ...at, functionName: 'lane', args }),
      client.readContract({ ...at, functionName: 'settingsOf', args }),
      client.readContract({ ...at, functionName: 'meterOf', args }),
    ])
    row('lanes', lane.scope, lane, {
      mode: fromCode(laneModes, chain.mode),
      round: chain.round,
      observedAt: chain.observedAt,
      heartbeatAt: chain.heartbeatAt,
      heldUntil: chain.tightenOnlyUntil,
      settings,
      meter: meter === zeroAddress ? null : account(meter),
    })
  })

  const epoch = await client.readContract({ ...at, functionName: 'epoch' })
  const [set, threshold] = await client.readContract({ ...at, functionName: 'engines' })
  const inForce = content.engineSets.at(-1)
  if (inForce !== undefined || epoch !== 0)
    row('engineSets', 'in force', inForce, { epoch, engines: set.map(account), threshold: set.length === 0 ? 0 : threshold })

  const term = { address: guardianTerm, abi: guardianTermAbi, blockNumber: block } as const
  const [until, guardian] = await Promise.all([
    client.readContract({ ...term, functionName: 'termEnd' }),
    client.readContract({ ...term, functionName: 'guardian' }),
  ])
  const appointed = content.guardianTerms.find(({ inForce: current }) => current)
  if (until !== 0) row('guardianTerms', 'in force', appointed, { until, ...(time < until && { guardian: account(guardian) }) })
  return result()
}
