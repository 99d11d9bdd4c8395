import type { UnixSeconds } from '../../types/index.ts'

/** What the listing of a chain fixes on chain. */
export type ListedChain = {
  readonly chain: number
  readonly expiry: UnixSeconds
  readonly kind: 'vanilla' | 'digital'
  /** USD with 18 decimals; a strike is a multiple of it. */
  readonly tick: bigint
  /** Whole numbers, strictly ascending. */
  readonly multiples: readonly number[]
}

/** Nodes as a contract keeps them: millionths of ln, and e^first and e^spacing with 18 decimals. */
export type ContractGrid = {
  readonly first: number
  readonly spacing: number
  readonly nearSpacing: number
  readonly nodes: 16 | 32 | 48
  readonly lowest: bigint
  readonly ratio: bigint
}

/** One expiry of the surface as stored on chain: raw SVI, ratio, vol at the money and spot with 18 decimals. */
export type SurfaceSlice = {
  readonly a: bigint
  readonly b: bigint
  readonly rho: bigint
  readonly m: bigint
  readonly sigma: bigint
  readonly forwardRatio: bigint
  readonly atmVol: bigint
  readonly spot: bigint
  readonly asOf: UnixSeconds
  readonly validUntil: UnixSeconds
  readonly version: number
}

/** Vol scans that a post is valued with, bps. */
export type AnchorBps = { readonly volScanUp: number; readonly volScanDown: number }
