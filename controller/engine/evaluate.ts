import { adjustmentDigest } from '../../chain/typed-data/index.ts'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Book, Hash, Json, MarketSnapshot } from '../../risk/types/index.ts'
import { parseBook } from './documentSchemas.ts'
import type { EngineContext, Evaluation, NamedState } from './EngineContext.ts'
import { fetchDocument } from './fetchDocument.ts'
import { nameState, stateBefore } from './priorState.ts'

/** How many evaluations are kept: this tick's, and the one whose state it follows. */
const KEPT = 4

/** All inputs of a decision, resolved from their hashes. */
export type Assessment = { readonly snapshot: MarketSnapshot; readonly snapshotHash: Hash; readonly book: Book; readonly prior: NamedState }

/** Assess: resolves what a snapshot names by hash, and makes sure that it follows this engine's own state. */
export async function assess(context: EngineContext, snapshot: MarketSnapshot, snapshotHash: Hash): Promise<Assessment> {
  const prior = await stateBefore(context, snapshotHash, snapshot.observedAt, snapshot.priorState)
  return { snapshot, snapshotHash, book: await bookOf(context, snapshot.book), prior }
}

/** Decide: the pure decision, with its next state and report stored. Nothing is signed yet. */
export function decideRound(context: EngineContext, { snapshot, snapshotHash, book, prior }: Assessment): Evaluation {
  const { store, identity, domain, evaluations } = context
  const { configuration, catalogue, build: engine } = identity
  return store.atomically(() => {
    const { decision, nextState, report } = context.decide({
      snapshot,
      book,
      state: prior.state,
      configuration,
      catalogue,
      engine,
      documents: store,
    })
    const evaluation: Evaluation = {
      snapshot,
      snapshotHash,
      decision,
      next: nameState(context, nextState),
      reportHash: report && store.put(canonicalJson(report as unknown as Json)),
      round: decision.kind === 'halt' ? null : { adjustment: decision.adjustment, digest: adjustmentDigest(decision.adjustment, domain) },
    }
    evaluations.set(snapshotHash, evaluation)
    for (const oldest of evaluations.keys()) {
      if (evaluations.size <= KEPT) break
      evaluations.delete(oldest)
    }
    return evaluation
  })
}

/** Both steps; an evaluation that is still in memory is not repeated. */
export async function evaluate(context: EngineContext, snapshot: MarketSnapshot, snapshotHash: Hash): Promise<Evaluation> {
  return context.evaluations.get(snapshotHash) ?? decideRound(context, await assess(context, snapshot, snapshotHash))
}

const books = new WeakMap<EngineContext, { readonly hash: Hash; readonly book: Book }>()

/** Books are large and change once a week: the last one stays parsed. */
async function bookOf(context: EngineContext, hash: Hash): Promise<Book> {
  const kept = books.get(context)
  if (kept?.hash === hash) return kept.book
  const book = parseBook(hash, await fetchDocument(context, hash))
  books.set(context, { hash, book })
  return book
}
