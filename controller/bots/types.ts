import type { Fraction, Seconds, Usd } from '../../risk/types/index.ts'

/** What an auction offers for the whole account at the block it was read, in USD. A share of it is linear. */
export type SliceOffer = {
  readonly account: string
  readonly phase: 'solvent' | 'insolvent'
  /** Most that may be taken now, in (0, 1]. */
  readonly most: Fraction
  /** What the bidder is paid for taking all of the account. */
  readonly reward: Usd
  /** Net delta of the whole account by market: what has to be traded away. */
  readonly netDelta: ReadonlyMap<string, Usd>
  /** Sum over positions of |delta| x spot. */
  readonly grossDelta: Usd
  /** Initial margin the bidder's account needs for all of it. */
  readonly initial: Usd
}

/** What it costs to get rid of delta in one market. */
export type UnwindMarket = {
  /** Half spread, as a share of the price. */
  readonly halfSpread: Fraction
  /** USD that moves the price by 1 %. */
  readonly depth: Usd
  /** Standard deviation of the price over a second. */
  readonly volPerRootSecond: Fraction
}

/** What a bidder knows of itself. */
export type BidderState = {
  /** What new risk may use, after everything already sent. */
  readonly freeMargin: Usd
  /** Cost of the transaction at the fee it would offer. */
  readonly gas: Usd
  /** Of a transaction that reverts. */
  readonly revertGas: Usd
}

/** How careful a bidder is. */
export type BidderPolicy = {
  /** Least profit of a transaction, USD, after everything. */
  readonly leastProfit: Usd
  /** Standard deviations of adverse move that a bid must survive. */
  readonly safety: number
  /** Time from the simulation to the block a bid lands in. A slice costs its mark in that block, so what the price does until then moves the reward, not the worth of what is bought. */
  readonly inclusion: Seconds
  /** Time from that block until delta taken is traded away. */
  readonly exposure: Seconds
  /** Share of the free margin that one bid may use, so that margin that moves does not refuse it. */
  readonly marginShare: Fraction
  /** Slices of less than this part of the account are not worth a transaction. */
  readonly leastShare: Fraction
}

/** A bid to send, or why there is none. */
export type Bid =
  | {
      readonly kind: 'bid'
      readonly account: string
      readonly share: Fraction
      /** Goes into the call: below this payment the transaction does nothing. */
      readonly leastReward: Usd
      readonly expectedProfit: Usd
    }
  | { readonly kind: 'pass'; readonly account: string; readonly reason: 'unprofitable' | 'noMargin' | 'tooSmall' }
