import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { z } from 'zod'
import { WEBHOOK_SECRET_PREFIX } from '../../webhooks/index.ts'
import { ConfigError, type ConfigProblem } from '../errors/ConfigError.ts'
import { nearestName } from './nearestName.ts'
import { type DaemonConfig, daemonSchema } from './schema.ts'
import { otherVariables, type Variable, variables } from './variables.ts'

export type ConfigOrigin = 'flag' | 'environment' | 'file' | 'default'
export type LoadedConfig = {
  /** Deeply frozen; paths are absolute. */
  readonly config: DaemonConfig
  /** Where each leaf came from, by dotted path. */
  readonly origins: Readonly<Record<string, ConfigOrigin>>
}

export type ConfigInputs = {
  /** YAML or JSON file. */
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values from the command line by dotted path; they win over everything. */
  readonly flags?: Readonly<Record<string, unknown>>
}

type Tree = { [key: string]: unknown }

/** Keys that hold paths; relative ones are resolved from the folder of the file, from the working folder when a flag or a variable gave them. */
const pathKeys = [
  'chain.deployment',
  'clearing.deployment',
  'clearing.store',
  'engine.catalogue',
  'engine.configurations',
  'portfolios.loans',
  'signer.path',
  'source.directory',
  'store.path',
  'surface.signer.path',
  'surface.source.directory',
  'surface.store',
]

/**
 * Reads the configuration: flags over environment over file over defaults.
 *
 * @throws {ConfigError} With every problem at once: path, value, limit, and the nearest known name of an unknown key or variable.
 */
export function loadConfig({ file, env, flags = {} }: ConfigInputs): LoadedConfig {
  const problems: ConfigProblem[] = []
  const tree = readTree(file, problems)
  const given = new Map<string, ConfigOrigin>(leaves(tree).map((path) => [path, 'file']))
  resolvePaths(tree, dirname(resolve(file)))
  const outer: Tree = {}
  for (const [name, variable] of Object.entries(variables)) {
    const text = env[name]
    if (text === undefined || text === '') continue
    setPath(outer, variable.path, parseVariable(name, text, variable, problems))
    given.set(variable.path, 'environment')
  }
  for (const name of Object.keys(env)) {
    const isKnown = name in variables || otherVariables.includes(name) || name.startsWith(WEBHOOK_SECRET_PREFIX)
    if (name.startsWith('BALLAST_') && !isKnown) {
      problems.push({
        path: name,
        problem: `this variable is not known${suggestion(name, [...Object.keys(variables), ...otherVariables])}`,
      })
    }
  }
  for (const [path, value] of Object.entries(flags)) {
    setPath(outer, path, value)
    given.set(path, 'flag')
  }
  resolvePaths(outer, process.cwd())
  merge(tree, outer)
  const parsed = daemonSchema.safeParse(tree)
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => describeIssue(issue, tree)))
  else problems.push(...consistency(parsed.data))
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)
  const origins = Object.fromEntries(leaves(parsed.data).map((path) => [path, originOf(path, given)]))
  return { config: freeze(parsed.data), origins }
}

/** Whether this engine signs and sends: only when told to, or on the local chain. */
export function sends({ send, chain }: DaemonConfig): boolean {
  return send ?? chain.id === 31_337
}

/** The configuration for people: endpoints by host, since a URL may carry a key. */
export function redactConfig(config: DaemonConfig): DaemonConfig {
  const hostOnly = (url: string): string => `${new URL(url).protocol}//${new URL(url).host}/…`
  const urls = config.rpc.urls.map((url) =>
    new URL(url).pathname === '/' && new URL(url).search === '' && new URL(url).username === '' ? url : hostOnly(url),
  )
  const webhooks = config.webhooks.map((endpoint) => ({ ...endpoint, url: hostOnly(endpoint.url) }))
  return { ...config, rpc: { ...config.rpc, urls }, webhooks }
}

function readTree(file: string, problems: ConfigProblem[]): Tree {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError([{ path: file, problem: 'the file cannot be read' }], { cause })
  }
  const document = parseDocument(text)
  for (const { message } of document.errors) problems.push({ path: file, problem: message.split('\n')[0] ?? message })
  const value: unknown = document.errors.length > 0 ? {} : document.toJS()
  if (isTree(value)) return value
  throw new ConfigError([...problems, { path: file, problem: 'the file must hold keys and values' }])
}

function parseVariable(name: string, text: string, { type }: Variable, problems: ConfigProblem[]): unknown {
  switch (type) {
    case 'text':
      return text
    case 'list':
      return text.split(',').map((part) => part.trim())
    case 'number':
      if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
      problems.push({ path: name, problem: `'${text}' is not a number` })
      return undefined
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true'
      problems.push({ path: name, problem: `'${text}' is neither true nor false` })
      return undefined
  }
}

function describeIssue(issue: z.core.$ZodIssue, tree: Tree): ConfigProblem[] {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      problem: `this key is not known${suggestion(key, knownKeys(issue.path.map(String)))}`,
    }))
  }
  const value = issue.path.reduce<unknown>((at, key) => (isTree(at) || Array.isArray(at) ? (at as Tree)[String(key)] : undefined), tree)
  // URLs may carry keys, so a bad one is not repeated.
  const shown = path.startsWith('rpc.urls') ? '' : value === undefined ? ' (it is missing)' : ` (given: ${JSON.stringify(value)})`
  return [{ path: path || 'file', problem: `${issue.message}${shown}` }]
}

