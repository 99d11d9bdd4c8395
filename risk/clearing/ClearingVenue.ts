import type { WadFraction, WadUsd } from '../liquidation/index.ts'
import type { MarginParameters } from '../margin/index.ts'
import type { Book, Bps, Fraction, Seconds, UnixSeconds, Usd } from '../types/index.ts'
import type {
  AccountReading,
  AuctionReading,
  BankruptcyResolved,
  GroupSums,
  ListedContract,
  MarketMark,
  Outcome,
  SliceTaken,
} from './types.ts'

/** Live parameters of one market as clearing reads them. */
export type ClearingParameters = {
  readonly margin: MarginParameters
  /** `margin.betaResidual`. */
  readonly residual: Fraction
  readonly liquidation: {
    readonly feeBps: Bps
    readonly maintenanceShareBps: Bps
    readonly liquidatorShareBps: Bps
    readonly bufferBps: Bps
    readonly solventSeconds: Seconds
    readonly insolventSeconds: Seconds
    readonly keeperReward: WadUsd
  }
  /** Share of the notional of a trade that each side pays. */
  readonly tradingFee: Fraction
  /** Contracts on one side of all instruments of the market. */
  readonly openInterestCap: number
}

/** Live parameters of the margin group. */
export type GroupParameters = { readonly contributionRateBps: Bps; readonly payoutLimitBps: Bps }

/** What the clearing side is at one instant: times never go back, marks hold until the next. */
export type ClearingTick = {
  readonly time: UnixSeconds
  readonly marks: ReadonlyMap<string, MarketMark>
  readonly parameters: ReadonlyMap<string, ClearingParameters>
  readonly group: GroupParameters
}

/** A trade that both sides signed: the taker's contracts, negative sells. */
export type MatchedTrade = {
  readonly taker: string
  readonly maker: string
  readonly instrument: string
  /** 18 decimals. */
  readonly contracts: bigint
  /** USD per contract, of a future its price. */
  readonly price: Usd
}

/**
 * A place that clears: the twin in this folder, or real contracts. What the drill, its traders and its bidders do goes through here, so that they cannot tell which it is.
 * What a rule refuses is an outcome; faults throw.
 */
export type ClearingVenue = {
  readonly contracts: ReadonlyMap<string, ListedContract>
  /** Opens an account with a deposit, or adds to one. */
  readonly deposit: (account: string, usd: Usd) => Promise<void>
  /** Moves time and marks on; expired instruments settle at the price of that instant. */
  readonly advance: (tick: ClearingTick) => Promise<{ readonly settled: readonly string[] }>
  readonly trade: (trade: MatchedTrade) => Promise<Outcome<object>>
  readonly readAccounts: () => Promise<readonly AccountReading[]>
  readonly readAuctions: () => Promise<readonly AuctionReading[]>
  readonly flag: (account: string, keeper: string) => Promise<Outcome<object>>
  /** Takes up to a share of an account; nothing happens where the bidder would receive less than `least`. */
  readonly take: (account: string, bidder: string, share: WadFraction, least: WadUsd) => Promise<Outcome<SliceTaken>>
  /** Ends the auction of a bankrupt account that nobody bought in time. */
  readonly resolve: (account: string) => Promise<Outcome<BankruptcyResolved>>
  readonly readSums: () => Promise<GroupSums>
  /** All accounts of one market, as `decide` reads them. */
  readonly readBook: (market: string) => Promise<Book>
  /** What must hold at every instant and does not; empty when all is well. */
  readonly faults: () => Promise<readonly string[]>
}
