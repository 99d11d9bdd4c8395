import { type AbiFunction, type AbiParameter, encodeFunctionData, parseAbiItem } from 'viem'
import type { ConfigurationProblem } from '../../risk/errors/index.ts'
import type { Hex } from '../../risk/types/index.ts'

/** A function of another protocol and a call of it; null when it cannot be understood. */
export type CallTemplate = { readonly item: AbiFunction; readonly data: Hex }

/**
 * Encodes a call from a signature as people write it, like `function setCap(address market, uint256 cap)`. Arguments and answers are words of fixed size, so that a number stands where it is
 * looked for.
 *
 * @param problems - What is wrong is added here.
 */
export function encodeCallTemplate(
  signature: string,
  given: readonly (string | boolean)[],
  path: string,
  problems: ConfigurationProblem[],
): CallTemplate | null {
  const refuse = (got: string, limit: string): null => {
    problems.push({ path, got, limit })
    return null
  }
  const item = parse(signature)
  if (item === null) return refuse(signature, 'a function, like "function setCap(uint256 cap)"')
  const dynamic = [...item.inputs, ...item.outputs].find((part) => !isStatic(part))
  if (dynamic !== undefined) return refuse(dynamic.type, 'numbers, addresses, booleans and fixed bytes alone')
  if (given.length !== item.inputs.length) return refuse(`${given.length} arguments`, `${item.inputs.length} for ${item.name}`)
  try {
    const args = given.map((value, i) => (/^u?int/.test(item.inputs[i]?.type ?? '') ? BigInt(value) : value))
    return { item, data: encodeFunctionData({ abi: [item], functionName: item.name, args }) }
  } catch (error) {
    return refuse(JSON.stringify(given), `arguments of ${item.name}: ${(error as Error).message.split('\n')[0]}`)
  }
}

function parse(signature: string): AbiFunction | null {
  try {
    const item = parseAbiItem(signature as 'function f()') as unknown as AbiFunction
    return item.type === 'function' ? item : null
  } catch {
    return null
  }
}

const isStatic = ({ type }: AbiParameter): boolean => /^(u?int\d*|address|bool|bytes\d+)$/.test(type)
