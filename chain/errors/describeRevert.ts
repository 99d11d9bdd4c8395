import type { AbiParameter } from 'viem'
import { type Catalogue, type Hex, type ParameterUnit, rejections } from '../../risk/types/index.ts'
import { decodeParamId, decodeScopeId } from '../ids/index.ts'

const words = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()

/**
 * A revert as a sentence: the contract, the reason in words, then every argument with its name, decoded and with the unit of its parameter.
 *
 * @param errorName - `Contract_Reason`, or another contract's own form.
 * @param catalogue - Gives parameter values their unit; without it they stay bare numbers.
 */
export function describeRevert(
  errorName: string,
  inputs: readonly AbiParameter[],
  args: readonly unknown[],
  catalogue?: Catalogue,
): string {
  const [contract, reason] = errorName.includes('_') ? (errorName.split('_', 2) as [string, string]) : ['The contract', errorName]
  const unit = unitOf(inputs, args, catalogue)
  const facts = inputs.map((input, i) => `${words(input.name ?? '')} ${describeArgument(input, args[i], unit)}`.trim())
  return `${contract} refused: ${words(reason)}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}.`
}

function unitOf(inputs: readonly AbiParameter[], args: readonly unknown[], catalogue: Catalogue | undefined): ParameterUnit | undefined {
  const id = args[inputs.findIndex(({ name }) => name === 'id')]
  return catalogue?.parameters.find((spec) => typeof id === 'string' && spec.id === nameIn(id as Hex))?.unit
}

function describeArgument(input: AbiParameter, value: unknown, unit: ParameterUnit | undefined): string {
  if (input.type === 'bytes32') return nameIn(value as Hex)
  // Every uint48 in our errors is an instant, every uint64 a value of the parameter named beside it.
  if (input.type === 'uint48') return new Date(Number(value) * 1000).toISOString().replace('.000Z', 'Z')
  if (input.type === 'uint8' && input.name === 'code') return rejections[Number(value)] ?? String(value)
  if (input.type === 'uint64' && unit !== undefined) return `${value} ${unit}`
  return String(value)
}

/** A parameter or scope name where the bytes hold one, else the bytes. */
function nameIn(bytes: Hex): string {
  for (const decode of [decodeParamId, decodeScopeId]) {
    try {
      return decode(bytes)
    } catch {
      // Not of this kind.
    }
  }
  return bytes
}
