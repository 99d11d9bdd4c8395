import { type AbiFunction, decodeFunctionData, encodeFunctionData, getAddress, size, slice, toFunctionSignature } from 'viem'
import type { Address, Hex } from '../../risk/types/index.ts'
import { childrenOf } from './childrenOf.ts'
import { type ContractDirectory, functionOf, guessFunctions } from './knownContracts.ts'

/** One call of a proposal, and the calls it makes in turn. */
export type DecodedCall = {
  readonly target: Address
  /** Wei. */
  readonly value: bigint
  readonly data: Hex
  /** Name of the target; null when we do not know it. */
  readonly contract: string | null
  /** `setValues(bytes32,bytes32[],uint64[])`; null when nothing we know has the selector. */
  readonly signature: string | null
  readonly functionName: string | null
  readonly args: readonly unknown[]
  readonly inputs: readonly { readonly name: string; readonly type: string }[]
  /** Calls inside, in order: timelock batches, multicalls, Safe transactions. */
  readonly children: readonly DecodedCall[]
  /** Runs foreign code with the caller's own storage and powers. */
  readonly delegatecall: boolean
  /** Why this call is not wholly understood; empty when it is. */
  readonly faults: readonly string[]
  /** Other functions with the same selector, by signature. */
  readonly collisions: readonly string[]
}

/** A call as it stands in a proposal or inside another call. */
export type RawCall = { readonly target: Address; readonly value: bigint; readonly data: Hex; readonly delegatecall?: true }

/** Nested deeper than this, nobody reads it. */
const DEEPEST = 5

/**
 * Decodes a call by the interface of its target, encodes it again and compares the bytes, and follows the calls inside it. Never throws: what is not understood is a fault.
 */
export function decodeCall(call: RawCall, directory: ContractDirectory, depth = 0): DecodedCall {
  const target = getAddress(call.target)
  const known = directory.get(target.toLowerCase())
  const empty = {
    target,
    value: call.value,
    data: call.data,
    contract: known?.name ?? null,
    signature: null,
    functionName: null,
    args: [],
    inputs: [],
    children: [],
    delegatecall: call.delegatecall === true,
    collisions: [],
  }
  if (call.data === '0x') return { ...empty, faults: call.value > 0n ? [] : ['the call carries neither data nor ether'] }
  if (size(call.data) < 4) return { ...empty, faults: [`${size(call.data)} bytes are too few for a selector`] }
  const selector = slice(call.data, 0, 4)
  const own = known === undefined ? undefined : functionOf(known, selector)
  const candidates = guessFunctions(selector)
  const chosen = own ?? (known === undefined ? candidates[0] : undefined)
  if (chosen === undefined) {
    const owner = known === undefined ? 'no interface we know' : known.name
    return { ...empty, faults: [`${owner} has no function with selector ${selector}`] }
  }
  const signature = toFunctionSignature(chosen)
  const collisions = candidates.map((each) => toFunctionSignature(each)).filter((other) => other !== signature)
  const named = {
    ...empty,
    signature,
    functionName: chosen.name,
    inputs: chosen.inputs.map(({ name, type }) => ({ name: name ?? '', type })),
    collisions,
  }
  const args = decodeArguments(chosen, call.data)
  if (args === null) return { ...named, faults: [`the data does not fit ${signature}`] }
  const faults = [
    ...(encodeFunctionData({ abi: [chosen], functionName: chosen.name, args }) === call.data
      ? []
      : [`encoding ${signature} again gives other bytes: something is hidden behind or between the arguments`]),
    ...(known === undefined ? [`${target} is unknown; ${signature} is a guess from its selector`] : []),
  ]
  const inner = childrenOf(target, call.value, chosen.name, signature, args)
  if (inner.kind === 'malformed') return { ...named, args, faults: [...faults, inner.detail] }
  if (depth >= DEEPEST && inner.calls.length > 0) return { ...named, args, faults: [...faults, `calls are nested deeper than ${DEEPEST}`] }
  return { ...named, args, faults, children: inner.calls.map((each) => decodeCall(each, directory, depth + 1)) }
}

function decodeArguments(chosen: AbiFunction, data: Hex): readonly unknown[] | null {
  try {
    return (decodeFunctionData({ abi: [chosen], data }).args as readonly unknown[] | undefined) ?? []
  } catch {
    return null
  }
}

/** A call and everything inside it, outermost first. */
export function flattenCalls(call: DecodedCall): DecodedCall[] {
  return [call, ...call.children.flatMap(flattenCalls)]
}
