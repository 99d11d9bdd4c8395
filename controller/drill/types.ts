import type { Fraction, Seconds, UnixSeconds, Usd } from '../../risk/types/index.ts'

/** How traders of a kind behave. */
export const traderKinds = ['long', 'short', 'writer', 'hedged', 'spread', 'buyer', 'pair'] as const
export type TraderKind = (typeof traderKinds)[number]

/** A simulated person with an account. */
export type Trader = {
  readonly account: string
  readonly kind: TraderKind
  /** One market; a pair holds both. */
  readonly markets: readonly string[]
  readonly deposit: Usd
  /** Share of the deposit that the first positions are meant to use as initial margin. */
  readonly utilisation: Fraction
  /** Chance per hour of acting when margin is thin. */
  readonly discipline: Fraction
  /** Deposits it can still make, each 40 % of the first. */
  readonly topUps: number
  /** Hour of the run in which it opens. */
  readonly opensAt: number
}

/** A bidder on auctions. */
export type Bidder = { readonly account: string; readonly kind: 'reference' | 'naive'; readonly deposit: Usd }

/** What trading costs off the venue, at one instant, in one market. */
export type Frictions = { readonly halfSpread: Fraction; readonly depth: Usd; readonly volPerRootSecond: Fraction }

/** One instant of the run. USD. */
export type DrillPoint = {
  readonly time: UnixSeconds
  readonly spots: Readonly<Record<string, Usd>>
  readonly scanRanges: Readonly<Record<string, Fraction>>
  readonly equity: Usd
  readonly maintenance: Usd
  readonly initial: Usd
  readonly notional: Usd
  readonly fund: Usd
  readonly debt: Usd
  readonly liquidatable: number
  readonly auctions: number
}

/** What one kind of bidder did. USD. */
export type BidderResult = {
  readonly bids: number
  readonly filled: number
  readonly reverted: number
  /** Filled ones whose reward did not pay for gas and for trading the delta away at the marks of their block. */
  readonly losing: number
  readonly worst: Usd
  /** Rewards less gas and less what trading away cost. */
  readonly profit: Usd
  /** Change of the accounts' equity over the run, less gas: profit and what inventory made while it was held. */
  readonly equityChange: Usd
}

/** One run. USD. */
export type DrillResult = {
  readonly seed: string
  readonly controller: boolean
  readonly accounts: number
  readonly trades: number
  readonly refusedTrades: number
  readonly flagged: number
  /** Accounts that lost any of their positions to a bidder. */
  readonly liquidatedAccounts: number
  readonly slices: number
  readonly liquidatedNotional: Usd
  readonly charges: Usd
  readonly longestAuction: Seconds
  /** Accounts that were flagged and were worth less than nothing at some instant. */
  readonly bankruptcies: number
  readonly backstopped: number
  readonly tornUp: number
  readonly deficit: Usd
  readonly paidByFund: Usd
  readonly paidByProfit: Usd
  readonly paidByPrincipal: Usd
  readonly uncovered: Usd
  readonly rewardsFromFund: Usd
  readonly fundStart: Usd
  readonly fundEnd: Usd
  readonly fundLeast: Usd
  readonly halted: boolean
  /** Time means over the run. */
  readonly meanInitial: Usd
  readonly meanMaintenance: Usd
  readonly meanNotional: Usd
  readonly mostInitial: Usd
  readonly parameterMoves: number
  readonly settled: number
  /** Instants at which conservation was checked, and what did not hold. */
  readonly checks: number
  readonly faults: readonly string[]
  readonly bidders: Readonly<Record<Bidder['kind'], BidderResult>>
  readonly points: readonly DrillPoint[]
}
