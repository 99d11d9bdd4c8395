import type { ParameterRule, ParamId, Reason, ScopeId, UnixSeconds, Writer } from '../../risk/types/index.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { decodeHistory, type HistoryLink } from '../audit/decodeHistory.ts'
import { foldHistory, idOf, parameterKey, scopeOf, type ValueWrite } from '../audit/foldHistory.ts'

/** A parameter as its history shows it at one time. */
export type ParameterView = {
  readonly scope: ScopeId
  readonly id: ParamId
  readonly value: number
  /** Value that maintenance reads at the end of the log; null for an earlier time. */
  readonly effective: number | null
  readonly rule: ParameterRule
  /** Target of a loosening that waits, and when it may execute. */
  readonly pending: { readonly target: number; readonly eta: UnixSeconds } | null
  readonly last: {
    readonly time: UnixSeconds
    readonly writer: Writer
    readonly reason: Reason
    readonly round: number
    readonly block: number
  }
  /** Number of writes so far. */
  readonly entries: number
}

/** One write as the command line lists it. */
export type ParameterWrite = Pick<ValueWrite, 'scope' | 'id' | 'previous' | 'value' | 'writer' | 'reason' | 'round'> & {
  readonly index: number
  readonly time: UnixSeconds
  readonly block: number
  readonly transaction: string
  readonly rule: ParameterRule | null
}

/** Every write of a log in order; `index` counts per parameter, as the store does. */
export function parameterWrites(log: ChainLog): ParameterWrite[] {
  const counts = new Map<string, number>()
  return foldHistory(decodeHistory(log.logs)).writes.map(({ link, ...write }) => {
    const key = parameterKey(write.scope, write.id)
    const index = counts.get(key) ?? 0
    counts.set(key, index + 1)
    return { ...write, index, time: link.time, block: Number(link.block), transaction: link.transaction }
  })
}

/**
 * All parameters as they stood at `at`, scopes and ids in the order of their first write.
 *
 * @param at - The end of the log when absent. Of writes with one timestamp the last counts.
 */
export function foldParameters(log: ChainLog, at?: UnixSeconds): ParameterView[] {
  const links = decodeHistory(log.logs).filter(({ time }) => at === undefined || time <= at)
  const { writes, rules } = foldHistory(links)
  const groups = new Map<string, ValueWrite[]>()
  for (const write of writes)
    groups.set(parameterKey(write.scope, write.id), [...(groups.get(parameterKey(write.scope, write.id)) ?? []), write])
  return [...groups].flatMap(([key, own]) => {
    const last = own.at(-1)
    const rule = rules.get(key)
    if (last === undefined || rule === undefined) return []
    const { scope, id, value, writer, reason, round } = last
    const stored = log.values.find((candidate) => candidate.scope === scope && candidate.id === id)
    return [
      {
        scope,
        id,
        value,
        effective: at === undefined ? (stored?.effective ?? null) : null,
        rule,
        pending: pendingOf(links, scope, id, at ?? log.until.time),
        last: { time: last.link.time, writer, reason, round, block: Number(last.link.block) },
        entries: own.length,
      },
    ]
  })
}

/** The loosening that waits at `time`: the last one pended, unless a write or a removal came after it, or it has expired. */
function pendingOf(links: readonly HistoryLink[], scope: ScopeId, id: ParamId, time: UnixSeconds): ParameterView['pending'] {
  const events = ['LooseningPended', 'LooseningVoided', 'ParameterUpdated']
  const last = links.findLast((link) => events.includes(link.event) && scopeOf(link.args) === scope && idOf(link.args) === id)
  if (last?.event !== 'LooseningPended' || Number(last.args['expiry']) < time) return null
  return { target: Number(last.args['target']), eta: Number(last.args['eta']) }
}
