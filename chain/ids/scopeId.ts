import { concatHex, numberToHex, stringToHex } from 'viem'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Hex, ScopeId, ScopeKind } from '../../risk/types/index.ts'
import { decodeScopeKind, scopeKinds } from './enums.ts'
import { decodeName } from './paramId.ts'

/**
 * Splits a scope id into its kind and name.
 *
 * @throws {InvalidInputError} The kind is unknown or the name is not 1 to 31 printable ASCII characters.
 */
export function parseScopeId(scope: string): {
  readonly kind: ScopeKind
  readonly name: string
} {
  const at = scope.indexOf(':')
  const kind = scopeKinds.find((known) => known !== 'none' && known === scope.slice(0, at))
  const name = scope.slice(at + 1)
  if (kind === undefined || kind === 'none' || !/^[!-~]{1,31}$/.test(name))
    throw new InvalidInputError({
      argument: 'scope',
      got: scope,
      limit: 'protocol|market|asset|group, a colon, then 1 to 31 ASCII characters',
    })
  return { kind, name }
}

/**
 * The bytes32 of a scope: its kind in the first byte, then its name, left-aligned. `market:ETH` is 0x02 "ETH".
 *
 * @throws {InvalidInputError} As {parseScopeId}.
 */
export function encodeScopeId(scope: ScopeId): Hex {
  const { kind, name } = parseScopeId(scope)
  return concatHex([numberToHex(scopeKinds.indexOf(kind), { size: 1 }), stringToHex(name, { size: 31 })])
}

/**
 * The scope in a bytes32.
 *
 * @throws {InvalidInputError} The first byte is no kind or the rest is no name.
 */
export function decodeScopeId(bytes: Hex): ScopeId {
  const kind = decodeScopeKind(Number.parseInt(bytes.slice(2, 4), 16))
  return `${kind}:${decodeName(bytes, 'scope', 1)}`
}
