import { buildSnapshot } from '../../risk/decide/index.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Book, Hash, Json, MarketSnapshot, UnixSeconds } from '../../risk/types/index.ts'
import type { EngineContext } from './EngineContext.ts'
import { ownState } from './priorState.ts'

/**
 * Observe: everything that became known since the last bar of the state (bars that were refused once come again), and the chain at one block, as one canonical, stored document.
 *
 * @throws {StaleFeedError}, {UnavailableError}, {BadPrintError}, {StaleHeadError}, {RpcUnavailableError}: the tick holds, and says so.
 */
export async function observe(
  context: EngineContext,
  observedAt: UnixSeconds,
): Promise<{ readonly snapshot: MarketSnapshot; readonly hash: Hash }> {
  const { identity, market, chain, store, signal } = context
  const prior = await ownState(context, observedAt)
  const [observation, reading] = await Promise.all([
    market.fetchObservation(prior.state.lastBarEnd, observedAt, signal),
    chain.fetchReading(),
  ])
  const book = await ownBook(context, observedAt, observation.spot)
  const { market: name } = identity.configuration
  const snapshot = buildSnapshot({ market: name, scope: identity.scope, observedAt, priorState: prior.hash, observation, book, reading })
  return { snapshot, hash: store.put(canonicalJson(snapshot as unknown as Json)) }
}

const bookHashes = new WeakMap<Book, Hash>()

/** This engine's own book at a time, stored; its hash. */
export async function ownBook({ portfolios, store, signal }: EngineContext, time: UnixSeconds, spot: number): Promise<Hash> {
  const book = await portfolios.fetchBook(time, spot, signal)
  const known = bookHashes.get(book)
  if (known !== undefined) return known
  const hash = store.put(canonicalJson(book as unknown as Json))
  bookHashes.set(book, hash)
  return hash
}
