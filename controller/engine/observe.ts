import { buildSnapshot, ofDeployedGroup } from '../../risk/decide/index.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Book, GroupReading, Hash, Json, MarketObservation, MarketSnapshot, UnixSeconds } from '../../risk/types/index.ts'
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
  const accounts = await ownAccounts(context, observedAt, observation, reading.block)
  const { market: name } = identity.configuration
  const snapshot = buildSnapshot({ market: name, scope: identity.scope, observedAt, priorState: prior.hash, reading, ...accounts })
  return { snapshot, hash: store.put(canonicalJson(snapshot as unknown as Json)) }
}

/** The part of a snapshot that accounts decide. */
export type OwnAccounts = { readonly observation: MarketObservation; readonly book: Hash; readonly group?: GroupReading }

/** This engine's own book, stored, at a time or, of a deployed clearing, at a block; what the contracts beside it say; and what the source saw, without what it generates in their place. */
export async function ownAccounts(
  context: EngineContext,
  time: UnixSeconds,
  observation: MarketObservation,
  block: bigint,
): Promise<OwnAccounts> {
  const { clearing, identity, portfolios, store, signal } = context
  if (clearing === null) {
    const book = await portfolios.fetchBook(time, observation.spot, signal)
    return { observation, book: storeBook(store, book) }
  }
  const { book, group } = await clearing.fetchGroup(block, { market: identity.configuration.market, scope: identity.scope })
  return { observation: ofDeployedGroup(observation), book: storeBook(store, book), group }
}

const bookHashes = new WeakMap<Book, Hash>()

function storeBook(store: EngineContext['store'], book: Book): Hash {
  const known = bookHashes.get(book)
  if (known !== undefined) return known
  const hash = store.put(canonicalJson(book as unknown as Json))
  bookHashes.set(book, hash)
  return hash
}
