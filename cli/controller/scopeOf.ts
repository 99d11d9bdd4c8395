import type { ScopeId } from '../../risk/types/index.ts'
import { usageError } from '../kit/CliError.ts'

/**
 * `--scope` in full.
 *
 * @throws {CliError} It is no kind and name.
 */
export function scopeOf({ scope }: { readonly scope: string }): ScopeId {
  if (!/^(protocol|market|asset|group):.+$/.test(scope))
    throw usageError(`--scope is ${JSON.stringify(scope)}; it must be a kind and a name, like market:ETH.`)
  return scope as ScopeId
}
