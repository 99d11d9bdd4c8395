import { isAlias, isMap, isPair, isScalar, LineCounter, type Node, parseAllDocuments, visit } from 'yaml'
import type { z } from 'zod'
import { DraftError, type DraftProblem } from '../errors/index.ts'
import { inspectText, textFaultNames } from '../text/index.ts'
import { actionSchema, type DraftFile, draftSchema, laneSettingsSchema, ruleFieldsSchema } from './draftSchema.ts'
import { didYouMean } from './nearestNames.ts'

/** Keys and list positions from the root. */
export type DraftPath = readonly (string | number)[]

/** A draft whose shape is right, and where each part of it stands. */
export type ParsedDraft = {
  /** What messages call it. */
  readonly name: string
  readonly content: DraftFile
  /** The problem at the place of `path`, or of the nearest part above it that the file has. */
  readonly problemAt: (path: DraftPath, problem: string) => DraftProblem
}

const MAX_BYTES = 262_144
const MAX_NODES = 20_000

type YamlDocument = ReturnType<typeof parseAllDocuments>[number]

/**
 * A draft from YAML (or JSON, which is YAML). Only plain data: no alias, tag or second document, no key twice, at most 256 KiB, no text that deceives.
 *
 * @param name - What messages call the file.
 * @throws {DraftError} With every problem: line, column, path, what was given and what is allowed.
 */
export function parseDraft(text: string, name: string): ParsedDraft {
  const bytes = new TextEncoder().encode(text).length
  if (bytes > MAX_BYTES)
    throw new DraftError({
      file: name,
      problems: [{ line: null, column: null, path: '', problem: `the file has ${bytes} bytes; at most ${MAX_BYTES} are read` }],
    })
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, version: '1.2', schema: 'core' })
  const at = (offset: number | undefined, path: DraftPath, problem: string): DraftProblem => {
    if (offset === undefined) return { line: null, column: null, path: pathText(path), problem }
    const { line, col } = lines.linePos(offset)
    return { line, column: col, path: pathText(path), problem }
  }
  const list = Array.isArray(documents) ? documents : []
  const [document] = list
  if (document === undefined) throw new DraftError({ file: name, problems: [at(undefined, [], 'the file is empty')] })
  const yamlProblems = [
    ...list.slice(1).map((extra) => at(extra.range[0], [], 'a second document begins here; a draft is one document')),
    ...[...document.errors, ...document.warnings].map((error) => at(error.pos[0], [], firstLine(error.message))),
    ...plainDataProblems(document, at),
  ]
  if (yamlProblems.length > 0) throw new DraftError({ file: name, problems: inOrder(yamlProblems) })
  keepSources(document)
  const problemAt = (path: DraftPath, problem: string): DraftProblem => at(offsetOf(document, path), path, problem)

  const value: unknown = document.toJS({ maxAliasCount: 0 })
  const parsed = draftSchema.safeParse(value, { reportInput: true })
  const problems = parsed.success
    ? textProblems(parsed.data, problemAt)
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, value).map(({ path, problem }) => problemAt(path, problem)))
  if (!parsed.success || problems.length > 0) throw new DraftError({ file: name, problems: inOrder(problems) })
  return { name, content: parsed.data, problemAt }
}

/** What YAML can do and a draft must not: repeat itself, name types, hide members of every object, be endless. */
function plainDataProblems(
  document: YamlDocument,
  at: (offset: number | undefined, path: DraftPath, problem: string) => DraftProblem,
): DraftProblem[] {
  const problems: DraftProblem[] = []
  let nodes = 0
  visit(document, (_key, node) => {
    nodes += 1
    if (nodes > MAX_NODES) {
      problems.push(at(undefined, [], `the file has more than ${MAX_NODES} parts`))
      return visit.BREAK
    }
    if (isPair(node)) {
      const key = isScalar(node.key) ? node.key : undefined
      if (key === undefined || typeof key.value !== 'string')
        problems.push(at((node.key as Node | null)?.range?.[0], [], 'a key must be a text'))
      else if (['__proto__', '<<', 'constructor', 'prototype'].includes(key.value))
        problems.push(at(key.range?.[0], [], `the key ${key.value} is not allowed`))
      return undefined
    }
    const part = node as Partial<Node> | null
    if (isAlias(node)) problems.push(at(node.range?.[0], [], `the alias *${node.source} is not allowed: write the value out`))
    else if (part?.tag !== undefined && part.tag !== null && !part.tag.startsWith('tag:yaml.org,2002:'))
      problems.push(at(part.range?.[0], [], `the tag ${part.tag} is not allowed`))
    return undefined
  })
  return problems
}

/** Numbers that JavaScript would change stay what was written: hexadecimal addresses, and integers beyond 2^53. */
function keepSources(document: YamlDocument): void {
  visit(document, {
    Scalar: (_key, node) => {
      const { value, source } = node
      if (
        typeof value === 'number' &&
        source !== undefined &&
        (/^0x/i.test(source) || (/^\d+$/.test(source) && !Number.isSafeInteger(value)))
      )
        node.value = source
    },
  })
}

