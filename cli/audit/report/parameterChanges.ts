import { isTighter, readState } from '../../../risk/rules/index.ts'
import type { ParameterEntry, ParameterSpec, ParameterState, UnixSeconds, Writer } from '../../../risk/types/index.ts'
import type { ChainLog } from '../ChainLog.ts'
import { type FoldedHistory, parameterKey, type ValueWrite } from '../foldHistory.ts'
import type { ParameterChanges } from './AuditReport.ts'

const BPS = 10_000

/** Every parameter that was written in the window: by whom, which way, how far, and how much of its budgets that used. */
export function parameterChanges(
  { entries, specs }: ChainLog,
  { writes }: FoldedHistory,
  from: UnixSeconds,
  to: UnixSeconds,
): ParameterChanges[] {
  const stored = Map.groupBy(entries, ({ scope, id }) => parameterKey(scope, id))
  const groups = [...Map.groupBy(writes, ({ scope, id }) => parameterKey(scope, id))].sort(([a], [b]) => (a < b ? -1 : 1))
  return groups.flatMap(([key, all]) => {
    const own = all.filter(({ link }) => link.time >= from && link.time <= to)
    const [first] = own
    const last = own.at(-1)
    const spec = specs.find(({ id }) => id === first?.id)
    if (first === undefined || last === undefined || spec === undefined) return []
    const history = (stored.get(key) ?? []).toSorted((a, b) => a.index - b.index).map(({ entry }) => entry)
    const moves = own.filter(({ reason }) => reason !== 'activation' && reason !== 'import')
    const tighter = moves.filter(({ value, previous }) => isTighter(spec.direction, value, previous))
    const looser = moves.filter((move) => !tighter.includes(move))
    return [
      {
        scope: first.scope,
        id: first.id,
        first: first.reason === 'activation' || first.reason === 'import' ? null : first.previous,
        last: last.value,
        writers: countBy(own, ({ writer }): Writer => writer),
        tightened: tighter.length,
        loosened: looser.length,
        tightenedBps: grossBps(tighter),
        loosenedBps: grossBps(looser),
        ...budgets(own, { ...spec, unit: 'bps', description: '' }, history),
      },
    ]
  })
}

/** How often each key occurs. */
export function countBy<Item, Key extends string>(items: readonly Item[], keyOf: (item: Item) => Key): Partial<Record<Key, number>> {
  const counts: Partial<Record<Key, number>> = {}
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}

function grossBps(moves: readonly ValueWrite[]): number {
  return moves.reduce((sum, { value, previous }) => sum + Math.ceil((BPS * Math.abs(value - previous)) / Math.max(1, previous)), 0)
}

/** The fullest that each budget was after a write of the window. */
function budgets(
  writes: readonly ValueWrite[],
  spec: ParameterSpec,
  history: readonly ParameterEntry[],
): Pick<ParameterChanges, 'tightenBudgetBps' | 'loosenBudgetBps'> {
  let tighten: number | null = null
  let loosen: number | null = null
  for (const { rule, link } of writes) {
    const upTo = history.filter(({ time }) => time <= link.time)
    const [last] = upTo.slice(-1)
    if (rule === null || last === undefined) continue
    const state: ParameterState = readState(
      spec,
      {
        rule,
        value: last.value,
        ramp: { origin: last.value, since: last.time },
        lastTightenAt: last.time,
        history: upTo,
        pending: null,
        vetoedUntil: 0,
        pendingRule: null,
        undoneAt: 0,
      },
      link.time,
    )
    if (rule.tightenBudgetBps > 0)
      tighten = Math.max(tighten ?? 0, share(state.tightenBudgetUsed, (rule.tightenBudgetBps * state.tightenBudgetBase) / BPS))
    if (rule.loosenBudgetBps > 0) loosen = Math.max(loosen ?? 0, share(state.loosenBudgetUsedBps, rule.loosenBudgetBps))
  }
  return { tightenBudgetBps: tighten, loosenBudgetBps: loosen }
}

function share(used: number, limit: number): number {
  return limit === 0 ? 0 : Math.ceil((BPS * used) / limit)
}
