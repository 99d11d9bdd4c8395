import type { Fraction, Instrument, UnixSeconds, Usd, Vol } from '../../types/index.ts'

/** Nodes in ln(S / S_base): first + i x spacing. Shared by all chains of an underlying, so that their lanes add. */
export type LadderGrid = {
  readonly first: number
  readonly spacing: number
  /** 32, or 16 where every second node is posted, or 48 for short chains: a whole number of words. */
  readonly nodes: 16 | 32 | 48
  /** Distance of the 16 near nodes, which lie evenly around the base. */
  readonly nearSpacing: number
}

/** Equally spaced nodes in ln(S / S_base). */
export type NodeRow = { readonly first: number; readonly spacing: number; readonly nodes: number }

/** What a chain says of itself. */
export type LadderHeader = {
  readonly expiry: UnixSeconds
  /** Instant that the values stand for. */
  readonly asOf: UnixSeconds
  /** Index price that the nodes are counted from, at the time of the post. */
  readonly base: Usd
  readonly grid: LadderGrid
  /** Forward over index, frozen until the next post. */
  readonly forwardRatio: number
  /** Vol at the money at the time of the post: the index that vol drift is measured against. */
  readonly atmVol: Vol
  /** Vol scans that the two words were valued with: a step beyond the live ones, so that a tightening needs no new post. */
  readonly anchors: { readonly volScanUp: Fraction; readonly volScanDown: Fraction }
  /** Lanes count units of 2^unitExponent dollars per contract; no entry has a smaller exponent. */
  readonly unitExponent: number
  /** Version of the surface that the values were taken from. */
  readonly surface: string
}

/** One instrument of a chain, in units of 2^exponent dollars. */
export type LadderEntry = {
  readonly id: string
  /** What the words are values of. */
  readonly instrument: Instrument
  /** Fixed when the instrument is listed; a later post may not raise it. */
  readonly exponent: number
  /** Vol of its strike at the post, in hundredths of a point, at least 1. */
  readonly volBps: number
  /** Values at the nodes, vol up and vol down: 16 lanes of 16 bits a word, the first node in the lowest bits. Values have 15 bits. */
  readonly up: readonly bigint[]
  readonly down: readonly bigint[]
  /** Values at 0.34, 0.5, 0.67, 1.5, 2, 3, 4 and 6 times the base, vol up: 8 lanes of 32 bits. */
  readonly far: bigint
  /** Values at the mark's own vol, at 16 near nodes: 16 lanes of 16 bits. */
  readonly mark: bigint
  /** Skew (value of a vol point x distance from the money) at the near nodes, in 64ths of the unit: 16 lanes of 16 bits in two's complement. */
  readonly skew: bigint
}

/** The posted values of one expiry: what a contract keeps in one code blob. */
export type LadderChain = { readonly header: LadderHeader; readonly entries: readonly LadderEntry[] }
