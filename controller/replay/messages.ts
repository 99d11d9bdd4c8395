import type { Address, Hash, RoundSignature, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { TickSummary } from '../engine/EngineContext.ts'

/** What the parent of a driven engine sends: a tick to run, a steward's signature, or the end. */
export type ToEngine =
  | { readonly tick: UnixSeconds }
  | { readonly cosign: { readonly scope: ScopeId; readonly digest: Hash; readonly signature: RoundSignature } }
  | { readonly stop: true }

/** What a driven engine tells its parent. */
export type FromEngine =
  | { readonly ready: { readonly url: string; readonly address: Address } }
  | { readonly done: UnixSeconds; readonly summary: readonly TickSummary[] }
  /** A round waits for a steward's signature of this digest. */
  | { readonly cosignNeeded: { readonly scope: ScopeId; readonly observedAt: UnixSeconds; readonly digest: Hash } }
  /** The engine stops; it must be repaired first. */
  | { readonly failed: { readonly name: string; readonly message: string } }
