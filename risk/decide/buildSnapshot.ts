import type { GroupReading, Hash, MarketObservation, MarketSnapshot, ScopeId, ScopeReading, UnixSeconds } from '../types/index.ts'

/** Puts what the sources and the chain said into the snapshot of a tick. Its `priorState` and `book` are documents of the store. */
export function buildSnapshot(tick: {
  readonly market: string
  readonly scope: ScopeId
  readonly observedAt: UnixSeconds
  readonly priorState: Hash
  readonly observation: MarketObservation
  readonly book: Hash
  readonly reading: ScopeReading
  /** Absent where no clearing is deployed. */
  readonly group?: GroupReading
}): MarketSnapshot {
  const { market, scope, observedAt, priorState, observation, book, reading, group } = tick
  return {
    schema: 'ballast.snapshot',
    version: group === undefined ? 1 : 2,
    market,
    scope,
    observedAt,
    priorState,
    provenance: observation.provenance,
    bars: observation.bars,
    liquidity: observation.liquidity,
    impliedVol: observation.impliedVol,
    clearing: observation.clearing,
    ...(observation.openInterest === undefined ? {} : { openInterest: observation.openInterest }),
    ...(observation.funding === undefined ? {} : { funding: observation.funding }),
    spot: observation.spot,
    markVol: observation.markVol,
    book,
    ...(group === undefined ? {} : { group }),
    chain: {
      chainId: reading.chainId,
      block: reading.block.toString(),
      time: reading.time,
      lane: reading.lane,
      parameters: reading.parameters,
    },
  }
}
