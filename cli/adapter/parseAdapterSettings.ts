import { resolve } from 'node:path'
import { getAddress, isAddress, size, slice } from 'viem'
import { z } from 'zod'
import type { AdapterBinding, AdapterKind, AdapterPlan, AdapterProbe, AdapterSetter } from '../../chain/adapters/index.ts'
import { parseWith } from '../../risk/catalogue/parseWith.ts'
import type { ConfigurationProblem } from '../../risk/errors/index.ts'
import type { Address, ScopeId } from '../../risk/types/index.ts'
import { readJson } from '../context/readJson.ts'
import { encodeCallTemplate } from './encodeCallTemplate.ts'

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

/**
 * Reads the settings of an adapter.
 *
 * @throws {ConfigurationError} With every problem, its path, value and limit.
 * @throws {CliError} The file is missing or not JSON.
 */
export function readAdapterSettings(file: string, folder: string, kind: AdapterKind): AdapterSettings {
  const input = readJson(resolve(folder, file), 'ballast.adapter', 1)
  const parsed = parseWith(file, schema, input, (settings) => {
    const problems: ConfigurationProblem[] = []
    planOf(settings, kind, problems)
    return problems
  })
  const units = parsed.parameters.map(({ key, unit, decimals }) => ({ key, unit, decimals }))
  return { protocol: parsed.protocol, units, plan: planOf(parsed, kind, []) }
}

/** Without problems it is the plan; with some it only serves to find them all. */
function planOf({ target, parameters }: Parsed, kind: AdapterKind, problems: ConfigurationProblem[]): AdapterPlan {
  const bindings = parameters.map(bindingOf)
  const need = <Value>(value: Value | undefined, path: string, otherwise: Value): Value => {
    if (value === undefined) problems.push({ path, got: 'absent', limit: `given: a ${kind} adapter needs it` })
    return value ?? otherwise
  }
  const probes = (): AdapterProbe[] =>
    parameters.map((parameter, i) => {
      const path = `$.parameters[${i}].getter`
      return probeOf(parameter, need(parameter.getter, path, null), contractOf(parameter, target), path, problems)
    })
  const setters = (): AdapterSetter[] =>
    parameters.map((parameter, i) => {
      const path = `$.parameters[${i}].setter`
      return setterOf(parameter, need(parameter.setter, path, null), contractOf(parameter, target), path, problems)
    })
  switch (kind) {
    case 'pull':
      return { kind, bindings, expected: parameters.map(({ expected }, i) => need(expected, `$.parameters[${i}].expected`, 0n)) }
    case 'mirror':
      return { kind, bindings, probes: probes() }
    case 'push':
      return { kind, bindings, probes: probes(), setters: setters() }
  }
}

const contractOf = ({ target: own }: Parameter, target: string): Address => getAddress(own ?? target)

function bindingOf({ key, scope, id, reading, mul, div, complementOf, maximum }: Parameter): AdapterBinding {
  return { key, scope: scope as ScopeId, id, reading, mul, div, complementOf, maximum }
}

function probeOf(
  { answer, arguments: given }: Parameter,
  signature: string | null,
  target: Address,
  path: string,
  problems: ConfigurationProblem[],
): AdapterProbe {
  const call = signature === null ? null : encodeCallTemplate(signature, given, path, problems)
  const answers = call?.item.outputs.length ?? answer + 1
  if (answer >= answers)
    problems.push({ path: path.replace('getter', 'answer'), got: String(answer), limit: `below ${answers}, the number of answers` })
  return { target, word: answer, input: call?.data ?? '0x' }
}

function setterOf(
  { maximum, arguments: given }: Parameter,
  signature: string | null,
  target: Address,
  path: string,
  problems: ConfigurationProblem[],
): AdapterSetter {
  const call = signature === null ? null : encodeCallTemplate(signature, [...given, '0'], path, problems)
  if (call === null) return { target, prefix: '0x' }
  const bits = /^uint(\d+)$/.exec(call.item.inputs.at(-1)?.type ?? '')?.[1]
  if (bits === undefined) problems.push({ path, got: signature ?? '', limit: 'a function whose last argument is an unsigned number' })
  const largest = 2n ** BigInt(bits ?? 256) - 1n
  if (maximum > largest)
    problems.push({ path: path.replace('setter', 'maximum'), got: String(maximum), limit: `at most ${largest}, what the setter takes` })
  return { target, prefix: slice(call.data, 0, size(call.data) - 32) }
}
