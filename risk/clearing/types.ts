import type { SliceQuote, WadFraction, WadUsd } from '../liquidation/index.ts'
import type { Instrument, UnixSeconds, Usd, Vol } from '../types/index.ts'

/** Cash of an account, three parts kept apart (contract-rules A15). USD with 18 decimals. */
export type Cash = {
  /** Deposited or matured: may be taken out. */
  readonly principal: WadUsd
  /** Received and not yet matured. */
  readonly profit: WadUsd
  readonly debt: WadUsd
}

/** Sums of a margin group; `tokens = principal + profit + fund - debt`, exactly, at all times. */
export type GroupSums = {
  readonly tokens: WadUsd
  readonly principal: WadUsd
  readonly profit: WadUsd
  readonly fund: WadUsd
  readonly debt: WadUsd
  /** A loss took all unmatured profit: nothing but reducing risk, and nothing matures, until governance acts. */
  readonly halted: boolean
}

/** An instrument as cleared: of one market, futures against a reference fixed at listing, so that trading one costs no cash. */
export type ListedContract = {
  readonly market: string
  readonly instrument: Extract<Instrument, { readonly kind: 'option' | 'future' }>
  /** USD per contract that a future is booked against; 0 for an option. */
  readonly reference: Usd
}

/** A market at one instant. */
export type MarketMark = { readonly spot: Usd; readonly markVol: Vol }

/** All USD. What one account is worth and needs at the latest mark. */
export type AccountReading = {
  readonly account: string
  readonly equity: Usd
  readonly maintenance: Usd
  readonly initial: Usd
  /** What new risk may use. */
  readonly freeMargin: Usd
  /** Sum over positions of |contracts| x spot. */
  readonly notional: Usd
  /** Sum over positions of |delta| x spot. */
  readonly grossDelta: Usd
  /** Net delta x spot of each market held. */
  readonly netDelta: ReadonlyMap<string, Usd>
  readonly positions: ReadonlyMap<string, bigint>
}

/** An account whose positions are on sale. */
export type AuctionReading = {
  readonly account: string
  readonly flaggedAt: UnixSeconds
  readonly quote: Exclude<SliceQuote, { readonly phase: 'restored' }>
}

/** What became of something that was asked for. `reason` is the rule that refused. */
export type Outcome<Done> = ({ readonly kind: 'done' } & Done) | { readonly kind: 'refused'; readonly reason: Refusal }

export type Refusal =
  | 'halted'
  | 'expired'
  | 'openInterestCap'
  | 'takerMargin'
  | 'makerMargin'
  | 'bidderMargin'
  | 'notLiquidatable'
  | 'noAuction'
  | 'belowLeast'
  | 'nothingToTake'
  | 'notDue'
  /** A contract refused, for a reason of its own that is none of these. */
  | 'contract'

/** A slice that changed hands. */
export type SliceTaken = {
  readonly phase: 'solvent' | 'insolvent'
  readonly fraction: WadFraction
  readonly notional: Usd
  /** What the account paid beyond the mark, and who had it; in the insolvent phase the bidder's part comes from the fund. */
  readonly charge: WadUsd
  readonly bidder: WadUsd
  readonly fund: WadUsd
  readonly keeper: WadUsd
  /** Of the deficit that was left when the last position was taken. */
  readonly losses: LossReading | null
}

/** A deficit, and who bore it. */
export type LossReading = {
  readonly deficit: WadUsd
  readonly fund: WadUsd
  readonly profit: WadUsd
  readonly principal: WadUsd
  readonly uncovered: WadUsd
}

/** What ended a bankruptcy that nobody bought. */
export type BankruptcyResolved = { readonly how: 'backstop' | 'tornUp'; readonly contracts: number; readonly losses: LossReading }
