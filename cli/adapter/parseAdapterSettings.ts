import { resolve } from 'node:path'
import { type AbiFunction, type AbiParameter, encodeFunctionData, getAddress, isAddress, parseAbiItem, size, slice } from 'viem'
import { z } from 'zod'
import type { AdapterBinding, AdapterKind, AdapterPlan, AdapterProbe, AdapterSetter } from '../../chain/adapters/index.ts'
import { ConfigurationError, type ConfigurationProblem } from '../../risk/errors/index.ts'
import type { Address, Hex, ScopeId } from '../../risk/types/index.ts'
import { readJson } from '../context/readJson.ts'

/** How people read a number of the other protocol. */
export type AdapterUnit = { readonly key: string; readonly unit: string; readonly decimals: number }

export type AdapterSettings = {
  /** The other protocol's name. */
  readonly protocol: string
  readonly units: readonly AdapterUnit[]
  readonly plan: AdapterPlan
}

const whole = z
  .string()
  .regex(/^\d{1,39}$/, 'a whole number as text')
  .transform(BigInt)
const address = z.string().refine((text) => isAddress(text), 'an address with a right checksum')

/** Settings file of an adapter. A protocol that goes from a mirror to a push keeps one file: each kind takes the fields it needs and wants them all. */
const schema = z.strictObject({
  schema: z.literal('ballast.adapter'),
  version: z.literal(1),
  protocol: z.string().min(1).max(80),
  /** Contract of getters and setters, where a parameter names no other. */
  target: address,
  parameters: z
    .array(
      z.strictObject({
        key: z.string().regex(/^[!-~]{1,31}$/, '1 to 31 printable ASCII characters without spaces'),
        scope: z.string().regex(/^(protocol|market|asset|group):[!-~]{1,31}$/, 'a kind and a name, like market:ETH'),
        id: z.string().regex(/^[!-~]{1,31}$/, 'the id of a parameter'),
        reading: z.enum(['target', 'effective']),
        mul: whole,
        div: whole,
        complementOf: whole.default(0n),
        maximum: whole,
        /** For people: the number with this many decimals, in this unit. */
        unit: z.string().max(20),
        decimals: z.int().min(0).max(36),
        target: address.optional(),
        /** Values of all arguments of the getter, and of all but the last of the setter. */
        arguments: z.array(z.union([z.string(), z.boolean()])).default([]),
        getter: z.string().optional(),
        /** Which of the getter's answers. */
        answer: z.int().min(0).max(255).default(0),
        setter: z.string().optional(),
        /** What the protocol expects to read now. */
        expected: whole.optional(),
      }),
    )
    .min(1)
    .max(32),
})
type Parsed = z.infer<typeof schema>
type Parameter = Parsed['parameters'][number]

/** What each kind needs of every parameter. */
const needs: Readonly<Record<AdapterKind, readonly ('expected' | 'getter' | 'setter')[]>> = {
  pull: ['expected'],
  mirror: ['getter'],
  push: ['getter', 'setter'],
}

/**
 * Reads the settings of an adapter.
 *
 * @throws {ConfigurationError} With every problem, its path, value and limit.
 * @throws {CliError} The file is missing or not JSON.
 */
export function readAdapterSettings(file: string, folder: string, kind: AdapterKind): AdapterSettings {
  const parsed = schema.safeParse(readJson(resolve(folder, file), 'ballast.adapter', 1), { reportInput: true })
  if (!parsed.success) {
    throw new ConfigurationError(
      file,
      parsed.error.issues.map(({ path, message, input }) => ({
        path: ['$', ...path].join('.'),
        got: input === undefined ? 'absent' : (JSON.stringify(input) ?? String(input)).slice(0, 80),
        limit: message,
      })),
    )
  }
  const problems: ConfigurationProblem[] = []
  const plan = planOf(parsed.data, kind, problems)
  if (problems.length > 0) throw new ConfigurationError(file, problems)
  const units = parsed.data.parameters.map(({ key, unit, decimals }) => ({ key, unit, decimals }))
  return { protocol: parsed.data.protocol, units, plan }
}

