import type {
  Address,
  Catalogue,
  Deployment,
  LaneMode,
  LaneSettings,
  ParameterSpec,
  ProposalDraft,
  ScopeId,
  UnixSeconds,
} from '../../risk/types/index.ts'
import {
  buildActivateScope,
  buildAppointGuardian,
  buildOpenLane,
  buildSetEngines,
  buildSetRole,
  draftProposal,
  type ScopeActivation,
} from '../draft/index.ts'
import { splitByGas, TRANSACTION_GAS_LIMIT } from '../encode/index.ts'

/** Everything the DAO ratifies before a controller may move anything. */
export type RatificationPlan = {
  readonly title: string
  /** Why, in Markdown; the tables of parameters are added. */
  readonly reasons: string
  readonly guardian: { readonly account: Address; readonly until: UnixSeconds } | null
  readonly stewards: readonly Address[]
  readonly engines: { readonly set: readonly Address[]; readonly threshold: number } | null
  /** Market, asset, group and protocol scopes with all their rules and first values. */
  readonly scopes: readonly ScopeActivation[]
  readonly lanes: readonly {
    readonly scope: ScopeId
    readonly mode: Extract<LaneMode, 'shadow' | 'canary' | 'live'>
    readonly settings: LaneSettings
  }[]
  readonly proposer?: Address
}

/** Of the transaction limit; the rest is room for the difference between estimate and fact. */
const GAS_SHARE = 0.9

/**
 * The proposals that set a market up, in the order in which they must be executed: guardian, stewards, engines, scopes, lanes. One proposal when it
 * fits under the gas limit of a transaction, else several, numbered in their titles; they can be voted on at the same time.
 */
export function draftRatification(deployment: Deployment, catalogue: Catalogue, plan: RatificationPlan): ProposalDraft[] {
  const actions = [
    ...(plan.guardian === null ? [] : [buildAppointGuardian(deployment, plan.guardian.account, plan.guardian.until)]),
    ...plan.stewards.map((steward) => buildSetRole(deployment, 'steward', steward, true)),
    ...(plan.engines === null ? [] : [buildSetEngines(deployment, plan.engines.set, plan.engines.threshold)]),
    ...plan.scopes.map((scope) => buildActivateScope(deployment, catalogue, scope)),
    ...plan.lanes.map(({ scope, mode, settings }) => buildOpenLane(deployment, scope, mode, settings)),
  ]
  const groups = splitByGas(actions, TRANSACTION_GAS_LIMIT * GAS_SHARE)
  const body = [plan.reasons, ...plan.scopes.map((scope) => tableOf(catalogue, scope))].join('\n\n')
  return groups.map((group, i) =>
    draftProposal({
      title: groups.length === 1 ? plan.title : `${plan.title} (${i + 1} of ${groups.length})`,
      body,
      actions: group,
      ...(plan.proposer !== undefined && { proposer: plan.proposer }),
    }),
  )
}

/** What voters read: each value with its range, in the unit of the catalogue. */
function tableOf(catalogue: Catalogue, { scope, parameters }: ScopeActivation): string {
  const rows = parameters.map(({ id, rule, value }) => {
    const unit = catalogue.parameters.find((spec: ParameterSpec) => spec.id === id)?.unit ?? ''
    return `| ${id} | ${unit} | ${value} | ${rule.floor} | ${rule.ceiling} | ${rule.baseline} |`
  })
  return [`## ${scope}`, '', '| parameter | unit | value | floor | ceiling | baseline |', '|---|---|---|---|---|---|', ...rows].join('\n')
}
