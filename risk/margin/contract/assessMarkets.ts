import { betaCredit } from './betaCredit.ts'
import { larger } from './integers.ts'
import { type AddOns, marketRequirement } from './marketRequirement.ts'
import type { MarketQuery, MarketTotals } from './types.ts'

/** An account over its markets at one set of prices, USD wad; without cash. */
export type MarketsAssessment = {
  readonly equity: bigint
  readonly requirement: bigint
  /** In the order of the queries. */
  readonly markets: readonly MarketTotals[]
}

/**
 * The markets of an account together: the sum of what each asks for, less the credit of the beta ladder, never below the short-option minimums.
 *
 * @throws {InvalidInputError} As {@link marketRequirement}.
 */
export function assessMarkets(queries: readonly MarketQuery[], addOns: AddOns = 'all'): MarketsAssessment {
  const markets = queries.map((query) => marketRequirement(query, addOns))
  const sum = (of: (market: MarketTotals) => bigint): bigint => markets.reduce((total, market) => total + of(market), 0n)
  const apart = sum(({ required }) => required)
  const requirement =
    markets.length > 1
      ? larger(
          sum(({ floor }) => floor),
          apart - betaCredit(markets),
        )
      : apart
  return { equity: sum(({ equity }) => equity), requirement, markets }
}
