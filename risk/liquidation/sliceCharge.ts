import { assertAmount, assertSigned } from './assertExact.ts'
import { feeCap } from './feeCap.ts'
import { mulDivDown } from './mulDiv.ts'
import type { AccountState, LiquidationTerms, WadFraction, WadUsd } from './types.ts'

const WAD = 10n ** 18n

/** What a slice took, by the requirement computed again without it. */
export type TakenSlice = {
  readonly fraction: WadFraction
  /** Maintenance before less after, at least 0 and at most the maintenance. */
  readonly maintenance: WadUsd
  /** Delta-equivalent notional before less after, at least 0. */
  readonly deltaNotional: WadUsd
}

/**
 * What a slice costs a solvent account, when lots and liquidity charges keep it from being an exact share: the least of its share of the charge on the whole, of the
 * curve's share of the fee cap on what it took, and of the equity behind the maintenance it released, all rounded down. By the last, equity over maintenance of the
 * remainder never falls: equity - c >= equity x after / before.
 *
 * @param deltaNotional - Of the whole account, as in {@link feeCap}.
 * @param share - How far the curve has run, from {@link dutchShare}.
 * @throws {InvalidInputError} An amount is outside its domain.
 * @see contract-rules A14: the fee on a slice is bounded by what that slice releases.
 */
export function sliceCharge(
  account: AccountState,
  deltaNotional: WadUsd,
  taken: TakenSlice,
  terms: Pick<LiquidationTerms, 'feeBps' | 'maintenanceShareBps'>,
  share: WadFraction,
): WadUsd {
  assertSigned('equity', account.equity)
  assertAmount('taken.maintenance', taken.maintenance)
  if (taken.maintenance === 0n || account.equity <= 0n) return 0n
  const whole = mulDivDown(mulDivDown(feeCap(account, deltaNotional, terms).cap, share, WAD), taken.fraction, WAD)
  const own = feeCap({ equity: account.equity, maintenance: taken.maintenance }, taken.deltaNotional, terms).cap
  const bySlice = mulDivDown(own, share, WAD)
  const byEquity = mulDivDown(account.equity, taken.maintenance, account.maintenance)
  const least = whole < bySlice ? whole : bySlice
  return least < byEquity ? least : byEquity
}
