import { formatEther } from 'viem'
import { decodeParamId, decodeScopeId, roleName } from '../../chain/ids/index.ts'
import type { Hex } from '../../risk/types/index.ts'
import type { DecodedCall } from './decodeCall.ts'

/** A call as one line: target, function, arguments by name with ids as words, ether. What is not understood shows its bytes. */
export function describeCall(call: DecodedCall): string {
  const target = call.contract ?? call.target
  const ether = call.value > 0n ? ` with ${formatEther(call.value)} ETH` : ''
  const how = call.delegatecall ? 'delegatecall ' : ''
  if (call.functionName === null) return `${how}${target}: ${call.data === '0x' ? 'plain transfer' : call.data}${ether}`
  const args = call.args.map((value, i) => `${call.inputs[i]?.name || `#${i}`}: ${shown(value, call.inputs[i]?.name ?? '')}`)
  return `${how}${target}.${call.functionName}(${args.join(', ')})${ether}`
}

function shown(value: unknown, name: string): string {
  if (Array.isArray(value)) return `[${value.map((each) => shown(each, name)).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, each]) => `${key}: ${shown(each, key)}`)
      .join(', ')}}`
  if (typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)) return nameIn(value as Hex, name)
  return typeof value === 'string' && !/^0x[0-9a-fA-F]*$/.test(value) ? JSON.stringify(value) : String(value)
}

function nameIn(word: Hex, name: string): string {
  if (name === 'role') return roleName(word)
  for (const decode of [decodeScopeId, decodeParamId]) {
    try {
      return decode(word)
    } catch {
      // Not of this kind.
    }
  }
  return word
}
