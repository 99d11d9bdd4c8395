import type { ParamId, ScopeId } from '../../risk/types/index.ts'
import type { ProtocolState } from '../state/index.ts'

/** Values that the margin rule of a market reads: its own, and the haircut of its asset. */
export function marginValues({ scopes }: Pick<ProtocolState, 'scopes'>, scope: ScopeId): ReadonlyMap<ParamId, number> {
  const asset = `asset:${scope.slice(scope.indexOf(':') + 1)}`
  const own = scopes.filter((each) => each.scope === scope || each.scope === asset)
  return new Map(own.flatMap(({ parameters }) => parameters.map(({ id, value }) => [id, value] as const)))
}

const readByMargin = /^(margin\.|market\.(depth|vegaDepth)$|collateral\.haircut$)/

/** Market scopes whose margin a change of state touches; a new market has no accounts yet. */
export function affectedMarkets(before: Pick<ProtocolState, 'scopes'>, after: Pick<ProtocolState, 'scopes'>): ScopeId[] {
  return before.scopes
    .map(({ scope }) => scope)
    .filter((scope) => scope.startsWith('market:'))
    .filter((scope) => {
      const live = marginValues(before, scope)
      return [...marginValues(after, scope)].some(([id, value]) => readByMargin.test(id) && live.get(id) !== value)
    })
}
