import type { ParamId, ScopeId } from '../../risk/types/index.ts'
import { CliError, notFoundError } from '../kit/CliError.ts'
import { didYouMean } from '../kit/nearest.ts'

/**
 * The parameter meant on the command line.
 *
 * @param name - Whole id, or the part after its last dot when that names only one.
 * @param scope - Scope or market; may be absent when only one scope has the parameter.
 * @throws {CliError} Nothing or more than one fits; the message names what there is.
 */
export function findParameter<Candidate extends { readonly scope: ScopeId; readonly id: ParamId }>(
  candidates: readonly Candidate[],
  name: string,
  scope: string | undefined,
): Candidate {
  const ids = [...new Set(candidates.map(({ id }) => id))]
  const wanted = ids.includes(name) ? [name] : ids.filter((id) => id.split('.').at(-1) === name)
  if (wanted.length === 0)
    throw notFoundError(`There is no parameter ${JSON.stringify(name)}.`, didYouMean(name, ids) || `Known: ${ids.join(', ')}.`, {
      given: name,
    })
  const named = candidates.filter(({ id }) => wanted.includes(id))
  const found = scope === undefined ? named : named.filter((candidate) => isScope(candidate.scope, scope))
  const [first, second] = found
  if (first === undefined) {
    const scopes = [...new Set(named.map((candidate) => candidate.scope))]
    throw notFoundError(`${wanted[0]} does not exist in ${scope}.`, `It exists in ${scopes.join(', ')}.`, {
      given: scope ?? '',
      known: scopes,
    })
  }
  if (second !== undefined) {
    const choices = found.map((candidate) => `${candidate.id} of ${candidate.scope}`)
    throw new CliError('usage', `${name} fits more than one parameter: ${choices.join(', ')}.`, 'Name the scope with --scope or --market.')
  }
  return first
}

/** Whether a scope is the one meant: in full (`market:ETH`), or by the name of a market, asset or group (`ETH`). */
export function isScope(scope: ScopeId, wanted: string): boolean {
  return scope.toLowerCase() === wanted.toLowerCase() || scope.split(':')[1]?.toLowerCase() === wanted.toLowerCase()
}
