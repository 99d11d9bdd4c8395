import { InvalidInputError } from '../../risk/errors/index.ts'
import type { ScopeKind } from '../../risk/types/index.ts'

// Each list has the order of the Solidity enum of the same name: the position is the code on chain.
export const scopeKinds = ['none', 'protocol', 'market', 'asset', 'group'] as const
export const directions = ['up', 'down', 'twoSided'] as const
export const paramClasses = ['risk', 'money', 'feed', 'governance'] as const
export const laneCauses = [
  'opened',
  'shadowDone',
  'canaryDone',
  'breakerRejections',
  'breakerFlips',
  'impactExceeded',
  'guardian',
  'governance',
] as const
export type LaneCause = (typeof laneCauses)[number]
/** What OpenZeppelin's Governor answers to `state`. */
export const proposalStates = ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed'] as const
export type ProposalState = (typeof proposalStates)[number]

/**
 * The member of an enum list that stands at `code`.
 *
 * @throws {InvalidInputError} There is none.
 */
export function fromCode<Name extends string>(list: readonly Name[], code: number): Name {
  const found = list[code]
  if (found === undefined)
    throw new InvalidInputError({
      argument: 'code',
      got: code,
      limit: `0 to ${list.length - 1}: ${list.join(', ')}`,
    })
  return found
}

/**
 * The position of `name` in an enum list.
 *
 * @throws {InvalidInputError} The list does not hold it.
 */
export function toCode<Name extends string>(list: readonly Name[], name: Name): number {
  const code = list.indexOf(name)
  if (code < 0)
    throw new InvalidInputError({
      argument: 'name',
      got: name,
      limit: `one of ${list.join(', ')}`,
    })
  return code
}

/**
 * The kind of a scope from its code, which is also the first byte of a scope id.
 *
 * @throws {InvalidInputError} The code is zero or unknown.
 */
export function decodeScopeKind(code: number): ScopeKind {
  const kind = scopeKinds[code]
  if (kind === undefined || kind === 'none')
    throw new InvalidInputError({ argument: 'scope kind', got: code, limit: `1 to ${scopeKinds.length - 1}` })
  return kind
}
