import type { Fraction, Hash, UnixSeconds, Usd, Vol } from './units.ts'

/** One bar; times are UTC. `volume` in units of the base asset. */
export type Bar = {
  readonly start: UnixSeconds
  readonly end: UnixSeconds
  /** First instant at which a decision may use this bar. */
  readonly knownAt: UnixSeconds
  readonly open: Usd
  readonly high: Usd
  readonly low: Usd
  readonly close: Usd
  readonly volume: number
}

/** Liquidity seen at one instant. Absent when the source has none; what a source cannot know is absent, never filled in. */
export type LiquidityObservation = {
  readonly knownAt: UnixSeconds
  /** (ask - bid) / mid. */
  readonly spread?: Fraction
  /** USD that moves the price by 1 %, the smaller of both sides. */
  readonly depthUsd?: Usd
  /** 95 % quantile of |moves| over 10 minutes in the last 24 h, where the source has bars that fine. */
  readonly tenMinuteMoveQ95?: Fraction
  /** USD of positions that the observed venue closed by force since the observation before. */
  readonly liquidatedUsd?: Usd
}

/** Open interest of a derivatives venue at one instant, in contracts of one USD, so that the price does not move it. */
export type OpenInterestObservation = { readonly knownAt: UnixSeconds; readonly openInterestUsd: Usd }

/** One funding payment of a perpetual. */
export type FundingObservation = {
  readonly knownAt: UnixSeconds
  /** Paid by longs to shorts for eight hours; negative is paid by shorts. */
  readonly rate: Fraction
}

/** Option market seen at one instant. Absent when the source has none; what a source cannot know is absent, never filled in. */
export type ImpliedVolObservation = {
  readonly knownAt: UnixSeconds
  /** 30 days: at the money, or a volatility index of that term. One source keeps to one of the two. */
  readonly atm30d: Vol
  /** At the money, 7 days. */
  readonly atm7d?: Vol
  /** Half spread of the 30-day at-the-money option, in vol. */
  readonly atmHalfSpread?: Vol
  /** USD of vega that moves implied vol by one point. */
  readonly vegaDepthUsd?: Usd
}

/** What the clearing side reports. Absent until a source has it. */
export type ClearingObservation = {
  readonly knownAt: UnixSeconds
  readonly openInterestUsd: Usd
  readonly fundUsd: Usd
  /** What the fund of the margin group must cover: the two largest stressed shortfalls, or half of all of them where that is more. */
  readonly coverTwoUsd: Usd
  /** Share of open interest that is in auction now. */
  readonly auctionedShare: Fraction
  /** Median over the last week of the part of the discount curve at which lots were sold; 0 is the start. */
  readonly medianFill: Fraction
  /** Longest that a lot has waited in the last week. */
  readonly longestUnsoldMinutes: number
  /** Gas of one liquidation over the notional of its slice. */
  readonly gasShare: Fraction
  /** Price impact of one slice. */
  readonly sliceImpact: Fraction
  /** 95 % quantile of (change of maintenance margin + 1 h loss) / maintenance margin over accounts and 30 days. */
  readonly marginMoveQ95: Fraction
}

/** Where the inputs of a snapshot come from. */
export type Provenance = {
  readonly source: string
  readonly kind: 'recorded' | 'simulated' | 'chain'
  /** Names of the parts that are generated rather than observed, for example `portfolios` and `impliedVol` with recorded bars. */
  readonly synthetic: readonly string[]
  /** Content hash of the recorded file of bars, where there is one. */
  readonly contentHash: Hash | null
  /** Further recorded files beside the bars: quotes, depth, volatility, open interest. Absent when there are none. */
  readonly recordings?: readonly { readonly name: string; readonly contentHash: Hash }[]
}
