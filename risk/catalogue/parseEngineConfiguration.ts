import type { ConfigurationProblem } from '../errors/index.ts'
import { policies } from '../policy/index.ts'
import type { Catalogue, EngineConfiguration } from '../types/index.ts'
import { parseWith } from './parseWith.ts'
import { engineSchema } from './schemas.ts'

/**
 * Engine configuration from parsed JSON: it gives exactly the constants that the policies of its scope's kind name, no more and no fewer.
 *
 * @throws {ConfigurationError} With every problem, its path, value and limit.
 */
export function parseEngineConfiguration(input: unknown, catalogue: Catalogue): EngineConfiguration {
  return parseWith('engine configuration', engineSchema, input, (parsed) =>
    problemsOf(parsed as unknown as EngineConfiguration, catalogue),
  ) as unknown as EngineConfiguration
}

function problemsOf({ scope, policy }: EngineConfiguration, catalogue: Catalogue): ConfigurationProblem[] {
  const kind = scope.slice(0, scope.indexOf(':'))
  const governed = catalogue.parameters.filter(({ id, scopeKind }) => scopeKind === kind && policies.has(id)).map(({ id }) => id)
  const unknown = Object.keys(policy).filter((id) => !governed.includes(id))
  const problems = unknown.map((id) => ({ path: `$.policy.${id}`, got: 'given', limit: `left out: ${scope} has no such policy` }))
  for (const id of governed) {
    const wanted = [...policies.get(id)!.constants].sort().join(', ')
    const given = Object.keys(policy[id] ?? {})
      .sort()
      .join(', ')
    if (policy[id] === undefined || wanted !== given)
      problems.push({ path: `$.policy.${id}`, got: given || 'nothing', limit: `exactly ${wanted || 'an empty object'}` })
  }
  return problems
}
