import { type HistoryFinding, type RebuiltUpdate, rebuildHistory } from '../../chain/audit/index.ts'
import { decodeParamId, decodeScopeId } from '../../chain/ids/index.ts'
import type { Address, Hash, Hex, ParameterRule, ParamId, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { EventArgs, HistoryLink } from './decodeHistory.ts'

/** One write of a value, with the rule in force when it was made and the time of its block. */
export type ValueWrite = RebuiltUpdate & { readonly link: HistoryLink; readonly scope: ScopeId; readonly id: ParamId }

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
}

/** What the history says, in order. */
export type FoldedHistory = {
  readonly writes: readonly ValueWrite[]
  readonly rounds: readonly AcceptedRound[]
  /** Rules in force after the last link, by scope and id joined with a space. */
  readonly rules: ReadonlyMap<string, ParameterRule>
  /** What does not follow, or lies outside its rule. */
  readonly findings: readonly HistoryFinding[]
}

/** Key of a parameter in a map. */
export function parameterKey(scope: ScopeId, id: ParamId): string {
  return `${scope} ${id}`
}

/** Plays the links in order and notes at every write and round what was in force then. Nothing here asks a contract. */
export function foldHistory(links: readonly HistoryLink[]): FoldedHistory {
  const rebuilt = rebuildHistory(links)
  const byIndex = new Map(links.map((link) => [link.index, link]))
  const writes = rebuilt.parameters.flatMap(({ scope, id, updates }) =>
    updates.flatMap((update): ValueWrite[] => {
      const link = byIndex.get(update.link.index)
      return link === undefined ? [] : [{ ...update, link, scope, id }]
    }),
  )
  const rules = new Map(
    rebuilt.parameters.flatMap(({ scope, id, rule }) => (rule === null ? [] : [[parameterKey(scope, id), rule] as const])),
  )
  return { writes: writes.sort((a, b) => a.link.index - b.link.index), rounds: foldRounds(links), rules, findings: rebuilt.findings }
}

function foldRounds(links: readonly HistoryLink[]): AcceptedRound[] {
  const rounds: AcceptedRound[] = []
  let engines: EngineSet | null = null
  for (const link of links) {
    const { args, event } = link
    if (event === 'EnginesChanged')
      engines = { epoch: Number(args['epoch']), threshold: Number(args['threshold']), engines: args['engines'] as Address[] }
    // The new epoch that a revocation opens has no engines.
    if (event === 'EpochRevoked') engines = { epoch: Number(args['epoch']), threshold: 1, engines: [] }
    if (event === 'RoundAccepted') rounds.push({ ...roundOf(link), engines })
  }
  return rounds
}

/** Scope of an event. */
export function scopeOf(args: EventArgs): ScopeId {
  return decodeScopeId(args['scope'] as Hex)
}

/** Parameter of an event. */
export function idOf(args: EventArgs): ParamId {
  return decodeParamId(args['id'] as Hex)
}

function roundOf(link: HistoryLink): Omit<AcceptedRound, 'engines'> {
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
