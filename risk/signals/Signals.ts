import type { ClearingObservation, Fraction, Usd, Vol } from '../types/index.ts'

/** What bars alone say. Volatilities are for 24 h unless the name says otherwise, not annualised. */
export type BarSignals = {
  readonly historyHours: number
  /** sigmaMix over 24 h, frozen through an outage. */
  readonly sigma24h: Fraction
  /** Purged 99 % quantile of 24 h loss / sigma over the whole history, the larger of long and short, before the clamp; null below the minimum. */
  readonly lossMultiple: number | null
  /** Quantiles of sigma24h over the trailing three years (98 %, 25 %) and two years (90 %), or over all there is. */
  readonly sigmaQ98: Fraction
  readonly sigmaQ25: Fraction
  readonly sigmaQ90: Fraction
  /** Losses of a unit position over the whole history, the larger of long and short. */
  readonly loss24hQ99: Fraction | null
  readonly loss48hQ99: Fraction | null
  /** Mean loss beyond the 99 % quantile of 24 h losses, the larger of long and short. */
  readonly loss24hEs99: Fraction | null
  /** 99 % quantile of 24 h falls: the long side alone. */
  readonly fall24hQ99: Fraction | null
  /** Days of the last 365, counted from 00:00 UTC, on which a 24 h loss passed lossMultiple x sigma; the larger of both sides. */
  readonly breaches365d: number | null
  /** 10 % quantile over 30 days of the volume of 24 h, in units of the base asset. */
  readonly volume24hQ10: number | null
  /** Amihud's illiquidity over 30 days, per USD. */
  readonly amihud30d: number | null
  /** Annualised close-to-close volatility of 7 days. */
  readonly realizedVol7d: Vol | null
}

/** What quotes and order books say; null when nothing was observed for 30 days. Each field is null when its source has none. */
export type LiquiditySignals = {
  /** 90 % quantile of the spread over 30 days, of the mid. */
  readonly spreadQ90: Fraction | null
  /** 10 % quantile over 30 days of the USD that move the price by 1 %. */
  readonly depthQ10: Usd | null
  /** USD closed by force on the observed venue in the last 24 h. */
  readonly liquidated24hUsd: Usd | null
}

/** What derivatives venues say. */
export type VenueSignals = {
  /** Latest open interest; null when none is younger than two days. */
  readonly openInterestUsd: Usd | null
  /** Largest relative fall of open interest over a day since the engine began; null before there is a day to compare. */
  readonly worstDailyFall: Fraction | null
  /** Mean funding of the last 24 h, per year, paid by longs; null when there was none. */
  readonly fundingPerYear: Fraction | null
  /** Largest funding of 30 days in size, per eight hours. */
  readonly largestFunding: Fraction | null
}

/** What option markets say; null when nothing was observed for 30 days. Each field is null when its source has none. */
export type ImpliedVolSignals = {
  /** Latest at-the-money vol of 7 days; null when none is younger than a day. */
  readonly atm7d: Vol | null
  /** Quantiles of 24 h relative moves of the 30-day at-the-money vol; falls are positive. Null below the minimum history. */
  readonly riseQ995: Fraction | null
  readonly fallQ99: Fraction | null
  /** 90 % quantile over 30 days of half the at-the-money vol spread, in vol. */
  readonly halfSpreadQ90: Vol | null
  /** 10 % quantile over 30 days of the USD of vega that move implied vol by one point. */
  readonly vegaDepthQ10: Usd | null
}

/** What every clearing side says. */
type AlwaysReported = 'openInterestUsd' | 'fundUsd' | 'auctionedShare'

/** What the clearing side says: its last report, null when none is younger than a day, or the accounts of a deployed one. Each field is null when its source has none. */
export type ClearingSignals = Pick<ClearingObservation, AlwaysReported> & {
  readonly [field in Exclude<keyof ClearingObservation, 'knownAt' | AlwaysReported>]: number | null
} & {
  /** What the fund should hold by the accounts that were shown to it on chain. */
  readonly shownCoverUsd: Usd | null
}

export type Signals = {
  readonly bars: BarSignals
  readonly liquidity: LiquiditySignals | null
  readonly impliedVol: ImpliedVolSignals | null
  readonly clearing: ClearingSignals | null
  /** Null when no venue was observed. */
  readonly venue: VenueSignals | null
  /** Latest 95 % quantile of |10-minute moves| of a day; null when none is younger than a day. */
  readonly tenMinuteMoveQ95: Fraction | null
}
