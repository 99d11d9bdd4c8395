import type { BidderResult } from '../../controller/drill/types.ts'

/** What became of the accounts of a run. USD unless said. */
export type ClearingSummary = {
  /** Traders; makers and bidders come on top. */
  readonly accounts: number
  readonly trades: number
  readonly refusedTrades: number
  readonly flags: number
  readonly liquidatedAccounts: number
  readonly slices: number
  readonly notionalSold: number
  readonly charges: number
  /** Accounts that were worth less than nothing at some instant. */
  readonly bankruptcies: number
  readonly backstopped: number
  readonly tornUp: number
  readonly deficit: number
  readonly paidByFund: number
  readonly paidByProfit: number
  readonly paidByPrincipal: number
  readonly fundStart: number
  readonly fundLeast: number
  readonly fundEnd: number
  /** Blocks at which cash and positions were added up. */
  readonly blocksChecked: number
  readonly bidders: { readonly reference: BidderResult; readonly naive: BidderResult }
  /** Marked instants, one per cleared hour. */
  readonly path: readonly ClearingPoint[]
}

export type ClearingPoint = {
  readonly unix: number
  readonly spot: number
  /** The scan range that maintenance reads, as a fraction of the price. */
  readonly scanRange: number
  /** Of all accounts. */
  readonly maintenance: number
  readonly initial: number
  readonly notional: number
  readonly equity: number
  readonly fund: number
  /** Accounts below maintenance, and flagged ones. */
  readonly below: number
  readonly auctions: number
}
