import type { Bid, BidderState, SliceOffer } from './types.ts'

/** What a bidder does that looks at the reward alone: all that is offered and its margin allows, as soon as the reward exceeds the gas. What others are compared with. */
export function naiveBid(offer: SliceOffer, bidder: BidderState): Bid {
  const { account, most, reward, initial } = offer
  const share = Math.min(most, initial <= 0 ? 1 : Math.max(0, bidder.freeMargin) / initial)
  if (share <= 0) return { kind: 'pass', account, reason: 'noMargin' }
  const profit = share * reward - bidder.gas
  if (profit <= 0) return { kind: 'pass', account, reason: 'unprofitable' }
  return { kind: 'bid', account, share, leastReward: 0, expectedProfit: profit }
}
