import type { PublicClient } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { decodeParamId } from '../../chain/ids/index.ts'
import type { Address, Catalogue, Deployment } from '../../risk/types/index.ts'
import { DeploymentMismatchError } from '../errors/EngineErrors.ts'

/**
 * Compares the chain with the configuration: contracts at their addresses, the catalogue's ids and rails, and the set of engines.
 *
 * @param engines - In the order of the configuration.
 * @returns Threshold of signatures, and the engines with their checksummed addresses.
 * @throws {DeploymentMismatchError} With every difference.
 */
export async function checkDeployment(
  client: PublicClient,
  deployment: Deployment,
  catalogue: Catalogue,
  engines: readonly Address[],
): Promise<{ readonly threshold: number; readonly engines: readonly Address[] }> {
  const { riskParameters, controllerMandate } = deployment.contracts
  const problems: string[] = []
  for (const [name, address] of Object.entries({ riskParameters, controllerMandate })) {
    const code = await withChainErrors(() => client.getCode({ address }))
    if (code === undefined) problems.push(`${name} has no code at ${address}`)
  }
  if (problems.length > 0) throw new DeploymentMismatchError({ problems })
  const [specs, [set, threshold]] = await withChainErrors(() =>
    Promise.all([
      client.readContract({ address: riskParameters, abi: riskParametersAbi, functionName: 'catalogue' }),
      client.readContract({ address: controllerMandate, abi: controllerMandateAbi, functionName: 'engines' }),
    ]),
  )
  const onChain = new Map(specs.map((spec) => [decodeParamId(spec.id), spec]))
  for (const { id, rails } of catalogue.parameters) {
    const spec = onChain.get(id)
    if (spec === undefined) problems.push(`${id} is not in the store`)
    else if (Number(spec.railFloor) !== rails.floor || Number(spec.railCeiling) !== rails.ceiling) {
      problems.push(
        `${id} has rails ${spec.railFloor} to ${spec.railCeiling} on chain, ${rails.floor} to ${rails.ceiling} in the catalogue`,
      )
    }
  }
  if (onChain.size !== catalogue.parameters.length)
    problems.push(`the store knows ${onChain.size} parameters, the catalogue ${catalogue.parameters.length}`)
  const ordered = engines.map((engine) => set.find((each) => each.toLowerCase() === engine.toLowerCase()))
  for (const [i, engine] of ordered.entries()) if (engine === undefined) problems.push(`${engines[i]} is not an engine of the mandate`)
  if (set.length !== engines.length) problems.push(`the mandate has ${set.length} engines, the configuration ${engines.length}`)
  if (problems.length > 0) throw new DeploymentMismatchError({ problems })
  return { threshold, engines: ordered as Address[] }
}
