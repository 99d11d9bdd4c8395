import { type DecideInput, decide } from '../decide/index.ts'
import { InvalidInputError } from '../errors/index.ts'
import { canonicalJson, contentHash } from '../hash/index.ts'
import type {
  Bar,
  Book,
  Decision,
  DocumentStore,
  EngineState,
  Hash,
  Item,
  Json,
  MarketSnapshot,
  ParamId,
  Recommendation,
  RiskReport,
  Term,
} from '../types/index.ts'

/** One tick recomputed, from its bars to its item, in the order in which a reader follows it. */
export type TickExplanation = {
  readonly snapshot: { readonly document: MarketSnapshot; readonly hash: Hash }
  /** State before the tick, and after it. */
  readonly prior: Hash
  readonly next: Hash
  /** Bars that the tick folded in. */
  readonly bars: readonly Bar[]
  readonly signals: readonly Term[]
  /** Target, terms and clips of the parameter asked for; null when the tick halted before. */
  readonly recommendation: Recommendation | null
  /** What the round proposed for it; null when it was held. */
  readonly item: Item | null
  readonly decision: Decision
  readonly report: { readonly document: RiskReport; readonly hash: Hash } | null
}

/**
 * Recomputes one tick from its stored documents. Nothing of the stored result is used: what comes out is to be compared with it.
 *
 * @param input - As for {@link decide}; `snapshot.priorState` and `snapshot.book` are the documents' hashes.
 * @throws {InvalidInputError} The documents do not belong together.
 */
export function explainTick(input: DecideInput, id: ParamId): TickExplanation {
  const { snapshot } = input
  const { decision, nextStateHash, report } = decide(input)
  const recommendation = report?.recommendations.find((each) => each.id === id) ?? null
  const item = decision.kind === 'halt' ? undefined : decision.adjustment.items.find((each) => each.id === id)
  return {
    snapshot: { document: snapshot, hash: hashOf(snapshot) },
    prior: snapshot.priorState,
    next: nextStateHash,
    bars: snapshot.bars,
    signals: report?.signals ?? [],
    recommendation,
    item: item ?? null,
    decision,
    report: report === null ? null : { document: report, hash: hashOf(report) },
  }
}

/**
 * The documents of a tick, each checked against the hash that names it.
 *
 * @throws {InvalidInputError} A document is missing, or its bytes do not have its hash.
 */
export function openTick(
  snapshotHash: Hash,
  documents: DocumentStore,
): { readonly snapshot: MarketSnapshot; readonly state: EngineState; readonly book: Book } {
  const snapshot = openDocument<MarketSnapshot>('snapshot', snapshotHash, documents)
  return {
    snapshot,
    state: openDocument<EngineState>('state', snapshot.priorState, documents),
    book: openDocument<Book>('book', snapshot.book, documents),
  }
}

/** @throws {InvalidInputError} The document is missing, or its bytes do not have its hash. */
export function openDocument<Document>(name: string, hash: Hash, documents: DocumentStore): Document {
  const text = documents.get(hash)
  if (text === undefined) throw new InvalidInputError({ argument: `${name} ${hash}`, got: 'missing', limit: 'in the store' })
  const got = contentHash(text)
  if (got !== hash) throw new InvalidInputError({ argument: `${name} ${hash}`, got, limit: hash })
  return JSON.parse(text) as Document
}

function hashOf(document: object): Hash {
  return contentHash(canonicalJson(document as unknown as Json))
}
