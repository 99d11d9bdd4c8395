import { decodeParamId, decodeScopeId, fromCode } from '../../chain/ids/index.ts'
import type { Address, Hash, Hex, ParameterRule, ParamId, Reason, ScopeId, UnixSeconds, Writer } from '../../risk/types/index.ts'
import { reasons, writers } from '../../risk/types/index.ts'
import type { EventArgs, HistoryLink } from './decodeHistory.ts'

/** One write of a value, with the rule in force when it was made. */
export type ValueWrite = {
  readonly link: HistoryLink
  readonly scope: ScopeId
  readonly id: ParamId
  readonly previous: number
  readonly value: number
  readonly writer: Writer
  readonly reason: Reason
  readonly round: number
  readonly rule: ParameterRule | null
}

/** Keys that could sign in one epoch. */
export type EngineSet = { readonly epoch: number; readonly threshold: number; readonly engines: readonly Address[] }

/** A round that the mandate accepted, with the engine set in force at that moment. */
export type AcceptedRound = {
  readonly link: HistoryLink
  readonly scope: ScopeId
  readonly round: number
  readonly epoch: number
  readonly observedAt: UnixSeconds
  readonly digest: Hash
  readonly snapshot: Hash
  readonly engine: Hash
  readonly configuration: Hash
  readonly report: Hash
  readonly applied: number
  readonly pended: number
  readonly rejected: number
  readonly engines: EngineSet | null
  /** True when the epoch had been revoked before. */
  readonly revoked: boolean
}

/** What the history says, in order. */
export type FoldedHistory = {
  readonly writes: readonly ValueWrite[]
  readonly rounds: readonly AcceptedRound[]
  /** Rules in force after the last link, by scope and id joined with a space. */
  readonly rules: ReadonlyMap<string, ParameterRule>
}

/** Key of a parameter in a map. */
export function parameterKey(scope: ScopeId, id: ParamId): string {
  return `${scope} ${id}`
}

/** Plays the links in order and notes at every write and round what was in force then. Nothing here asks a contract. */
export function foldHistory(links: readonly HistoryLink[]): FoldedHistory {
  const writes: ValueWrite[] = []
  const rounds: AcceptedRound[] = []
  const rules = new Map<string, ParameterRule>()
  const revoked = new Set<number>()
  let engines: EngineSet | null = null
  for (const link of links) {
    const { args } = link
    switch (link.event) {
      case 'RuleSet':
        rules.set(parameterKey(scopeOf(args), idOf(args)), ruleOf(args['rule'] as RuleArgs))
        break
      case 'ParameterUpdated':
        writes.push({ ...writeOf(link), rule: rules.get(parameterKey(scopeOf(args), idOf(args))) ?? null })
        break
      case 'EnginesChanged':
        engines = { epoch: Number(args['epoch']), threshold: Number(args['threshold']), engines: args['engines'] as Address[] }
        break
      case 'EpochRevoked':
        revoked.add(Number(args['epoch']))
        break
      case 'RoundAccepted':
        rounds.push({ ...roundOf(link), engines, revoked: revoked.has(Number(args['epoch'])) })
        break
      default:
    }
  }
  return { writes, rounds, rules }
}

/** Scope of an event. */
export function scopeOf(args: EventArgs): ScopeId {
  return decodeScopeId(args['scope'] as Hex)
}

/** Parameter of an event. */
export function idOf(args: EventArgs): ParamId {
  return decodeParamId(args['id'] as Hex)
}

function writeOf(link: HistoryLink): Omit<ValueWrite, 'rule'> {
  const { args } = link
  return {
    link,
    scope: scopeOf(args),
    id: idOf(args),
    previous: Number(args['previous']),
    value: Number(args['value']),
    writer: fromCode(writers, Number(args['writer'])),
    reason: fromCode(reasons, Number(args['reason'])),
    round: Number(args['round']),
  }
}

function roundOf(link: HistoryLink): Omit<AcceptedRound, 'engines' | 'revoked'> {
  const { args } = link
  return {
    link,
    scope: scopeOf(args),
    round: Number(args['round']),
    epoch: Number(args['epoch']),
    observedAt: Number(args['observedAt']),
    digest: args['digest'] as Hash,
    snapshot: args['snapshot'] as Hash,
    engine: args['engine'] as Hash,
    configuration: args['configuration'] as Hash,
    report: args['report'] as Hash,
    applied: Number(args['applied']),
    pended: Number(args['pended']),
    rejected: Number(args['rejected']),
  }
}

type RuleArgs = Readonly<Record<keyof ParameterRule, bigint | number>>

function ruleOf(args: RuleArgs): ParameterRule {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, Number(value)])) as unknown as ParameterRule
}
