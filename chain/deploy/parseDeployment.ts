import { getAddress, isAddress } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Deployment } from '../../risk/types/index.ts'

const required = ['timelock', 'guardianTerm', 'riskParameters', 'controllerMandate', 'looseningVeto', 'riskStewards'] as const
const optional = ['token', 'governor'] as const

/**
 * Checks the content of a `deployments/<chainId>.json`.
 *
 * @throws {InvalidInputError} A field is absent, unknown or malformed; it is named.
 */
export function parseDeployment(value: unknown): Deployment {
  const record = asRecord(value, 'deployment')
  if (record['schema'] !== 'ballast.deployment' || record['version'] !== 1)
    throw invalid('deployment.schema', `${String(record['schema'])} version ${String(record['version'])}`, 'ballast.deployment version 1')
  rejectUnknown(record, ['schema', 'version', 'chainId', 'block', 'catalogue', 'contracts'], 'deployment')
  const { chainId, block, catalogue } = record
  if (typeof chainId !== 'number' || !Number.isSafeInteger(chainId) || chainId < 1)
    throw invalid('deployment.chainId', chainId, 'a whole number from 1')
  if (typeof block !== 'string' || !/^\d+$/.test(block)) throw invalid('deployment.block', block, 'a decimal string')
  if (typeof catalogue !== 'string' || !/^0x[0-9a-f]{64}$/.test(catalogue))
    throw invalid('deployment.catalogue', catalogue, 'a lower-case 32-byte hash')
  const contracts = asRecord(record['contracts'], 'deployment.contracts')
  rejectUnknown(contracts, [...required, ...optional], 'deployment.contracts')
  const address = (name: string): Address => {
    const got = contracts[name]
    if (typeof got !== 'string' || !isAddress(got) || getAddress(got) !== got)
      throw invalid(`deployment.contracts.${name}`, got, 'a checksummed address')
    return got
  }
  return {
    schema: 'ballast.deployment',
    version: 1,
    chainId,
    block,
    catalogue: catalogue as Deployment['catalogue'],
    contracts: {
      token: contracts['token'] === null ? null : address('token'),
      governor: contracts['governor'] === null ? null : address('governor'),
      timelock: address('timelock'),
      guardianTerm: address('guardianTerm'),
      riskParameters: address('riskParameters'),
      controllerMandate: address('controllerMandate'),
      looseningVeto: address('looseningVeto'),
      riskStewards: address('riskStewards'),
    },
  }
}

function asRecord(value: unknown, argument: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(argument, value, 'an object')
  return value as Readonly<Record<string, unknown>>
}

function rejectUnknown(record: Readonly<Record<string, unknown>>, known: readonly string[], argument: string): void {
  const unknown = Object.keys(record).find((key) => !known.includes(key))
  if (unknown !== undefined) throw invalid(`${argument}.${unknown}`, record[unknown], `absent; known fields are ${known.join(', ')}`)
}

const invalid = (argument: string, got: unknown, limit: string): InvalidInputError => new InvalidInputError({ argument, got, limit })