function planOf({ target, parameters }: Parsed, kind: AdapterKind, problems: ConfigurationProblem[]): AdapterPlan {
  parameters.forEach((parameter, i) => {
    for (const field of needs[kind])
      if (parameter[field] === undefined)
        problems.push({ path: `$.parameters.${i}.${field}`, got: 'absent', limit: `given: a ${kind} adapter needs it` })
  })
  const bindings = parameters.map(bindingOf)
  if (problems.length > 0) return { kind: 'pull', bindings, expected: [] }
  const at = (own: string | undefined): Address => getAddress(own ?? target)
  const probes = (): AdapterProbe[] => parameters.map((each, i) => probeOf(each, at(each.target), `$.parameters.${i}`, problems))
  switch (kind) {
    case 'pull':
      return { kind, bindings, expected: parameters.map(({ expected }) => expected as bigint) }
    case 'mirror':
      return { kind, bindings, probes: probes() }
    case 'push':
      return {
        kind,
        bindings,
        probes: probes(),
        setters: parameters.map((each, i) => setterOf(each, at(each.target), `$.parameters.${i}`, problems)),
      }
  }
}

function bindingOf({ key, scope, id, reading, mul, div, complementOf, maximum }: Parameter): AdapterBinding {
  return { key, scope: scope as ScopeId, id, reading, mul, div, complementOf, maximum }
}

function probeOf(parameter: Parameter, target: Address, path: string, problems: ConfigurationProblem[]): AdapterProbe {
  const item = functionOf(parameter.getter ?? '', `${path}.getter`, problems)
  if (item !== null && item.outputs.length <= parameter.answer)
    problems.push({ path: `${path}.answer`, got: String(parameter.answer), limit: `below ${item.outputs.length}, the number of answers` })
  const input = item === null ? '0x' : encodeCall(item, parameter.arguments, `${path}.getter`, problems)
  return { target, word: parameter.answer, input }
}

function setterOf(parameter: Parameter, target: Address, path: string, problems: ConfigurationProblem[]): AdapterSetter {
  const item = functionOf(parameter.setter ?? '', `${path}.setter`, problems)
  if (item === null) return { target, prefix: '0x' }
  const bits = /^uint(\d+)$/.exec(item.inputs.at(-1)?.type ?? '')?.[1]
  if (bits === undefined) {
    problems.push({ path: `${path}.setter`, got: parameter.setter ?? '', limit: 'a function whose last argument is an unsigned number' })
    return { target, prefix: '0x' }
  }
  const largest = 2n ** BigInt(bits) - 1n
  if (parameter.maximum > largest)
    problems.push({ path: `${path}.maximum`, got: String(parameter.maximum), limit: `at most ${largest}, what the setter takes` })
  const call = encodeCall(item, [...parameter.arguments, '0'], `${path}.setter`, problems)
  return { target, prefix: call === '0x' ? '0x' : slice(call, 0, size(call) - 32) }
}

function functionOf(signature: string, path: string, problems: ConfigurationProblem[]): AbiFunction | null {
  try {
    const item = parseAbiItem(signature as 'function f()') as unknown
    if ((item as AbiFunction | undefined)?.type === 'function') return item as AbiFunction
  } catch {
    // Told below, with what was given.
  }
  problems.push({ path, got: signature, limit: 'a function, like "function setCap(uint256 cap)"' })
  return null
}

const isStatic = ({ type }: AbiParameter): boolean => /^(u?int\d*|address|bool|bytes\d+)$/.test(type)

/** Words of static types only: what stands behind them in the call data is then the number and nothing else. */
function encodeCall(item: AbiFunction, given: readonly (string | boolean)[], path: string, problems: ConfigurationProblem[]): Hex {
  const dynamic = item.inputs.find((input) => !isStatic(input))
  const outputs = item.outputs.find((output) => !isStatic(output))
  if (dynamic !== undefined || outputs !== undefined) {
    problems.push({ path, got: (dynamic ?? outputs)?.type ?? '', limit: 'numbers, addresses, booleans and fixed bytes alone' })
    return '0x'
  }
  if (given.length !== item.inputs.length) {
    problems.push({ path, got: `${given.length} arguments`, limit: `${item.inputs.length} for ${item.name}` })
    return '0x'
  }
  try {
    const args = given.map((value, i) => (/^u?int/.test(item.inputs[i]?.type ?? '') ? BigInt(value) : value))
    return encodeFunctionData({ abi: [item], functionName: item.name, args })
  } catch (error) {
    problems.push({ path, got: JSON.stringify(given), limit: `arguments of ${item.name}: ${(error as Error).message.split('\n')[0]}` })
    return '0x'
  }
}
