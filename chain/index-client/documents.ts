import { type DocumentNode, parse } from 'graphql'
import type { IndexList, IndexRows, IndexStatus } from './IndexRows.ts'

const rule = `{ floor ceiling baseline tightenStepBps tightenStepFloor loosenStepBps tightenCooldown loosenCooldown tightenBudgetBps
  loosenBudgetBps loosenWindow vetoHours emergencyStepBps emergencyCooldown rampPerHour }`
const settings = `{ heartbeatTimeout deadManTimeout flipWindow shadowRounds canaryRounds breakerRejections impactAccountsLimit
  impactNotionalLimit impactMultipleBps expiresAt }`
const call = '{ target value data }'

const fields: Readonly<Record<IndexList, string>> = {
  scopes: 'scope caller predecessor predecessorHead predecessorLinks',
  parameters: `scope parameter value writer reason round changes changedAt changedBlock rule ${rule} ruleSince
    pendingRule ${rule} pendingRuleValue pendingRuleEta vetoedUntil`,
  parameterChanges: 'scope parameter link number previous value writer reason round caller',
  ruleChanges: `scope parameter link kind rule ${rule} value eta caller`,
  loosenings: 'scope parameter link round epoch current target createdAt eta expiry status closedAt closedBy',
  vetoes: 'scope parameter link voter createdAt votes total threshold',
  roundItems: 'scope parameter link number emergency kind current proposed code limit',
  lanes: `scope mode settings ${settings} round observedAt heartbeatAt heldUntil meter`,
  laneChanges: `scope link kind previous mode cause by settings ${settings} until meter`,
  engineSets: 'link epoch threshold engines revokedBy',
  rounds: `scope link round epoch observedAt outcome applied pended rejected vetoed impactNotional impactAccounts
    digest snapshot engine configuration report submitter cosigner`,
  stewardActions: 'scope link kind parameter nonce entry steward guardian impactNotional impactAccounts applied rejected',
  guardianTerms: 'link guardian until inForce',
  proposals: `proposal proposer calls ${call} description state voteStart voteEnd extended quorum against for abstain eta operation endedAt`,
  votes: 'proposal voter support weight reason parameters',
  delegations: 'delegator delegate since',
  delegates: 'delegate votes changedAt',
  operations: `operation calls ${call} predecessor salt scheduledAt readyAt status endedAt`,
  roles: 'contract role roleHash holder held changedAt',
  roleChanges: 'contract role roleHash holder granted caller',
}

/** A parsed query that carries the types of its answer and variables, in the form that graphql-request reads. */
export type TypedDocument<Result, Variables> = DocumentNode & { readonly __apiType?: (variables: Variables) => Result }

/** All lists of the index. */
export const indexLists = Object.keys(fields) as readonly IndexList[]

const status = `status { chain token block blockHash time headBlock lagBlocks links historyHead ready reasons rollbacks deepestRollback rebuilds }`

/** Arguments of a page. */
export type PageVariables = {
  readonly first?: number
  readonly after?: string
  readonly order?: 'ascending' | 'descending'
  /** Equal to these values; which columns can be filtered by stands in the schema. */
  readonly where?: Readonly<Record<string, string | number | boolean>>
}

/** A page of a list, with the status at which it was read. */
export type IndexPage<List extends IndexList> = {
  readonly status: IndexStatus
  readonly page: {
    readonly nodes: readonly IndexRows[List][]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

/** Asks for the status alone. */
export const statusDocument: TypedDocument<{ readonly status: IndexStatus }, Record<string, never>> = parse(`query { ${status} }`)

const pages = new Map<IndexList, DocumentNode>()

/** The document that asks for a page of a list. The status comes with it: an answer without it could be old and not look it. */
export function pageDocument<List extends IndexList>(list: List): TypedDocument<IndexPage<List>, PageVariables> {
  const known = pages.get(list)
  if (known !== undefined) return known
  const filter = `${filterNames[list]}Filter`
  const made = parse(`query ($first: Int, $after: String, $order: Order, $where: ${filter}) {
    ${status}
    page: ${list}(first: $first, after: $after, order: $order, where: $where) {
      nodes { position block time transaction ${fields[list]} }
      pageInfo { hasNextPage endCursor }
    }
  }`)
  pages.set(list, made)
  return made
}

const filterNames: Readonly<Record<IndexList, string>> = {
  scopes: 'Scope',
  parameters: 'Parameter',
  parameterChanges: 'ParameterChange',
  ruleChanges: 'RuleChange',
  loosenings: 'Loosening',
  vetoes: 'Veto',
  roundItems: 'RoundItem',
  lanes: 'Lane',
  laneChanges: 'LaneChange',
  engineSets: 'EngineSet',
  rounds: 'Round',
  stewardActions: 'StewardAction',
  guardianTerms: 'GuardianTerm',
  proposals: 'Proposal',
  votes: 'Vote',
  delegations: 'Delegation',
  delegates: 'Delegate',
  operations: 'Operation',
  roles: 'Role',
  roleChanges: 'RoleChange',
}
