import { squareRootImpact } from '../../risk/liquidity/index.ts'
import type { Fraction, Usd } from '../../risk/types/index.ts'
import type { SliceOffer, UnwindMarket } from './types.ts'

/** Less than a millionth of a dollar is no trade. */
const NOTHING: Usd = 1e-6

/**
 * What it costs to trade a share of an account's delta away: half the spread, the impact of the whole trade, and an adverse move while it is held.
 *
 * @param adverse - Standard deviations times the root of the seconds held; 0 for what is expected.
 * @returns USD, at least 0.
 */
export function unwindCost(
  { netDelta }: Pick<SliceOffer, 'netDelta'>,
  share: Fraction,
  markets: ReadonlyMap<string, UnwindMarket>,
  adverse: number,
): Usd {
  let cost = 0
  for (const [name, delta] of netDelta) {
    const { halfSpread, depth, volPerRootSecond } = markets.get(name) as UnwindMarket
    const size = Math.abs(delta) * share
    if (size < NOTHING) continue
    cost += size * (halfSpread + squareRootImpact(size, depth) + adverse * volPerRootSecond)
  }
  return cost
}
