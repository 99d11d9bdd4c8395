import type { AuctionQuote, BidOrder } from '../../chain/clearing/index.ts'
import { toWadUsd } from '../../risk/liquidation/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
import type { Bid } from './types.ts'

/** Smallest part of the share asked for that is still taken: a slice that became much smaller would not pay for its gas. */
const LEAST_PART = 0.8

/**
 * A bid as the contract takes it. Its guard: paid for the whole account at most the mark of the simulation less the least reward at this rate, so no slice costs more than it was worth then,
 * less what the bid must earn. Rounded against the bidder's willingness: fraction down, price down.
 */
export function orderOf(bid: Extract<Bid, { readonly kind: 'bid' }>, quote: AuctionQuote, bidder: bigint, deadline: UnixSeconds): BidOrder {
  const fraction = toWadUsd('share', bid.share, 'down')
  return {
    account: quote.account,
    bidder,
    fraction,
    minFraction: toWadUsd('least share', LEAST_PART * bid.share, 'up'),
    maxPrice: quote.price - toWadUsd('least reward', bid.leastReward / bid.share, 'up'),
    deadline,
  }
}
