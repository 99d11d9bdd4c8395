/**
 * The hot loops over one memory. Two engines give the same bits: `wasm` (SIMD) and `typescript`, its plain twin.
 * Arguments are counts and byte addresses, trusted as they are; ranges are [from, to). The folder's functions check, lay out and call.
 */
export type KernelEngine = {
  readonly name: 'wasm' | 'typescript'
  /** Price and eight Greeks of `count` (even) options: six columns in, nine out, each `stride` bytes after the one before. */
  readonly black76: (inputs: number, outputs: number, stride: number, count: number) => void
  /** Vols of `count` (even) quotes and whether each is good: six columns in, two out, each `stride` bytes after the one before. */
  readonly impliedVols: (inputs: number, outputs: number, stride: number, count: number) => void
  /** Prices instruments at the mark and in every scenario. `scratch`: 16 bytes per vol row. */
  readonly fillTable: (from: number, to: number, scratch: number) => void
  /** Worst loss of accounts, and its scenario. `scratch`: 128 bytes. */
  readonly worstLosses: (from: number, to: number, scratch: number) => void
  /** Expected shortfall of accounts; `rank` profits make up the tail of `mass` scenarios. `scratch`: see planVenue. */
  readonly shortfalls: (from: number, to: number, scratch: number, rank: number, mass: number) => void
  /** Sums of accounts in every scenario from scratch, and their worst. */
  readonly rebuildState: (from: number, to: number) => void
  /** Reprices one instrument and updates its holders. `change`: 8 bytes per scenario. */
  readonly applyTick: (instrument: number, scratch: number, change: number) => void
  /** Worst loss of an account with further positions; leaves its sums at `sums`. */
  readonly lossWith: (account: number, instruments: number, quantities: number, legs: number, sums: number) => number
  /** The scenario of the worst of `sums`. */
  readonly cellOf: (sums: number) => number
}

/** Which engine to use: `fastest` is WebAssembly where it has SIMD and shared memory, else the twin. */
export type EngineChoice = 'fastest' | KernelEngine['name']
