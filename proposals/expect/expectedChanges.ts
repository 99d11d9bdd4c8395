import type { DecodedCall } from '../decode/index.ts'
import { diffStates, flattenState, type StateChange } from '../state/index.ts'
import { applyCall } from './applyCall.ts'
import type { Protocol } from './Protocol.ts'

export type Expectation = {
  readonly changes: readonly StateChange[]
  /** Calls whose effects follow from nothing we know. */
  readonly unknown: readonly DecodedCall[]
}

/**
 * What the calls of a proposal should change, from their meaning and from what the draft itself states.
 *
 * @param stated - Value after, by path, of changes that a raw call makes.
 */
export function expectedChanges(
  protocols: readonly Protocol[],
  calls: readonly DecodedCall[],
  stated: Readonly<Record<string, string>> = {},
): Expectation {
  const unknown: DecodedCall[] = []
  const after = calls.reduce<readonly Protocol[]>((at, call) => {
    const applied = applyCall(at, call)
    if (applied === null) unknown.push(call)
    return applied ?? at
  }, protocols)
  const before = flattenProtocols(protocols)
  return { changes: diffStates(before, new Map([...flattenProtocols(after), ...Object.entries(stated)])), unknown }
}

/** All protocols in one map, each under its prefix. */
export function flattenProtocols(protocols: readonly Protocol[]): ReadonlyMap<string, string> {
  return new Map(
    protocols.flatMap(({ prefix, state }) => [...flattenState(state)].map(([path, word]) => [`${prefix}${path}`, word] as const)),
  )
}
