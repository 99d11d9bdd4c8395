import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseBid } from '../../../controller/bots/chooseBid.ts'
import { naiveBid } from '../../../controller/bots/naiveBid.ts'
import { rankBids } from '../../../controller/bots/rankBids.ts'
import type { BidderPolicy, SliceOffer, UnwindMarket } from '../../../controller/bots/types.ts'
import { unwindCost } from '../../../controller/bots/unwindCost.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'

const markets = new Map<string, UnwindMarket>([
  ['BTC', { halfSpread: 0.0005, depth: 10_000_000, volPerRootSecond: 0.0002 }],
  ['ETH', { halfSpread: 0.001, depth: 2_000_000, volPerRootSecond: 0.0003 }],
])
const policy: BidderPolicy = { leastProfit: 5, safety: 2, inclusion: 60, exposure: 60, marginShare: 0.9, leastShare: 0.01 }
const offer: SliceOffer = {
  account: 'a',
  phase: 'solvent',
  most: 0.6,
  reward: 4_000,
  netDelta: new Map([['BTC', 200_000]]),
  grossDelta: 200_000,
  initial: 60_000,
}
const rich = { freeMargin: 1e9, gas: 20, revertGas: 5 }

const anyOffer = fc.record({
  account: fc.constantFrom('a', 'b', 'c'),
  phase: fc.constantFrom('solvent' as const, 'insolvent' as const),
  most: fc.double({ min: 0.001, max: 1, noNaN: true }),
  reward: fc.double({ min: 0, max: 1e6, noNaN: true }),
  netDelta: fc
    .record({ BTC: fc.double({ min: -1e7, max: 1e7, noNaN: true }), ETH: fc.double({ min: -1e7, max: 1e7, noNaN: true }) })
    .map((deltas) => new Map(Object.entries(deltas))),
  grossDelta: fc.double({ min: 0, max: 1e7, noNaN: true }),
  initial: fc.double({ min: 0, max: 1e7, noNaN: true }),
})
const anyBidder = fc.record({
  freeMargin: fc.double({ min: -1e5, max: 1e7, noNaN: true }),
  gas: fc.double({ min: 0, max: 1e3, noNaN: true }),
  revertGas: fc.double({ min: 0, max: 1e2, noNaN: true }),
})

describe('chooseBid', () => {
  it('takes all that is offered where the reward pays for it', () => {
    const bid = chooseBid(offer, markets, rich, policy)
    expect(bid).toMatchObject({ kind: 'bid', share: 0.6 })
  })
  it('takes less of an account whose impact eats the reward, and the share is the best of a finer search', () => {
    const large = { ...offer, most: 1, reward: 600_000, netDelta: new Map([['BTC', 40_000_000]]), grossDelta: 40_000_000 }
    const bid = chooseBid(large, markets, rich, policy)
    if (bid.kind !== 'bid') throw new Error(bid.reason)
    const adverse = policy.safety * Math.sqrt(policy.exposure)
    const profit = (share: number): number => share * large.reward - unwindCost(large, share, markets, adverse) - rich.gas
    let best = Number.NEGATIVE_INFINITY
    for (let i = 1; i <= 20_000; i++) best = Math.max(best, profit(i / 20_000))
    expect(bid.share).toBeLessThan(0.9)
    expect(best - profit(bid.share)).toBeLessThan(0.001 * best)
  })
  it.each([
    ['unprofitable', { ...offer, reward: 30 }, rich],
    ['noMargin', offer, { ...rich, freeMargin: 0 }],
    ['noMargin', offer, { ...rich, freeMargin: -5 }],
    ['tooSmall', { ...offer, most: 0.001 }, rich],
  ] as const)('passes with %s', (reason, given, bidder) => {
    expect(chooseBid(given, markets, bidder, policy)).toEqual({ kind: 'pass', account: 'a', reason })
  })
  it('property: a bid is inside offer and margin, and pays for its costs and an adverse move at its own least reward', () => {
    fc.assert(
      fc.property(anyOffer, anyBidder, (given, bidder) => {
        const bid = chooseBid(given, markets, bidder, policy)
        if (bid.kind === 'pass') return
        expect(bid.share).toBeLessThanOrEqual(given.most)
        expect(bid.share * given.initial).toBeLessThanOrEqual(policy.marginShare * Math.max(0, bidder.freeMargin) * (1 + 1e-12))
        const worst = unwindCost(given, bid.share, markets, policy.safety * Math.sqrt(policy.exposure))
        expect(bid.leastReward - worst - bidder.gas).toBeGreaterThanOrEqual(policy.leastProfit * (1 - 1e-9) - 1e-6)
        // The guard lets the simulated quote itself pass.
        expect(bid.share * given.reward).toBeGreaterThanOrEqual(bid.leastReward - 1e-6)
      }),
      propertyRuns,
    )
  })
  it('property: more gas, more volatility or less depth never turns a pass into a bid', () => {
    fc.assert(
      fc.property(anyOffer, anyBidder, fc.double({ min: 1, max: 10, noNaN: true }), (given, bidder, factor) => {
        const worse = new Map(
          [...markets].map(([name, { halfSpread, depth, volPerRootSecond }]) => [
            name,
            { halfSpread: halfSpread * factor, depth: depth / factor, volPerRootSecond: volPerRootSecond * factor },
          ]),
        )
        const [before, after] = [
          chooseBid(given, markets, bidder, policy),
          chooseBid(given, worse, { ...bidder, gas: bidder.gas * factor }, policy),
        ]
        if (after.kind === 'pass') return
        expect(before.kind).toBe('bid')
      }),
      propertyRuns,
    )
  })
})

describe('rankBids', () => {
  it('spends margin on the most profitable first and never more than there is', () => {
    const offers = [offer, { ...offer, account: 'b', reward: 9_000 }, { ...offer, account: 'c', reward: 6_000 }]
    const bidder = { ...rich, freeMargin: 70_000 }
    const bids = rankBids(offers, markets, bidder, policy)
    expect(bids.map(({ account }) => account)).toEqual(['b', 'c', 'a'])
    const used = bids.reduce((sum, bid) => sum + (bid.kind === 'bid' ? bid.share * offer.initial : 0), 0)
    expect(used).toBeLessThanOrEqual(bidder.freeMargin)
    expect(bids[0]).toMatchObject({ kind: 'bid', share: 0.6 })
  })
})

describe('naiveBid', () => {
  it('looks at reward and gas alone', () => {
    const ruinous = { ...offer, reward: 100, netDelta: new Map([['BTC', 50_000_000]]) }
    expect(naiveBid(ruinous, rich)).toMatchObject({ kind: 'bid', share: 0.6, leastReward: 0 })
    expect(naiveBid({ ...offer, reward: 10 }, rich)).toMatchObject({ kind: 'pass', reason: 'unprofitable' })
    expect(naiveBid(offer, { ...rich, freeMargin: 0 })).toMatchObject({ kind: 'pass', reason: 'noMargin' })
  })
})
