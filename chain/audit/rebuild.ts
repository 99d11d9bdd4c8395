import {
  type ParameterRule,
  type ParameterValue,
  type ParamId,
  type Reason,
  reasons,
  type ScopeId,
  type Writer,
  writers,
} from '../../risk/types/index.ts'
import { decodeRule, decodeValue, type RuleStruct } from '../codec/index.ts'
import { decodeParamId, decodeScopeId, fromCode } from '../ids/index.ts'
import type { ChainLink } from '../read/index.ts'
import { finding, type HistoryFinding } from './findings.ts'

/** One write of a parameter, as the log tells it. */
export type RebuiltUpdate = {
  readonly link: ChainLink
  readonly previous: ParameterValue
  readonly value: ParameterValue
  readonly writer: Writer
  readonly reason: Reason
  readonly round: number
  /** The rule in force when it was written; null is a finding. */
  readonly rule: ParameterRule | null
}

/** A parameter's whole life, from the log alone. */
export type RebuiltParameter = {
  readonly scope: ScopeId
  readonly id: ParamId
  readonly updates: readonly RebuiltUpdate[]
  /** In force at the end. */
  readonly rule: ParameterRule | null
}

export type Rebuilt = {
  readonly parameters: readonly RebuiltParameter[]
  readonly scopes: readonly ScopeId[]
  readonly findings: readonly HistoryFinding[]
}

type Building = { scope: ScopeId; id: ParamId; updates: RebuiltUpdate[]; rule: ParameterRule | null; ruleAt: number }

/**
 * Plays the log from its start: the history of every parameter, and whether each value lay inside the rule in force at its time and each rule
 * around the live value.
 *
 * @param links - Complete and index ascending; see `verifyChain`.
 */
export function rebuildHistory(links: readonly ChainLink[]): Rebuilt {
  const parameters = new Map<string, Building>()
  const scopes = new Set<ScopeId>()
  const findings: HistoryFinding[] = []
  const open = (args: ChainLink['args']): Building => {
    const key = `${args['scope']}${args['id']}`
    const known = parameters.get(key)
    if (known !== undefined) return known
    const fresh: Building = {
      scope: decodeScopeId(args['scope'] as `0x${string}`),
      id: decodeParamId(args['id'] as `0x${string}`),
      updates: [],
      rule: null,
      ruleAt: -1,
    }
    parameters.set(key, fresh)
    return fresh
  }
  // A rule that excludes the live value must be followed, as the very next link, by the write that moves the value to its bound.
  let owed: Building | null = null
  for (const link of links) {
    const settles = link.event === 'ParameterUpdated' ? open(link.args) : null
    if (owed !== null && settles !== owed) findings.push(excluded(owed))
    owed = null
    if (settles !== null) findings.push(...addUpdate(settles, link))
    if (link.event === 'ScopeActivated') scopes.add(decodeScopeId(link.args['scope'] as `0x${string}`))
    if (link.event === 'RuleSet') {
      const parameter = open(link.args)
      parameter.rule = decodeRule(link.args['rule'] as RuleStruct)
      parameter.ruleAt = link.index
      const live = parameter.updates.at(-1)
      if (live !== undefined && !isInside(parameter.rule, live.value)) owed = parameter
    }
  }
  if (owed !== null) findings.push(excluded(owed))
  return { parameters: [...parameters.values()].map(({ ruleAt: _, ...rest }) => rest), scopes: [...scopes], findings }
}

const isInside = (rule: ParameterRule, value: number): boolean => value >= rule.floor && value <= rule.ceiling

function excluded({ scope, id, rule, ruleAt, updates }: Building): HistoryFinding {
  return finding('ruleExcludesValue', `${rule?.floor} to ${rule?.ceiling}`, updates.at(-1)?.value, { index: ruleAt, scope, id })
}

function addUpdate(parameter: Building, link: ChainLink): HistoryFinding[] {
  const { scope, id, rule, updates } = parameter
  const place = { index: link.index, scope, id }
  const { args } = link
  const update: RebuiltUpdate = {
    link,
    previous: decodeValue(args['previous'] as bigint),
    value: decodeValue(args['value'] as bigint),
    writer: fromCode(writers, args['writer'] as number),
    reason: fromCode(reasons, args['reason'] as number),
    round: args['round'] as number,
    rule,
  }
  const before = updates.at(-1)?.value ?? 0
  updates.push(update)
  const findings: HistoryFinding[] = []
  if (update.previous !== before) findings.push(finding('previousMismatch', before, update.previous, place))
  if (rule === null) findings.push(finding('noRule', 'a rule', 'none', place))
  else if (!isInside(rule, update.value)) findings.push(finding('outsideRule', `${rule.floor} to ${rule.ceiling}`, update.value, place))
  return findings
}
