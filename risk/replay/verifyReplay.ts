import { decide } from '../decide/index.ts'
import { InvalidInputError } from '../errors/index.ts'
import { canonicalJson, contentHash } from '../hash/index.ts'
import type { Adjustment, Catalogue, Decision, DocumentStore, EngineConfiguration, Hash, Json } from '../types/index.ts'
import { openTick } from './explainTick.ts'

/** What an audit expects of one tick: everything a round or a record claims about it. */
export type TickClaim = {
  readonly snapshot: Hash
  readonly decision: Decision['kind']
  /** Null for a halt. */
  readonly report: Hash | null
  readonly adjustment: Adjustment | null
}

/** Where the recomputed tick differs from its claim, and what stood on both sides. */
export type TickDifference = {
  readonly snapshot: Hash
  readonly part: 'snapshot' | 'priorState' | 'book' | 'chunk' | 'decision' | 'report' | 'items' | 'impact' | 'evidence' | 'validity'
  readonly expected: string
  readonly got: string
}

export type VerifyOptions = {
  readonly configuration: EngineConfiguration
  readonly catalogue: Catalogue
  readonly engine: Hash
  readonly documents: DocumentStore
  /** Hash of the state before the first tick: the genesis state of the engine. */
  readonly genesis: Hash
}

/**
 * Folds from the first snapshot: every tick is recomputed from its own documents, its prior state must be what the tick before left, and everything it
 * claims must come out the same, byte for byte. A tick that differs is reported and the fold goes on from what was recomputed.
 *
 * @param claims - In order of time, from the first tick on, without a gap.
 */
export function verifyReplay(claims: readonly TickClaim[], options: VerifyOptions): TickDifference[] {
  let state = options.genesis
  return claims.flatMap((claim) => {
    const { differences, next } = verifyTick(claim, state, options)
    state = next ?? state
    return differences
  })
}

function verifyTick(
  claim: TickClaim,
  prior: Hash,
  options: VerifyOptions,
): { readonly differences: TickDifference[]; readonly next: Hash | null } {
  const differ = (part: TickDifference['part'], expected: string, got: string): TickDifference => ({
    snapshot: claim.snapshot,
    part,
    expected,
    got,
  })
  try {
    const opened = openTick(claim.snapshot, options.documents)
    const { decision, nextStateHash, report } = decide({ ...opened, ...options })
    const reportHash = report === null ? null : hashOf(report)
    const differences = [
      ...(opened.snapshot.priorState === prior ? [] : [differ('priorState', prior, opened.snapshot.priorState)]),
      ...(decision.kind === claim.decision ? [] : [differ('decision', claim.decision, decision.kind)]),
      ...(reportHash === claim.report ? [] : [differ('report', String(claim.report), String(reportHash))]),
      ...(decision.kind === 'halt' || claim.adjustment === null ? [] : compareAdjustments(claim.adjustment, decision.adjustment, differ)),
    ]
    return { differences, next: nextStateHash }
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return { differences: [differ(partOf(error), error.context.limit, String(error.context.got))], next: null }
  }
}

/** Which document a fault is about, from the argument it names. */
function partOf({ context }: InvalidInputError): TickDifference['part'] {
  const name = context.argument.split(' ')[0]
  if (name === 'book' || name === 'chunk') return name
  return name === 'state' ? 'priorState' : 'snapshot'
}

function compareAdjustments(
  claimed: Adjustment,
  got: Adjustment,
  differ: (part: TickDifference['part'], expected: string, got: string) => TickDifference,
): TickDifference[] {
  const parts: readonly (readonly [TickDifference['part'], (adjustment: Adjustment) => Json])[] = [
    ['items', ({ items }) => items as unknown as Json],
    ['impact', ({ impactNotional, impactAccounts }) => [impactNotional.toString(), impactAccounts]],
    ['evidence', ({ snapshot, engine, configuration, report }) => [snapshot, engine, configuration, report]],
    ['validity', ({ scope, epoch, round, observedAt, validUntil }) => [scope, epoch, round, observedAt, validUntil]],
  ]
  return parts.flatMap(([part, of]) => {
    const [left, right] = [canonicalJson(of(claimed)), canonicalJson(of(got))]
    return left === right ? [] : [differ(part, left, right)]
  })
}

function hashOf(document: object): Hash {
  return contentHash(canonicalJson(document as unknown as Json))
}
