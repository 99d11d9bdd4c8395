import type { Address, Hash, RoundSignature, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { SurfaceDocument } from '../poster/surfaceDocument.ts'

/** Asks an engine to check a snapshot on its own and to sign the round that follows from it. */
export type SignRequest = {
  readonly scope: ScopeId
  readonly observedAt: UnixSeconds
  readonly snapshot: Hash
  readonly digest: Hash
  /** Engine build of the proposer, so that a refusal can say what differs. */
  readonly engine: Hash
}

/** Asks an engine to compare a surface with its own and to sign it with its surface key; the document of `surfaceDocument`. */
export type SurfaceRequest = { readonly surface: SurfaceDocument }

/** Hints that engines send each other. */
export type Notice =
  | { readonly kind: 'signed'; readonly scope: ScopeId; readonly digest: Hash; readonly signatures: readonly RoundSignature[] }
  | { readonly kind: 'accepted'; readonly scope: ScopeId; readonly observedAt: UnixSeconds }
  | { readonly kind: 'passed'; readonly scope: ScopeId; readonly observedAt: UnixSeconds }

/** The other engines, reached one by one. */
export type Peers = {
  readonly addresses: readonly Address[]
  /** Throws {PeerError} when the peer refuses or does not answer in its time. */
  readonly requestSignature: (peer: Address, request: SignRequest, signal: AbortSignal) => Promise<RoundSignature>
  /** Throws {PeerError} as above; a peer without a surface key refuses. */
  readonly requestSurfaceSignature: (peer: Address, request: SurfaceRequest, signal: AbortSignal) => Promise<RoundSignature>
  /** The text under a hash, or undefined when the peer has none or does not answer. The caller checks it. */
  readonly fetchDocument: (peer: Address, hash: Hash, signal: AbortSignal) => Promise<string | undefined>
  /** Tells all; who does not answer is logged and otherwise ignored. */
  readonly tell: (notice: Notice) => Promise<void>
  /** Who answered last time. */
  readonly reachable: () => readonly { readonly address: Address; readonly reachable: boolean | null }[]
}
