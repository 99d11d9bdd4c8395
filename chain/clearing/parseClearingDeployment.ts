import { getAddress, isAddress } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { type ClearingDeployment, clearingContracts } from './ClearingDeployment.ts'

/**
 * Checks the content of a `deployments/<chain id>.clearing.json`.
 *
 * @throws {InvalidInputError} A field is absent, unknown or malformed; it is named.
 */
export function parseClearingDeployment(value: unknown): ClearingDeployment {
  const { schema, version, chainId, block, contracts, ...rest } = record(value, 'deployment')
  if (schema !== 'ballast.clearingDeployment' || version !== 1)
    throw invalid('deployment.schema', `${String(schema)} version ${String(version)}`, 'ballast.clearingDeployment version 1')
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw invalid(`deployment.${unknown}`, rest[unknown], 'absent')
  if (typeof chainId !== 'number' || !Number.isSafeInteger(chainId) || chainId < 1)
    throw invalid('deployment.chainId', chainId, 'a whole number from 1')
  if (typeof block !== 'string' || !/^\d+$/.test(block)) throw invalid('deployment.block', block, 'a decimal string')
  const given = record(contracts, 'deployment.contracts')
  const strange = Object.keys(given).find((name) => !(clearingContracts as readonly string[]).includes(name))
  if (strange !== undefined) throw invalid(`deployment.contracts.${strange}`, given[strange], `one of ${clearingContracts.join(', ')}`)
  const addresses = clearingContracts.map((name): [string, Address] => {
    const address = given[name]
    if (typeof address !== 'string' || !isAddress(address) || getAddress(address) !== address)
      throw invalid(`deployment.contracts.${name}`, address, 'a checksummed address')
    return [name, address]
  })
  return {
    schema: 'ballast.clearingDeployment',
    version: 1,
    chainId,
    block,
    contracts: Object.fromEntries(addresses) as ClearingDeployment['contracts'],
  }
}

function record(value: unknown, argument: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(argument, value, 'an object')
  return value as Readonly<Record<string, unknown>>
}

const invalid = (argument: string, got: unknown, limit: string): InvalidInputError => new InvalidInputError({ argument, got, limit })
