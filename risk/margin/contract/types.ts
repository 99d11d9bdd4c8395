/** Live parameters of a market as one pass sees them; units as the contract's `MarketRule`. */
export type MarketRule = {
  /** Wad. */
  readonly range: bigint
  /** Bps, and so below. */
  readonly volScanUp: bigint
  readonly volScanDown: bigint
  readonly tailWeight: bigint
  readonly shortOptionMinimum: bigint
  readonly multiplier: bigint
  readonly deltaAddOn: bigint
  readonly gammaAddOn: bigint
  /** Hundredths of a vol point. */
  readonly vegaAddOn: bigint
  /** USD. */
  readonly depth: bigint
  readonly vegaDepth: bigint
  /** Bps of the range; 0 for the common factor. */
  readonly residual: bigint
}

/** One position: leg as the ledger numbers it (2 x strike + 1 for a call, 255 the future), lots with their sign. */
export type HeldLeg = { readonly leg: number; readonly lots: bigint }

/** One chain of an account: what its record, its blob, the surface and its settlement say, and what is held. */
export type HeldChain = {
  readonly expiry: bigint
  readonly status: 'none' | 'posted' | 'proved'
  /** USD wad; null while it is not final. */
  readonly settlement: bigint | null
  /** Words of the blob; null where there is none. */
  readonly ladder: readonly bigint[] | null
  /** Strikes, USD wad, and kind, for a settled chain without a ladder. */
  readonly listing?: { readonly strikes: readonly bigint[]; readonly kind: number }
  /** The newest slice of the expiry; version 0 when there is none. */
  readonly index: { readonly atmVol: bigint; readonly validUntil: bigint; readonly version: bigint }
  readonly legs: readonly HeldLeg[]
}

/** What an account holds in one market. */
export type MarketQuery = {
  /** Seconds. */
  readonly time: bigint
  /** Index price, USD wad. */
  readonly price: bigint
  /** Units of the underlying as collateral, after its haircut, wad. */
  readonly units: bigint
  readonly rule: MarketRule
  readonly chains: readonly HeldChain[]
}

/** Worst first. */
export type Footing = 'none' | 'stale' | 'posted' | 'proved'

/** One strike of a chain, and what is held at it. */
export type StrikeBook = {
  readonly strike: bigint
  readonly puts: bigint
  readonly calls: bigint
  /** Lots of the posted put that all of it is worth, in units of the chain's exponent. */
  readonly net: bigint
  readonly volBps: bigint
  readonly shift: bigint
  /** Lanes of the entry. */
  readonly up: readonly bigint[]
  readonly down: readonly bigint[]
  readonly far: readonly bigint[]
  readonly mark: readonly bigint[]
  readonly skew: readonly bigint[]
}

/** One chain of an account, read. */
export type ChainBook = {
  readonly expiry: bigint
  readonly hasLadder: boolean
  readonly kind: number
  readonly base: bigint
  readonly forwardRatio: bigint
  readonly atmVol: bigint
  readonly version: bigint
  readonly asOf: bigint
  readonly upScale: bigint
  readonly downScale: bigint
  readonly nodes: number
  readonly unitExponent: bigint
  readonly first: bigint
  readonly spacing: bigint
  readonly nearSpacing: bigint
  readonly lowest: bigint
  readonly ratio: bigint
  readonly strikes: readonly StrikeBook[]
  readonly futures: bigint
  readonly slope: bigint
  readonly cost: bigint
  readonly shortLots: bigint
  readonly gross: bigint
  readonly stale: boolean
  readonly time: bigint
  readonly drift: bigint
  readonly credit: bigint
  readonly upFactor: bigint
  readonly downFactor: bigint
}

/** The states an account is valued in. */
export type Cells = {
  readonly prices: readonly bigint[]
  readonly logs: readonly bigint[]
  readonly weights: readonly bigint[]
}

/** A figure for each vol state. */
export type VolStates = { readonly up: bigint; readonly down: bigint }

/** What the chains of an account are worth in every cell, with and without margin's reductions. */
export type CellValues = {
  readonly up: bigint[]
  readonly down: bigint[]
  readonly plainUp: bigint[]
  readonly plainDown: bigint[]
}

/** Value and sensitivities of a chain's options and futures at the mark, USD wad. */
export type ChainGreeks = {
  readonly value: bigint
  readonly delta: bigint
  readonly gamma: bigint
  readonly vega: bigint
  readonly skew: bigint
  readonly deltaNotional: bigint
  readonly notionalLots: bigint
}

/** What one market asks for and gives. */
export type MarketTotals = {
  readonly footing: Footing
  readonly equity: bigint
  readonly required: bigint
  readonly floor: bigint
  readonly rule: 'none' | 'scan' | 'shortOptionMinimum' | 'maximumLoss'
  readonly price: bigint
  readonly volState: 'up' | 'down'
  readonly loss: bigint
  readonly delta: bigint
  readonly gamma: bigint
  readonly vega: bigint
  readonly notional: bigint
  readonly deltaNotional: bigint
  readonly moves: readonly bigint[]
  readonly losses: readonly bigint[]
  readonly far: readonly bigint[]
  readonly range: bigint
  readonly residual: bigint
}
