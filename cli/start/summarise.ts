import type { DrillResult } from '../../controller/drill/types.ts'
import type { Catalogue, ParamId, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { auditChain } from '../audit/auditChain.ts'
import type { ChainLog } from '../audit/ChainLog.ts'
import { decodeHistory, type HistoryLink } from '../audit/decodeHistory.ts'
import { foldHistory } from '../audit/foldHistory.ts'
import type { ReplayedRound } from '../audit/replayRounds.ts'
import { specOf } from '../context/openCatalogue.ts'
import type { Document } from '../kit/json.ts'
import { bothTimes } from '../kit/time.ts'
import { foldParameters } from '../parameters/foldParameters.ts'
import type { RunManifest } from '../run/RunManifest.ts'
import type { ParameterSummary, RunSummary } from './RunSummary.ts'
import { summariseClearing } from './summariseClearing.ts'

/** The summary of a run, from the chain's own log and from the rounds computed again. */
export async function summarise(
  manifest: RunManifest,
  run: string,
  log: ChainLog,
  catalogue: Catalogue,
  ticks: number,
  cleared: DrillResult,
  replayed: readonly ReplayedRound[],
): Promise<RunSummary> {
  const links = decodeHistory(log.logs)
  const { rounds, writes } = foldHistory(links)
  const audit = await auditChain(log)
  const count = (event: string): number => links.filter((link) => link.event === event).length
  const outOfRange = audit.faults.filter(({ check }) => check === 'ranges' || check === 'limits')
  return {
    schema: 'ballast.run-summary',
    version: 2,
    market: manifest.market,
    from: bothTimes(manifest.from),
    to: bothTimes(manifest.to),
    run,
    ticks,
    adjustments: writes.filter(({ writer }) => writer === 'controller').length,
    pending: count('LooseningPended'),
    held: rounds.filter(({ applied, pended, rejected }) => applied + pended + rejected === 0).length,
    rejected: count('ItemRejected'),
    historyVerified: audit.faults.length === outOfRange.length,
    replayIdentical: replayed.length === rounds.length && rounds.length > 0 && replayed.every(({ identical }) => identical),
    rangesRespected: outOfRange.length === 0,
    accountsAddUp: cleared.checks > 0 && cleared.faults.length === 0,
    clearing: summariseClearing(manifest.market, cleared),
    params: summariseParameters(log, catalogue),
  }
}

function summariseParameters(log: ChainLog, catalogue: Catalogue): { readonly [id: string]: ParameterSummary } {
  const views = foldParameters(log)
  const first = firstValues(decodeHistory(log.logs))
  const twice = (id: ParamId): boolean => views.filter((view) => view.id === id).length > 1
  return Object.fromEntries(
    views.map(({ scope, id, value, effective, rule }) => [
      twice(id) ? `${scope} ${id}` : id,
      {
        before: first.get(`${scope} ${id}`) ?? value,
        after: value,
        effective: effective ?? value,
        floor: rule.floor,
        ceiling: rule.ceiling,
        unit: specOf(catalogue, id).unit,
      },
    ]),
  )
}

/** First value of every parameter, by scope and id. */
function firstValues(links: readonly HistoryLink[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>()
  for (const { scope, id, value } of foldHistory(links).writes) if (!first.has(`${scope} ${id}`)) first.set(`${scope} ${id}`, value)
  return first
}

/** Where a parameter made its largest move. */
export type LargestMove = { readonly scope: ScopeId; readonly id: ParamId; readonly time: UnixSeconds }

/**
 * The largest relative move that the controller wrote, among ramped parameters when one of those moved: they are the ones that touch open positions.
 *
 * @returns Null when the controller wrote nothing.
 */
export function largestMove(log: ChainLog, catalogue: Catalogue): LargestMove | null {
  const moves = foldHistory(decodeHistory(log.logs))
    .writes.filter(({ writer, previous }) => writer === 'controller' && previous > 0)
    .map(({ scope, id, previous, value, link }) => ({ scope, id, time: link.time, size: Math.abs(value - previous) / previous }))
  const ramped = moves.filter(({ id }) => specOf(catalogue, id).ramped)
  const [first] = (ramped.length > 0 ? ramped : moves).sort((a, b) => b.size - a.size || a.time - b.time)
  return first === undefined ? null : { scope: first.scope, id: first.id, time: first.time }
}

/** The summary as a document of the command line. */
export function summaryDocument(summary: RunSummary): Document {
  return summary as unknown as Document
}
