import type { AccountReading, ClearingVenue, LossReading, SliceTaken } from '../../risk/clearing/index.ts'
import { fromWadUsd, toWadUsd } from '../../risk/liquidation/index.ts'
import type { Usd } from '../../risk/types/index.ts'
import { naiveBid } from '../bots/naiveBid.ts'
import { rankBids } from '../bots/rankBids.ts'
import type { Bid, BidderPolicy, BidderState, SliceOffer } from '../bots/types.ts'
import { unwindCost } from '../bots/unwindCost.ts'
import { createRandom } from '../sources/random.ts'
import type { Bidder, BidderResult, Frictions } from './types.ts'

/** The block that a bid was simulated in, or the one it lands in. */
export type BidBlock = {
  readonly readings: ReadonlyMap<string, AccountReading>
  readonly frictions: ReadonlyMap<string, Frictions>
  readonly gas: Usd
}

/** A bid on its way. */
export type SentBid = { readonly bidder: Bidder; readonly bid: Extract<Bid, { readonly kind: 'bid' }> }

export type Bench = {
  /** What everybody sends, seeing this block. */
  readonly bids: (block: BidBlock) => Promise<SentBid[]>
  /** Includes the bids in an order drawn for it, in a later block. */
  readonly include: (sent: readonly SentBid[], block: BidBlock) => Promise<void>
  readonly book: (bidder: Bidder, paid: Usd) => void
  readonly results: (equities: ReadonlyMap<string, Usd>) => Readonly<Record<Bidder['kind'], BidderResult>>
  readonly sales: () => Sales
}

/** What was sold over a run. */
export type Sales = {
  readonly slices: number
  readonly accounts: ReadonlySet<string>
  readonly notional: Usd
  readonly charges: Usd
  readonly rewardsFromFund: Usd
  readonly losses: readonly LossReading[]
}

/** Share of the gas that a refused call burns. */
const REVERT_SHARE = 0.3
/** Seconds between a simulation and the block it lands in. */
export const INCLUSION = 60

/**
 * How the reference bidder of a run is set. Like `ballast liquidator run` without options it reserves for a minute in which it holds what it took. The drill trades that away in the block that
 * the bid lands in; a bidder without the reserve takes slices earlier on their curve, and earned less (`docs/drill-results.md`).
 */
export const drillPolicy: BidderPolicy = {
  leastProfit: 5,
  safety: 2,
  inclusion: INCLUSION,
  exposure: 60,
  marginShare: 0.8,
  leastShare: 0.02,
}

type Tally = { bids: number; filled: number; reverted: number; losing: number; worst: Usd; profit: Usd; gas: Usd }

/** Bidders with limited capital: half of them with the reference bot's rule, half naive. What each transaction made is judged at the marks of the block it landed in. */
export function createBench(venue: ClearingVenue, seed: string, bidders: readonly Bidder[]): Bench {
  const random = createRandom(`inclusion:${seed}`)
  const tallies: Record<Bidder['kind'], Tally> = { reference: newTally(), naive: newTally() }
  const sales = { slices: 0, accounts: new Set<string>(), notional: 0, charges: 0, rewardsFromFund: 0, losses: [] as LossReading[] }

  return {
    bids: async ({ readings, frictions, gas }) => {
      const offers = await offersOf(venue, readings)
      if (offers.length === 0) return []
      return bidders.flatMap((bidder) => {
        const state: BidderState = { freeMargin: readings.get(bidder.account)?.freeMargin ?? 0, gas, revertGas: REVERT_SHARE * gas }
        const wanted =
          bidder.kind === 'reference' ? rankBids(offers, frictions, state, drillPolicy) : offers.map((offer) => naiveBid(offer, state))
        return wanted.flatMap((bid) => (bid.kind === 'bid' ? [{ bidder, bid }] : []))
      })
    },
    include: async (sent, block) => {
      const left = [...sent]
      while (left.length > 0) {
        const [next] = left.splice(random.below(left.length), 1)
        await includeOne(next as SentBid, block)
      }
    },
    book: ({ kind }, paid) => {
      tallies[kind].profit -= paid
    },
    sales: () => sales,
    results: (equities) => {
      const resultOf = (kind: Bidder['kind']): BidderResult => {
        const { gas, ...tally } = tallies[kind]
        const change = bidders.reduce(
          (sum, { account, kind: own, deposit }) => (own === kind ? sum + (equities.get(account) ?? 0) - deposit : sum),
          -gas,
        )
        return { ...tally, equityChange: change }
      }
      return { reference: resultOf('reference'), naive: resultOf('naive') }
    },
  }

  async function includeOne({ bidder, bid }: SentBid, { readings, frictions, gas }: BidBlock): Promise<void> {
    const tally = tallies[bidder.kind]
    tally.bids += 1
    const least = toWadUsd('least', bid.leastReward, 'up')
    const outcome = await venue.take(bid.account, bidder.account, toWadUsd('share', bid.share, 'down'), least)
    if (outcome.kind === 'refused') {
      tally.reverted += 1
      tally.gas += REVERT_SHARE * gas
      tally.profit -= REVERT_SHARE * gas
      return
    }
    const taken = readings.get(bid.account) as AccountReading
    const share = fromWadUsd(outcome.fraction)
    const reward = fromWadUsd(outcome.bidder)
    const result = reward - gas - unwindCost(taken, share, frictions, 0)
    tally.filled += 1
    tally.gas += gas
    tally.profit += reward - gas
    if (result < 0) tally.losing += 1
    tally.worst = Math.min(tally.worst, result)
    record(bid.account, outcome)
  }

  function record(account: string, { notional, charge, phase, bidder, losses }: SliceTaken): void {
    sales.slices += 1
    sales.accounts.add(account)
    sales.notional += notional
    sales.charges += fromWadUsd(charge)
    if (phase === 'insolvent') sales.rewardsFromFund += fromWadUsd(bidder)
    if (losses !== null) sales.losses.push(losses)
  }
}

const newTally = (): Tally => ({ bids: 0, filled: 0, reverted: 0, losing: 0, worst: 0, profit: 0, gas: 0 })

async function offersOf(venue: ClearingVenue, readings: ReadonlyMap<string, AccountReading>): Promise<SliceOffer[]> {
  return (await venue.readAuctions()).map(({ account, quote }): SliceOffer => {
    const { netDelta, grossDelta, initial } = readings.get(account) as AccountReading
    const most = quote.phase === 'solvent' ? fromWadUsd(quote.fraction) : 1
    const reward = quote.phase === 'solvent' ? fromWadUsd(quote.liquidator) / most : fromWadUsd(quote.reward)
    return { account, phase: quote.phase, most, reward, netDelta, grossDelta, initial }
  })
}
