import { InvalidInputError } from '../errors/index.ts'
import { canonicalJson, contentHash } from '../hash/index.ts'
import type { Bar, DocumentStore, EngineState } from '../types/index.ts'
import { emptyVarianceMix } from '../volatility/index.ts'
import { foldBars } from './foldBars.ts'

/**
 * State before the first tick: all seed bars folded, and their hash, so that a replay can start from the same bars.
 *
 * @param seed - Bars known before the first tick, ascending, at least one.
 * @throws {InvalidInputError} `seed` is empty or out of order.
 */
export function genesisState(seed: readonly Bar[], market: string, documents: DocumentStore): EngineState {
  const first = seed[0]
  if (first === undefined) throw new InvalidInputError({ argument: 'seed', got: 'empty', limit: 'one bar or more' })
  const empty: EngineState = {
    schema: 'ballast.state',
    version: 1,
    market,
    seed: contentHash(canonicalJson(seed)),
    ticks: 0,
    lastBarEnd: first.start,
    lastClose: first.open,
    variance: emptyVarianceMix,
    series: {},
    scalars: {},
    staleSince: null,
  }
  return foldBars(empty, seed, documents)
}