function offsetOf(document: YamlDocument, path: DraftPath): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : (document.getIn(path.slice(0, length - 1), true) as Node | undefined)
    const key = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find((each) => isScalar(each.key) && each.key.value === key)
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0]
    }
    const node = document.getIn(path.slice(0, length), true) as Node | undefined
    if (node?.range) return node.range[0]
  }
  return document.contents?.range?.[0]
}

function textProblems({ title, why }: DraftFile, problemAt: ParsedDraft['problemAt']): DraftProblem[] {
  const problems = Object.entries({ title, why }).flatMap(([key, text]) =>
    inspectText(text).map(({ kind, found, line }) =>
      problemAt([key], `line ${line} of this text holds ${textFaultNames[kind]}: ${found}; write words, and links as https://...`),
    ),
  )
  if (title.includes('\n')) problems.push(problemAt(['title'], 'the title is more than one line'))
  const guard = /#proposer=/i.exec(`${title}\n${why}`)
  if (guard !== null)
    problems.push(problemAt(['why'], 'the text holds #proposer=; name the account under `proposer`, it is appended at the end'))
  return problems
}

type PathProblem = { readonly path: DraftPath; readonly problem: string }

function describeIssue(issue: z.core.$ZodIssue, root: unknown): PathProblem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  const given = shown(issue.input)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], problem: `this key is not known${didYouMean(key, knownKeys(path, root))}` }))
    case 'invalid_union': {
      const names = actionSchema.options.map((option) => option.shape.do.value)
      const act = (valueAt(root, path.at(-1) === 'do' ? path.slice(0, -1) : path) as { readonly do?: unknown } | undefined)?.do
      if (path[0] === 'actions' && path.length <= 3)
        return [
          {
            path,
            problem: `${act === undefined ? 'an action needs `do`' : `${shown(act)} is no action`}${didYouMean(String(act ?? ''), names) || `; known: ${names.join(', ')}`}`,
          },
        ]
      return [{ path, problem: `${given} is no argument: a text, a whole number, true or false, or a list of these` }]
    }
    case 'invalid_type': {
      if (issue.input === undefined)
        return [{ path, problem: `this is missing; it must be ${kindNames[issue.expected] ?? issue.expected}` }]
      if (typeof issue.input === 'string' && (issue.expected === 'int' || issue.expected === 'number') && /^-?\d/.test(issue.input))
        return [{ path, problem: `${given} is a text; write the number without quotes` }]
      if (typeof issue.input === 'number' && issue.expected === 'string')
        return [{ path, problem: `${given} has no unit; write for example 26 %, 60000 contracts or 90 s` }]
      return [{ path, problem: `${given}; it must be ${kindNames[issue.expected] ?? issue.expected}` }]
    }
    case 'too_small':
      return [{ path, problem: `${given} is too small; at least ${issue.minimum}` }]
    case 'too_big':
      return [{ path, problem: `${given} is too large; at most ${issue.maximum}` }]
    case 'invalid_value':
      return [
        {
          path,
          problem: `${given}; it must be ${issue.values.length === 1 ? JSON.stringify(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`}`,
        },
      ]
    case 'invalid_format':
      return [{ path, problem: `${given}; it must look like ${formatNames[String(path.at(-1))] ?? issue.pattern ?? issue.format}` }]
    case 'invalid_key':
      return [{ path, problem: `the key ${shown(path.at(-1))} is empty or longer than 31 characters` }]
    default:
      return [{ path, problem: `${given}: ${issue.message}` }]
  }
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
}
const formatNames: Readonly<Record<string, string>> = {
  scope: 'market:ETH, asset:ETH, group:MAIN or protocol:NAME',
  expires: '2027-01-31 or 2027-01-31T12:00Z',
  until: '2027-01-31 or 2027-01-31T12:00Z',
  account: 'an address, 0x and 40 hexadecimal digits',
  target: 'an address, 0x and 40 hexadecimal digits',
  proposer: 'an address, 0x and 40 hexadecimal digits',
  meter: 'an address, 0x and 40 hexadecimal digits',
  codeHash: '0x and 64 lower-case hexadecimal digits',
}

/** Names that the schema knows at the place of an object. */
function knownKeys(path: DraftPath, root: unknown): string[] {
  if (path.length === 0) return Object.keys(draftSchema.shape)
  if (path[0] === 'conditions') return ['target', 'abi', 'args', 'atLeast', 'atMost', 'equals']
  if (path[2] === 'rules') return Object.keys(ruleFieldsSchema.shape)
  if (path[2] === 'settings') return Object.keys(laneSettingsSchema.shape)
  const act = (valueAt(root, path) as { readonly do?: unknown } | undefined)?.do
  return Object.keys(actionSchema.options.find((option) => option.shape.do.value === act)?.shape ?? {})
}

const valueAt = (root: unknown, path: DraftPath): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined),
    root,
  )

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

const pathText = (path: DraftPath): string =>
  path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '')

const firstLine = (message: string): string => message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message

const inOrder = (problems: readonly DraftProblem[]): DraftProblem[] =>
  [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
