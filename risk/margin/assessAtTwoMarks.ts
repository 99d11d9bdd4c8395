import { assertInRange } from '../math/index.ts'
import { type PricingRegistry, pricingRegistry } from '../pricing/index.ts'
import type { Book, Usd } from '../types/index.ts'
import { assessBook } from './assessBook.ts'
import type { AccountAssessment, MarginMarket, MarginParameters } from './types.ts'

/** One account under two prices. */
export type TwoMarkAssessment = {
  /** At the price that leaves the account more above its maintenance: what a liquidation goes by. */
  readonly forLiquidation: AccountAssessment
  /** At the price that leaves it less free margin: what new risk and withdrawals go by. */
  readonly forNewRisk: AccountAssessment
}

/**
 * Margin of every account at the live price and at its short median (risk policy B6): the milder of both decides a liquidation, the worse one new risk, so that a
 * single print neither closes an account nor opens one.
 *
 * @param median - Median price of the last 60 s, in [1e-9, 1e15].
 * @throws {InvalidInputError} As {@link assessBook}.
 */
export function assessAtTwoMarks(
  book: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  median: Usd,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): readonly TwoMarkAssessment[] {
  assertInRange('median', median, 1e-9, 1e15)
  const live = assessBook(book, market, parameters, registry).accounts
  const calm = assessBook(book, { ...market, spot: median }, parameters, registry).accounts
  return live.map((atSpot, i) => {
    const atMedian = calm[i]!
    return {
      forLiquidation: aboveMaintenance(atSpot) >= aboveMaintenance(atMedian) ? atSpot : atMedian,
      forNewRisk: atSpot.freeMargin <= atMedian.freeMargin ? atSpot : atMedian,
    }
  })
}

function aboveMaintenance({ equity, maintenance }: AccountAssessment): Usd {
  return equity - maintenance
}
