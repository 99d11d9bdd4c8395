import type { ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { AcceptedRound, FoldedHistory, ValueWrite } from '../audit/foldHistory.ts'
import { specOf } from '../context/openCatalogue.ts'
import { notFoundError } from '../kit/CliError.ts'
import { isoTime } from '../kit/time.ts'
import { findParameter } from '../parameters/findParameter.ts'
import { buildSteps, type Evidence, type RoundEvidence } from './buildSteps.ts'
import type { Explanation } from './Explanation.ts'
import { allVerified } from './Step.ts'

export type ExplainRequest = {
  /** Id, or the part after its last dot. */
  readonly parameter: string
  /** Scope or market; may be absent when it is clear. */
  readonly scope: string | undefined
  /** The end of the history when absent. */
  readonly at: UnixSeconds | undefined
}

const day = 86_400

/**
 * Everything behind the value that a parameter had at one time, recomputed on this machine.
 *
 * @throws {CliError} There is no such parameter, or it was not set yet.
 */
export async function explain(evidence: Evidence, history: FoldedHistory, request: ExplainRequest): Promise<Omit<Explanation, 'against'>> {
  const { log, catalogue } = evidence
  const all = history.writes
  const { scope, id } = findParameter(firstWrites(all), request.parameter, request.scope)
  const own = all.filter((write) => write.scope === scope && write.id === id)
  const at = request.at ?? log.until.time
  const index = own.findLastIndex(({ link }) => link.time <= at)
  const write = own[index]
  const [first] = own
  if (write === undefined || write.rule === null)
    throw notFoundError(
      `${id} of ${scope} was not set at ${isoTime(at)}.`,
      first === undefined ? '' : `It was first set at ${isoTime(first.link.time)}.`,
    )
  const spec = specOf(catalogue, id)
  const round = roundOf(history, write)
  const built = await buildSteps(evidence, write, index + importedEntries(evidence, write, own.length), spec.unit, round)
  const { recommendation, snapshot } = built
  return {
    schema: 'ballast.explanation',
    version: 1,
    market: scope.split(':')[1] ?? scope,
    scope,
    id,
    unit: spec.unit,
    description: spec.description,
    at,
    value: write.value,
    previous: write.reason === 'activation' ? null : write.previous,
    floor: write.rule.floor,
    ceiling: write.rule.ceiling,
    entry: { index, time: write.link.time, writer: write.writer, reason: write.reason, round: write.round },
    transaction: { hash: write.link.transaction, block: write.link.block.toString() },
    policy:
      recommendation === null || round === null
        ? null
        : {
            observedAt: round.accepted.observedAt,
            target: recommendation.target,
            proposed: recommendation.proposed,
            terms: recommendation.terms,
            clips: recommendation.clips,
            flags: recommendation.flags,
            held: recommendation.outcome.kind === 'hold' ? recommendation.outcome.reason : null,
          },
    synthetic: snapshot?.provenance.synthetic ?? [],
    steps: built.steps,
    verified: allVerified(built.steps),
    history: own
      .filter(({ link }) => link.time <= at + day)
      .map(({ link, value, writer, reason }) => ({ time: link.time, value, writer, reason })),
    closes: closesOf(evidence, history, scope, at),
  }
}

/** One write per parameter, to look parameters up in. */
function firstWrites(writes: readonly ValueWrite[]): ValueWrite[] {
  return [...new Map(writes.map((write) => [`${write.scope} ${write.id}`, write])).values()]
}

/** Entries that the store copied from a predecessor before its own. */
function importedEntries({ log }: Evidence, { scope, id }: ValueWrite, written: number): number {
  const stored = log.entries.filter((entry) => entry.scope === scope && entry.id === id).length
  return Math.max(0, stored - written)
}

/** The round that a controller's write came with; a loosening came with the round that pended it. */
function roundOf({ rounds }: FoldedHistory, { scope, round, writer }: ValueWrite): RoundEvidence | null {
  if (writer !== 'controller') return null
  const own = rounds.filter((candidate) => candidate.scope === scope)
  const i = own.findIndex((candidate) => candidate.round === round)
  const accepted = own[i]
  return accepted === undefined ? null : { accepted, previous: own[i - 1] }
}

/** Closes of the bars in the snapshots up to a day after `at`, for the picture. */
function closesOf(
  { documents }: Evidence,
  { rounds }: FoldedHistory,
  scope: ScopeId,
  at: UnixSeconds,
): { time: UnixSeconds; close: number }[] {
  return rounds
    .filter((round) => round.scope === scope && round.observedAt <= at + day)
    .flatMap((round: AcceptedRound) => {
      const found = documents.find(round.snapshot)
      if (found.kind !== 'intact') return []
      const { bars } = JSON.parse(found.text) as { readonly bars: readonly { readonly end: UnixSeconds; readonly close: number }[] }
      return bars.map(({ end, close }) => ({ time: end, close }))
    })
}
