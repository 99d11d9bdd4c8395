import type { AccountAssessment, AuctionQuote } from '../../chain/clearing/index.ts'
import { fromWadUsd } from '../../risk/liquidation/index.ts'
import type { BidderPolicy, SliceOffer, UnwindMarket } from './types.ts'

/** Name of the one market that stands for all. */
export const ALL_MARKETS = 'all'

/**
 * A quote as an offer to value. While the account is solvent its charge ends with its equity, so the reward counted is what is left of it after an adverse move of the policy's size: the
 * guard in the bid is a price and does not see a charge that shrank with the account.
 */
export function offerOf(
  quote: AuctionQuote,
  assessment: Pick<AccountAssessment, 'delta' | 'deltaNotional' | 'initial'>,
  unwind: UnwindMarket,
  { safety, inclusion }: Pick<BidderPolicy, 'safety' | 'inclusion'>,
): SliceOffer {
  const delta = fromWadUsd(assessment.delta)
  const move = safety * Math.sqrt(inclusion) * unwind.volPerRootSecond
  const charge = fromWadUsd(quote.charge)
  const left = Math.max(0, fromWadUsd(quote.equity) - move * Math.abs(delta))
  const kept = charge === 0 ? 0 : Math.min(1, left / charge)
  return {
    account: quote.account.toString(),
    phase: quote.bankrupt ? 'insolvent' : 'solvent',
    most: fromWadUsd(quote.maxFraction),
    reward: quote.bankrupt ? fromWadUsd(quote.reward) : fromWadUsd(quote.bidderCharge) * kept,
    netDelta: new Map([[ALL_MARKETS, delta]]),
    grossDelta: fromWadUsd(assessment.deltaNotional),
    initial: fromWadUsd(assessment.initial),
  }
}
