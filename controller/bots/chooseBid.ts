import type { Fraction, Usd } from '../../risk/types/index.ts'
import type { Bid, BidderPolicy, BidderState, SliceOffer, UnwindMarket } from './types.ts'
import { unwindCost } from './unwindCost.ts'

/** Steps of the search for the best share: a slice differs by at most half a percent of the account from the best. */
const STEPS = 200

/**
 * The share of an account that is worth most after everything: reward less spread, impact, gas and an adverse move of `safety` standard deviations until the delta is gone. Profit is
 * concave in the share, since impact grows with size^1.5; the grid finds its top without assuming so.
 *
 * The bid carries the least reward at which it would still not lose under that move: the contract refuses it below, so a quote that got worse between simulation and inclusion costs
 * gas of a revert at most.
 */
export function chooseBid(offer: SliceOffer, markets: ReadonlyMap<string, UnwindMarket>, bidder: BidderState, policy: BidderPolicy): Bid {
  const { account } = offer
  const affordable = offer.initial <= 0 ? 1 : (policy.marginShare * Math.max(0, bidder.freeMargin)) / offer.initial
  const most = Math.min(offer.most, affordable)
  if (affordable < policy.leastShare) return { kind: 'pass', account, reason: 'noMargin' }
  if (most < policy.leastShare) return { kind: 'pass', account, reason: 'tooSmall' }
  const adverse = policy.safety * Math.sqrt(policy.exposure)
  let best: { readonly share: Fraction; readonly profit: Usd } = { share: 0, profit: Number.NEGATIVE_INFINITY }
  for (let step = 1; step <= STEPS; step++) {
    const share = Math.min(most, (most * step) / STEPS)
    if (share < policy.leastShare) continue
    const profit = share * offer.reward - unwindCost(offer, share, markets, adverse) - bidder.gas
    if (profit > best.profit) best = { share, profit }
  }
  if (best.profit < policy.leastProfit) return { kind: 'pass', account, reason: 'unprofitable' }
  return {
    kind: 'bid',
    account,
    share: best.share,
    leastReward: unwindCost(offer, best.share, markets, adverse) + bidder.gas + policy.leastProfit,
    expectedProfit: best.share * offer.reward - unwindCost(offer, best.share, markets, 0) - bidder.gas,
  }
}