/** Names that the schema knows at a path, over all variants of a union. */
function knownKeys(path: readonly string[]): string[] {
  let schemas: z.core.$ZodType[] = [daemonSchema]
  for (const key of path) schemas = schemas.flatMap((schema) => variantsOf(schema)).flatMap((schema) => childOf(schema, key))
  return schemas.flatMap((schema) => variantsOf(schema)).flatMap((schema) => ('shape' in schema ? Object.keys(schema.shape as object) : []))
}

function variantsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  const definition = schema._zod.def as { readonly innerType?: z.core.$ZodType; readonly options?: readonly z.core.$ZodType[] }
  if (definition.innerType !== undefined) return variantsOf(definition.innerType)
  return definition.options?.flatMap(variantsOf) ?? [schema]
}

function childOf(schema: z.core.$ZodType, key: string): z.core.$ZodType[] {
  const element = (schema._zod.def as { readonly element?: z.core.$ZodType }).element
  if (element !== undefined) return [element]
  const child = 'shape' in schema ? (schema.shape as Readonly<Record<string, z.core.$ZodType>>)[key] : undefined
  return child === undefined ? [] : [child]
}

function consistency(config: DaemonConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const addresses = config.engines.map(({ address }) => address.toLowerCase())
  if (new Set(addresses).size !== addresses.length) problems.push({ path: 'engines', problem: 'an address is there twice' })
  const { delaySeconds } = config.engine
  if (delaySeconds > 59 && delaySeconds % 60 !== 0)
    problems.push({ path: 'engine.delaySeconds', problem: `above 59 it must be whole minutes (given: ${delaySeconds})` })
  if (config.fees.priorityGwei > config.fees.capGwei)
    problems.push({ path: 'fees.priorityGwei', problem: `${config.fees.priorityGwei} is above the cap of ${config.fees.capGwei}` })
  if (config.source.kind === 'recorded' && config.source.from > config.source.to)
    problems.push({ path: 'source.to', problem: `${config.source.to} is before ${config.source.from}` })
  if (config.source.kind === 'simulated') {
    for (const [path, time] of [
      ['source.origin', config.source.origin],
      ...config.source.crashes.map(({ at }, i) => [`source.crashes.${i}.at`, at]),
    ] as const) {
      if (Date.parse(time) % 3_600_000 !== 0) problems.push({ path, problem: `${time} is not a whole hour` })
    }
  }
  return [...problems, ...accountProblems(config)]
}

/** Accounts come from one place, and what posts surfaces needs the clearing that reads them. */
function accountProblems({ portfolios, clearing, surface, source, store }: DaemonConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (clearing === undefined && portfolios === undefined)
    problems.push({ path: 'portfolios', problem: 'it is missing; without `clearing` accounts come from here' })
  if (clearing !== undefined && portfolios !== undefined)
    problems.push({ path: 'portfolios', problem: 'accounts are those of `clearing`; leave one of the two out' })
  if (surface !== undefined && clearing === undefined)
    problems.push({ path: 'surface', problem: 'surfaces are posted for a `clearing`, which is missing' })
  if (surface?.source.kind === 'simulated' && source.kind !== 'simulated')
    problems.push({ path: 'surface.source.kind', problem: `simulated, but the market is ${source.kind}` })
  const stores = [store.path, clearing?.store, surface?.store].filter((path) => path !== undefined)
  if (new Set(stores).size !== stores.length)
    problems.push({ path: 'store.path', problem: 'each of `store.path`, `clearing.store` and `surface.store` is a database of its own' })
  return problems
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

function originOf(path: string, given: ReadonlyMap<string, ConfigOrigin>): ConfigOrigin {
  let found: ConfigOrigin = 'default'
  const rank = { default: 0, file: 1, environment: 2, flag: 3 }
  for (const [key, origin] of given) if ((key === path || path.startsWith(`${key}.`)) && rank[origin] > rank[found]) found = origin
  return found
}

function resolvePaths(tree: Tree, folder: string): void {
  const absolute = (path: unknown): unknown => (typeof path === 'string' && !isAbsolute(path) ? resolve(folder, path) : path)
  for (const key of pathKeys) {
    const sections = key.split('.')
    const leaf = sections.pop() as string
    const at = sections.reduce<unknown>((inner, section) => (isTree(inner) ? inner[section] : undefined), tree)
    if (!isTree(at) || at[leaf] === undefined) continue
    at[leaf] = Array.isArray(at[leaf]) ? at[leaf].map(absolute) : absolute(at[leaf])
  }
}

function leaves(value: unknown, prefix = ''): string[] {
  if (!isTree(value)) return [prefix]
  return Object.entries(value).flatMap(([key, each]) => leaves(each, prefix === '' ? key : `${prefix}.${key}`))
}

function setPath(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.')
  let at = tree
  for (const key of keys.slice(0, -1)) {
    if (!isTree(at[key])) at[key] = {}
    at = at[key] as Tree
  }
  at[keys.at(-1) as string] = value
}

function merge(into: Tree, from: Tree): void {
  for (const [key, value] of Object.entries(from)) {
    if (isTree(value) && isTree(into[key])) merge(into[key], value)
    else into[key] = value
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) freeze(each)
  return Object.freeze(value)
}
