import type { ConfigurationProblem } from '../errors/index.ts'
import { firstBrokenInvariant, ruleFaults } from '../rules/index.ts'
import type { Catalogue, ParameterRule, ParameterValue, ParamId, ScopeId } from '../types/index.ts'
import { parseWith } from './parseWith.ts'
import { marketSchema } from './schemas.ts'

/** First contents of one scope: what a ratification activates. */
export type ScopeContents = {
  readonly scope: ScopeId
  /** Every parameter of the scope's kind, ids ascending. */
  readonly parameters: readonly { readonly id: ParamId; readonly value: ParameterValue; readonly rule: ParameterRule }[]
}

/** Default rules and values of one market and its collateral, or of a margin group. */
export type MarketDefaults = {
  readonly schema: 'ballast.market'
  readonly version: 1
  readonly market: string
  readonly scopes: readonly ScopeContents[]
}

/**
 * Market defaults from parsed JSON, checked against the catalogue as `activateScope` will: complete scopes, rules inside their rails, values inside
 * their rules, joint invariants.
 *
 * @throws {ConfigurationError} With every problem, its path, value and limit.
 */
export function parseMarket(input: unknown, catalogue: Catalogue): MarketDefaults {
  return parseWith('market defaults', marketSchema, input, (parsed) =>
    (parsed as unknown as MarketDefaults).scopes.flatMap((contents, i) => problemsOf(contents, `$.scopes[${i}]`, catalogue)),
  ) as unknown as MarketDefaults
}

function problemsOf({ scope, parameters }: ScopeContents, at: string, catalogue: Catalogue): ConfigurationProblem[] {
  const kind = scope.slice(0, scope.indexOf(':'))
  const specs = catalogue.parameters.filter(({ scopeKind }) => scopeKind === kind)
  const wanted = specs.map(({ id }) => id).join(', ')
  const given = parameters.map(({ id }) => id).join(', ')
  if (given !== wanted) return [{ path: `${at}.parameters`, got: given, limit: `exactly ${wanted}, in this order` }]
  const problems = parameters.flatMap(({ value, rule }, i): ConfigurationProblem[] => {
    const spec = specs[i]!
    const faults = ruleFaults(spec, rule).map(({ name, value: got, limit }) => ({
      path: `${at}.parameters[${i}].rule.${name}`,
      got: String(got),
      limit: `within ${limit}`,
    }))
    const outside = value < rule.floor || value > rule.ceiling
    return outside
      ? [...faults, { path: `${at}.parameters[${i}].value`, got: String(value), limit: `between ${rule.floor} and ${rule.ceiling}` }]
      : faults
  })
  const values = new Map(parameters.map(({ id, value, rule }) => [id, { value, baseline: rule.baseline }]))
  const broken = firstBrokenInvariant(catalogue.invariants, new Set(values.keys()), (id) => values.get(id)!)
  return broken === null
    ? problems
    : [...problems, { path: at, got: `joint invariant ${broken.invariant}: ${broken.left}`, limit: `at most ${broken.right}` }]
}
