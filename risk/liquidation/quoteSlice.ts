import type { Seconds } from '../types/index.ts'
import { assertAmount } from './assertExact.ts'
import { dutchShare } from './dutchShare.ts'
import { feeCap } from './feeCap.ts'
import { mulDivDown } from './mulDiv.ts'
import { type PartialSize, partialSize } from './partialSize.ts'
import { splitCharge } from './splitCharge.ts'
import type { AccountState, LiquidationTerms, WadFraction, WadUsd } from './types.ts'

const WAD = 10n ** 18n

/** What an auction offers at one instant. */
export type SliceQuote =
  | { readonly phase: 'restored' }
  | {
      readonly phase: 'solvent'
      /** Most that may be taken now. */
      readonly size: Exclude<PartialSize, { kind: 'none' }>
      readonly fraction: WadFraction
      /** What the account pays on that slice beyond its mark, and who gets it. */
      readonly charge: WadUsd
      readonly liquidator: WadUsd
      readonly fund: WadUsd
      /** Account after that slice, if its requirement is of degree one. Maintenance rounded up. */
      readonly after: AccountState
    }
  | {
      readonly phase: 'insolvent'
      /** What the fund pays a bidder who takes the whole account; a part of it gets its share, rounded down. */
      readonly payment: WadUsd
      /** The part of it that makes the bidder whole, and the part that is reward. */
      readonly deficit: WadUsd
      readonly reward: WadUsd
    }

/**
 * Prices the next slice of a flagged account.
 *
 * Solvent: positions change hands at mark, and the account pays a charge that rises from nothing to the fee cap. Bankrupt: whoever takes the account takes its
 * negative equity too, is paid that by the fund, and on top a reward that rises from nothing to the maintenance requirement. The fund's payments are limited per
 * window by the caller and arrive as unmatured profit (contract-rules A14).
 *
 * @param deltaNotional - As in {@link feeCap}.
 * @param elapsed - Seconds since this phase began.
 * @param dust - As in {@link partialSize}.
 * @throws {InvalidInputError} An argument is outside its domain.
 * @see contract-rules A14, B12; margin research 2.7 for the two phases.
 */
export function quoteSlice(
  account: AccountState,
  deltaNotional: WadUsd,
  terms: LiquidationTerms,
  elapsed: Seconds,
  dust: WadUsd,
): SliceQuote {
  const { cap } = feeCap(account, deltaNotional, terms)
  assertAmount('dust', dust)
  if (account.equity < 0n) {
    const deficit = -account.equity
    const reward = mulDivDown(account.maintenance, dutchShare(elapsed, terms.insolventSeconds), WAD)
    return { phase: 'insolvent', payment: deficit + reward, deficit, reward }
  }
  const wholeCharge = mulDivDown(cap, dutchShare(elapsed, terms.solventSeconds), WAD)
  const size = partialSize(account, wholeCharge, terms.bufferBps, dust)
  if (size.kind === 'none') return { phase: 'restored' }
  const fraction = size.kind === 'whole' ? WAD : size.fraction
  const charge = mulDivDown(wholeCharge, fraction, WAD)
  const after = { equity: account.equity - charge, maintenance: account.maintenance - mulDivDown(account.maintenance, fraction, WAD) }
  return { phase: 'solvent', size, fraction, charge, ...splitCharge(charge, terms.liquidatorShareBps), after }
}
