import { encodeDeployData, stringToHex } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'
import { readArtifact } from '../deploy/artifacts.ts'
import { mirrorAdapterAbi, pullAdapterAbi, pushAdapterAbi } from '../generated/index.ts'
import { encodeParamId, encodeScopeId } from '../ids/index.ts'
import type { AdapterBinding, AdapterPlan } from './types.ts'

/**
 * Creation code of an adapter with its arguments.
 *
 * @param store - The RiskParameters it reads.
 * @param artifacts - Folder of the compiler's artifacts.
 * @throws {InvalidInputError} A key is no name of 1 to 31 printable ASCII characters, or the contract is not compiled.
 */
export function encodeAdapter(plan: AdapterPlan, store: Address, artifacts: string): Hex {
  const bindings = plan.bindings.map(encodeBinding)
  const code = (name: string): Hex => readArtifact(artifacts, name).bytecode as Hex
  switch (plan.kind) {
    case 'pull':
      return encodeDeployData({ abi: pullAdapterAbi, bytecode: code('PullAdapter'), args: [store, bindings, plan.expected] })
    case 'mirror':
      return encodeDeployData({ abi: mirrorAdapterAbi, bytecode: code('MirrorAdapter'), args: [store, bindings, plan.probes] })
    case 'push':
      return encodeDeployData({ abi: pushAdapterAbi, bytecode: code('PushAdapter'), args: [store, bindings, plan.probes, plan.setters] })
  }
}

const readings: readonly AdapterBinding['reading'][] = ['target', 'effective']

function encodeBinding({ key, scope, id, reading, ...factors }: AdapterBinding) {
  return { key: encodeKey(key), scope: encodeScopeId(scope), id: encodeParamId(id), reading: readings.indexOf(reading), ...factors }
}

/**
 * The bytes32 of another protocol's name for a parameter.
 *
 * @throws {InvalidInputError} It is no name of 1 to 31 printable ASCII characters.
 */
export function encodeKey(key: string): Hex {
  if (!/^[!-~]{1,31}$/.test(key))
    throw new InvalidInputError({ argument: 'key', got: key, limit: '1 to 31 printable ASCII characters without spaces' })
  return stringToHex(key, { size: 32 })
}
