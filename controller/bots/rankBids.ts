import { chooseBid } from './chooseBid.ts'
import type { Bid, BidderPolicy, BidderState, SliceOffer, UnwindMarket } from './types.ts'

/** Bids on several auctions, the most profitable first, each with the margin that those before it leave. */
export function rankBids(
  offers: readonly SliceOffer[],
  markets: ReadonlyMap<string, UnwindMarket>,
  bidder: BidderState,
  policy: BidderPolicy,
): Bid[] {
  const valued = offers
    .map((offer) => ({ offer, bid: chooseBid(offer, markets, bidder, policy) }))
    .sort((a, b) => profitOf(b.bid) - profitOf(a.bid) || (a.offer.account < b.offer.account ? -1 : 1))
  let left = bidder.freeMargin
  return valued.map(({ offer }) => {
    const bid = chooseBid(offer, markets, { ...bidder, freeMargin: left }, policy)
    if (bid.kind === 'bid') left -= bid.share * offer.initial
    return bid
  })
}

const profitOf = (bid: Bid): number => (bid.kind === 'bid' ? bid.expectedProfit : Number.NEGATIVE_INFINITY)
