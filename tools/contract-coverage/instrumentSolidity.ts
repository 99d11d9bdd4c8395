import { createRequire } from 'node:module'
import { posix } from 'node:path'

/** Something a test can reach: a statement, or one outcome of the condition of an `if` or `?:`. */
export type Point = {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly kind: 'statement' | 'true' | 'false'
  /** Its source on one line, shortened. */
  readonly text: string
}

export type Instrumented = { readonly text: string; readonly points: readonly Point[] }

type Node = { readonly nodeType: string; readonly src: string; readonly [field: string]: unknown }
type Insertion = { readonly at: number; readonly text: string }
type Output = {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly sources: Readonly<Record<string, { readonly ast: Node }>>
}

/** Where the probe stands; instrumented files import it. */
export const PROBE_PATH = 'contracts/CoverageProbe.sol'

/** The in-process EVM records what is sent to this address while coverage is on. Scratch memory alone is written, so the compiler may move everything else. */
export const PROBE_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

library CoverageProbe {
    function reach(uint256 point) internal pure {
        _asPure(_send)(point);
    }

    function outcome(uint256 point, bool condition) internal pure returns (bool) {
        reach(condition ? point : point + 1);
        return condition;
    }

    function _send(uint256 point) private view {
        assembly ("memory-safe") {
            mstore(0, point)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
        }
    }

    function _asPure(function (uint256) internal view given) private pure returns (function (uint256) internal pure same) {
        assembly ("memory-safe") {
            same := given
        }
    }
}
`

/**
 * Puts a probe before every statement of every function and around every condition of an `if` and `?:`. Lines stay where they are.
 *
 * @param path - Path from the project's root; errors and points name it.
 * @param firstPoint - Number of the first probe; the others follow.
 * @returns The source unchanged when it has nothing to reach.
 * @throws {Error} The source does not parse.
 */
export function instrumentSolidity(path: string, text: string, firstPoint: number): Instrumented {
  const source = Buffer.from(text)
  const points: Point[] = []
  const opening: Insertion[] = []
  const closing: Insertion[] = []
  const add = (node: Node, ...kinds: Point['kind'][]): number => {
    const { start, end } = placeOf(node)
    const line = source.subarray(0, start).toString().split('\n').length
    const shortened = source.subarray(start, end).toString().replace(/\s+/g, ' ').slice(0, 80)
    for (const kind of kinds) points.push({ path, line, kind, text: shortened })
    return firstPoint + points.length - kinds.length
  }
  const markStatement = (statement: Node, alone: boolean): void => {
    if (statement.nodeType === 'Block' || statement.nodeType === 'UncheckedBlock' || statement.nodeType === 'PlaceholderStatement') return
    const { start, end } = placeOf(statement)
    opening.push({ at: start, text: `${alone ? '{ ' : ''}CoverageProbe.reach(${add(statement, 'statement')}); ` })
    // A place ends before the semicolon.
    if (alone) closing.push({ at: source[end - 1] === 0x7d ? end : source.indexOf(';', end - 1) + 1, text: ' }' })
  }
  const markCondition = (condition: Node): void => {
    const { start, end } = placeOf(condition)
    opening.push({ at: start, text: `CoverageProbe.outcome(${add(condition, 'true', 'false')}, ` })
    closing.push({ at: end, text: ')' })
  }
  const visit = (node: Node): void => {
    for (const statement of nodesIn(node['statements'])) markStatement(statement, false)
    for (const field of ['trueBody', 'falseBody', 'body']) for (const body of nodesIn(node[field])) markStatement(body, true)
    if (node.nodeType === 'IfStatement' || node.nodeType === 'Conditional') nodesIn(node['condition']).forEach(markCondition)
    if (node.nodeType !== 'InlineAssembly') Object.values(node).flatMap(nodesIn).forEach(visit)
  }
  const ast = parse(path, text)
  for (const body of functionsIn(ast).flatMap((node) => nodesIn(node['body']))) visit(body)
  if (points.length === 0) return { text, points }

  const pragma = nodesIn(ast['nodes']).find(({ nodeType }) => nodeType === 'PragmaDirective')
  if (pragma === undefined) throw new Error(`${path}: no pragma to put the probe's import behind`)
  const from = posix.relative(posix.dirname(path), PROBE_PATH)
  opening.push({ at: placeOf(pragma).end, text: ` import {CoverageProbe} from "${from.startsWith('.') ? from : `./${from}`}";` })
  // Where two begin at one place the outer was found first; where two end, the inner closes first. What ends somewhere precedes what begins there.
  const insertions = [...closing.reverse(), ...opening].sort((a, b) => a.at - b.at)
  let instrumented = ''
  let done = 0
  for (const { at, text: inserted } of insertions) {
    instrumented += source.subarray(done, at).toString() + inserted
    done = at
  }
  return { text: instrumented + source.subarray(done).toString(), points }
}

function parse(path: string, text: string): Node {
  const solc = createRequire(import.meta.url)('solc') as { readonly compile: (input: string) => string }
  const input = {
    language: 'Solidity',
    sources: { [path]: { content: text } },
    settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
  }
  const { errors, sources } = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  const failure = errors?.find(({ severity }) => severity === 'error')
  const ast = sources[path]?.ast
  if (failure !== undefined || ast === undefined) throw new Error(failure?.formattedMessage ?? `${path}: the compiler gave no syntax tree`)
  return ast
}

function functionsIn(node: Node): readonly Node[] {
  if (node.nodeType === 'FunctionDefinition' || node.nodeType === 'ModifierDefinition') return [node]
  return nodesIn(node['nodes']).flatMap(functionsIn)
}

function placeOf({ src }: Node): { readonly start: number; readonly end: number } {
  const [start = 0, length = 0] = src.split(':').map(Number)
  return { start, end: start + length }
}

function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return typeof value === 'object' && value !== null && 'nodeType' in value ? [value as Node] : []
}
