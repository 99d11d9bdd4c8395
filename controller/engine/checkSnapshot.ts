import { buildSnapshot } from '../../risk/decide/index.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Hash, Json, MarketSnapshot, UnixSeconds } from '../../risk/types/index.ts'
import { SnapshotRefusedError } from '../errors/EngineErrors.ts'
import { compareObservation } from '../sources/compareObservation.ts'
import { parseSnapshot } from './documentSchemas.ts'
import type { EngineContext } from './EngineContext.ts'
import { fetchDocument } from './fetchDocument.ts'
import { ownAccounts } from './observe.ts'
import { stateBefore } from './priorState.ts'

/** A snapshot by its hash, checked for its form alone. */
export async function fetchSnapshot(context: EngineContext, hash: Hash): Promise<MarketSnapshot> {
  return parseSnapshot(hash, await fetchDocument(context, hash))
}

/**
 * Compares a proposed snapshot with what this engine sees itself: its own bars and quotes within the configured tolerances, its own book, and its own node's state of
 * the same block, byte for byte.
 *
 * @throws {SnapshotRefusedError} Naming the datum, both values and the limit.
 */
export async function checkSnapshot(context: EngineContext, hash: Hash, snapshot: MarketSnapshot, observedAt: UnixSeconds): Promise<void> {
  const { identity, market, chain, signal } = context
  const { configuration, scope } = identity
  const refuse = (what: string, own: unknown, theirs: unknown, limit: unknown): never => {
    throw new SnapshotRefusedError({ snapshot: hash, what, own: String(own), theirs: String(theirs), limit: String(limit) })
  }
  if (snapshot.market !== configuration.market) refuse('market', configuration.market, snapshot.market, 'the same')
  if (snapshot.scope !== scope) refuse('scope', scope, snapshot.scope, 'the same')
  if (snapshot.observedAt !== observedAt) refuse('observedAt', observedAt, snapshot.observedAt, 'the tick asked for')
  if (observedAt % configuration.tickSeconds !== 0)
    refuse('observedAt', 'whole ticks', observedAt, `a multiple of ${configuration.tickSeconds}`)
  const prior = await stateBefore(context, hash, observedAt, snapshot.priorState)
  const [seen, reading] = await Promise.all([
    market.fetchObservation(prior.state.lastBarEnd, observedAt, signal),
    chain.fetchReading(BigInt(snapshot.chain.block)),
  ])
  const accounts = await ownAccounts(context, observedAt, seen, reading.block)
  const comparison = compareObservation(accounts.observation, snapshot, configuration.tolerance)
  if (comparison.kind === 'differ') refuse(comparison.what, comparison.own, comparison.theirs, comparison.limit)
  if (accounts.book !== snapshot.book) refuse('book', accounts.book, snapshot.book, 'the same')
  const now = Math.max(reading.time, context.clock.now())
  if (observedAt > now) refuse('observedAt', now, observedAt, 'not in the future')
  const { priorState } = snapshot
  const rebuilt = buildSnapshot({ market: configuration.market, scope, observedAt, priorState, reading, ...accounts })
  for (const [what, part] of [
    ['chain state', 'chain'],
    ['margin group', 'group'],
  ] as const) {
    const [own, theirs] = [rebuilt, snapshot].map((each) => canonicalJson((each[part] ?? null) as unknown as Json)) as [string, string]
    if (own !== theirs)
      refuse(`${what} at block ${snapshot.chain.block}`, contextOfDifference(own, theirs), contextOfDifference(theirs, own), 'the same')
  }
}

/** The first place where two texts differ, with a little around it. */
function contextOfDifference(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return text.slice(Math.max(0, at - 40), at + 40)
}
