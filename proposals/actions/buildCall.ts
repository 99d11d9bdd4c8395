import { type AbiFunction, encodeFunctionData, getAddress, isAddress, parseAbiItem, zeroHash } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'
import type { ReadingCondition } from '../conditions/index.ts'
import { buildDirectory } from '../decode/index.ts'
import type { CallArgument, DraftAction, DraftCondition } from '../draft/draftSchema.ts'
import { parseEther } from '../draft/parseQuantity.ts'
import type { BuildContext } from './BuildContext.ts'
import { type BuiltAction, emptyAction } from './BuiltAction.ts'
import type { Report } from './buildAction.ts'

/** A raw call by its signature. A target that is none of the protocol's contracts needs the hash of the code that the writer has read. */
export async function buildCall(action: Extract<DraftAction, { do: 'call' }>, context: BuildContext, report: Report): Promise<BuiltAction> {
  const target = checkedAddress(action.target, 'target')
  const item = parseFunction(action.abi)
  const data = encodeCall(item, action.args)
  const value = action.value === undefined ? 0n : parseEther(action.value, 'value')
  const isOurs = buildDirectory(context.deployment, { clearing: context.clearing }).has(target.toLowerCase())
  const codeHash = await context.codeHashOf(target)
  if (!isOurs && action.codeHash === undefined)
    report(['target'], `${target} is none of the protocol's contracts; read its code and add \`codeHash: "${codeHash}"\``)
  if (action.codeHash !== undefined && action.codeHash !== codeHash)
    report(['codeHash'], `the code at ${target} has the hash ${codeHash}, not ${action.codeHash}`)
  if (codeHash === zeroHash && data !== '0x') report(['target'], `${target} has no code`)
  return {
    ...emptyAction,
    actions: [{ target, value, data, summary: `Call ${item.name} on ${target}${value > 0n ? `, with ${action.value}` : ''}` }],
    effects: action.effects ?? {},
    contracts: isOurs ? [] : [{ address: target, name: target, abi: [item] }],
    pins: isOurs ? [] : [{ target, codeHash }],
  }
}

/** A condition that the draft adds, as a reading of the first word of a view's answer. */
export function buildCondition(condition: DraftCondition): ReadingCondition {
  const target = checkedAddress(condition.target, 'target')
  const item = parseFunction(condition.abi)
  const { equals, atLeast, atMost } = condition
  if ((equals === undefined) === (atLeast === undefined && atMost === undefined))
    throw new InvalidInputError({
      argument: 'condition',
      got: equals === undefined ? 'none' : 'both',
      limit: 'either equals, or atLeast and atMost',
    })
  const data = encodeCall(item, condition.args ?? [])
  if (equals !== undefined) return { target, data, word: 0n, floor: wordOf(equals), ceiling: wordOf(equals) }
  return { target, data, word: 0n, floor: BigInt(atLeast ?? 0), ceiling: atMost === undefined ? 2n ** 256n - 1n : BigInt(atMost) }
}

function wordOf(text: string): bigint {
  if (text === 'true' || text === 'false') return text === 'true' ? 1n : 0n
  if (!/^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text))
    throw new InvalidInputError({ argument: 'equals', got: text, limit: 'a whole number, an address, 32 bytes, true or false' })
  return BigInt(text)
}

function checkedAddress(text: string, argument: string): Address {
  const mixed = /[a-f]/.test(text.slice(2)) && /[A-F]/.test(text.slice(2))
  if (!isAddress(text, { strict: mixed })) throw new InvalidInputError({ argument, got: text, limit: 'an address whose checksum holds' })
  return getAddress(text)
}

function parseFunction(text: string): AbiFunction {
  const signature = text.startsWith('function ') ? text : `function ${text}`
  try {
    const item = parseAbiItem(signature) as AbiFunction
    if (item.type === 'function') return item
  } catch {
    // Told below.
  }
  throw new InvalidInputError({
    argument: 'abi',
    got: JSON.stringify(text),
    limit: 'a signature such as function setDelay(uint256 seconds)',
  })
}

function encodeCall(item: AbiFunction, args: readonly CallArgument[]): Hex {
  if (args.length !== item.inputs.length)
    throw new InvalidInputError({ argument: 'args', got: `${args.length} of them`, limit: `${item.inputs.length}, as ${item.name} takes` })
  try {
    return encodeFunctionData({
      abi: [item],
      functionName: item.name,
      args: args.map((arg, i) => convert(arg, item.inputs[i]?.type ?? '')),
    })
  } catch (error) {
    if (error instanceof InvalidInputError) throw error
    throw new InvalidInputError(
      {
        argument: 'args',
        got: JSON.stringify(args).slice(0, 200),
        limit: `what ${item.name} takes: ${(error as Error).message.split('\n')[0]}`,
      },
      { cause: error },
    )
  }
}

/** Integers come as numbers, or as decimal texts where they are too large for one. Structs are lists in the order of their fields. */
function convert(arg: CallArgument, type: string): unknown {
  if (/\]$/.test(type)) {
    if (!Array.isArray(arg)) throw new InvalidInputError({ argument: 'args', got: JSON.stringify(arg), limit: `a list for ${type}` })
    return arg.map((each) => convert(each, type.replace(/\[\d*\]$/, '')))
  }
  if (/^u?int/.test(type)) {
    if (typeof arg === 'number' || (typeof arg === 'string' && /^-?\d{1,78}$/.test(arg))) return BigInt(arg)
    throw new InvalidInputError({ argument: 'args', got: JSON.stringify(arg), limit: `a whole number for ${type}` })
  }
  if (type === 'bool') {
    if (typeof arg === 'boolean') return arg
    throw new InvalidInputError({ argument: 'args', got: JSON.stringify(arg), limit: 'true or false' })
  }
  if (type === 'address') return checkedAddress(String(arg), 'args')
  return arg
}
