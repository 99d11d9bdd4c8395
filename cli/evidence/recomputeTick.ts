import { adjustmentDigest, type Domain } from '../../chain/typed-data/index.ts'
import { type Decided, decide } from '../../risk/decide/index.ts'
import { BallastError } from '../../risk/errors/index.ts'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type {
  Adjustment,
  Book,
  Catalogue,
  DocumentStore,
  EngineConfiguration,
  EngineState,
  Hash,
  Json,
  MarketSnapshot,
} from '../../risk/types/index.ts'

/** Documents of one tick, as the evidence holds them. */
export type TickDocuments = {
  readonly snapshot: MarketSnapshot
  readonly book: Book
  readonly state: EngineState
  readonly configuration: EngineConfiguration
  readonly catalogue: Catalogue
  /** Scratch space that resolves the state's series. */
  readonly documents: DocumentStore
}

/** A tick computed again on this machine, or why that was impossible. */
export type Recomputed =
  | { readonly kind: 'done'; readonly decided: Decided; readonly digest: Hash | null; readonly reportHash: Hash | null }
  | { readonly kind: 'impossible'; readonly detail: string }

/**
 * Decides a tick again. The engine build is taken from the round, since it is signed and checked on its own: a difference here means that the numbers
 * differ, not the name of the build.
 */
export function recomputeTick(tick: TickDocuments, engine: Hash, domain: Domain): Recomputed {
  try {
    const decided = decide({ ...tick, engine })
    const adjustment: Adjustment | null = decided.decision.kind === 'halt' ? null : decided.decision.adjustment
    return {
      kind: 'done',
      decided,
      digest: adjustment === null ? null : adjustmentDigest(adjustment, domain),
      reportHash: decided.report === null ? null : contentHash(canonicalJson(decided.report as unknown as Json)),
    }
  } catch (error) {
    if (error instanceof BallastError) return { kind: 'impossible', detail: error.message }
    throw error
  }
}
