import type { ConfigurationProblem } from '../errors/index.ts'
import type { Catalogue, ParameterSpec } from '../types/index.ts'
import { parseWith } from './parseWith.ts'
import { catalogueSchema } from './schemas.ts'

/**
 * Catalogue from parsed JSON. Ids ascend, rails enclose something, emergency paths belong to RISK alone, and an invariant compares two parameters
 * of one scope kind: what the store's constructor checks, said in words.
 *
 * @throws {ConfigurationError} With every problem, its path, value and limit.
 */
export function parseCatalogue(input: unknown): Catalogue {
  return parseWith('catalogue', catalogueSchema, input, problemsOf) as unknown as Catalogue
}

function problemsOf({
  parameters,
  invariants,
}: {
  parameters: readonly unknown[]
  invariants: readonly unknown[]
}): ConfigurationProblem[] {
  const specs = parameters as readonly ParameterSpec[]
  const problems: ConfigurationProblem[] = []
  const report = (path: string, got: unknown, limit: string): void => void problems.push({ path, got: String(got), limit })
  specs.forEach(({ id, rails, class: riskClass, direction }, i) => {
    const at = `$.parameters[${i}]`
    const previous = specs[i - 1]?.id
    if (previous !== undefined && !(previous < id)) report(`${at}.id`, id, `after ${previous}: ids ascend`)
    if (rails.floor > rails.ceiling) report(`${at}.rails.floor`, rails.floor, `at most the ceiling, ${rails.ceiling}`)
    if (riskClass === 'risk' && direction === 'twoSided')
      report(`${at}.direction`, direction, 'up or down: a RISK parameter tightens one way')
    if (riskClass !== 'risk' && direction !== 'twoSided') report(`${at}.direction`, direction, `twoSided in class ${riskClass}`)
    if (riskClass !== 'risk' && rails.maxTightenBudgetBps !== 0)
      report(`${at}.rails.maxTightenBudgetBps`, rails.maxTightenBudgetBps, `0 in class ${riskClass}: only RISK tightens fast`)
  })
  const kindOf = new Map(specs.map(({ id, scopeKind }) => [id, scopeKind]))
  ;(invariants as Catalogue['invariants']).forEach(({ left, right }, i) => {
    for (const [side, id] of [
      ['left', left],
      ['right', right],
    ] as const)
      if (!kindOf.has(id)) report(`$.invariants[${i}].${side}`, id, 'an id of the catalogue')
    if (kindOf.get(left) !== kindOf.get(right)) report(`$.invariants[${i}].right`, right, `of the scope kind of ${left}`)
  })
  return problems
}
