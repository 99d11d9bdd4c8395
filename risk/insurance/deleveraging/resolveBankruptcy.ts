import { InvalidInputError } from '../../errors/index.ts'
import { assertAmount, assertSigned, type WadUsd } from '../../liquidation/index.ts'
import type { IndexedAmount } from './ProRataIndex.ts'
import { type OpenInterest, type TearUpResult, tearUp } from './tearUp.ts'
import { type LossLayers, type WaterfallResult, waterfall } from './waterfall.ts'

/** One residual position of a bankrupt account, with what is needed to tear it up. */
export type ResidualPosition = {
  readonly instrument: string
  /** 1e18 is one contract, negative is short. */
  readonly quantity: bigint
  /** USD of one contract, 18 decimals. */
  readonly mark: WadUsd
  readonly openInterest: OpenInterest
  /** The whole other side. */
  readonly counterparties: readonly IndexedAmount[]
}

/** A bankrupt account after its auction has run to the end, its other collateral sold with it. */
export type BankruptAccount = {
  /** Cash and what the residual positions are worth at mark; below 0. */
  readonly equity: WadUsd
  /** What holding the residual positions would need. */
  readonly initialMargin: WadUsd
  readonly residual: readonly ResidualPosition[]
}

export type Resolution =
  /** The fund's backstop account takes the positions and keeps their initial margin in the fund; the fund pays the deficit. */
  | { readonly kind: 'backstop'; readonly reserved: WadUsd; readonly losses: WaterfallResult }
  /** Positions were closed at mark against their counterparties first. */
  | {
      readonly kind: 'tornUp'
      readonly tearUps: readonly (TearUpResult & { readonly instrument: string })[]
      readonly losses: WaterfallResult
    }

/**
 * What becomes of a bankrupt account: (2) its residual book goes to the fund's backstop only if the fund holds the initial margin beside the deficit, (3) else all of it is
 * torn up at mark, (4) then the deficit runs down the waterfall. Tear-up is value-neutral, so the deficit is the same before and after it, but for roundings: the fund
 * has them or bears them before it pays, and what it cannot bear joins the deficit.
 *
 * @throws {InvalidInputError} The account is not bankrupt, or a part is outside its domain.
 * @see contract-rules A16, steps 2 to 4; step 1 is the auction, `risk/liquidation`.
 */
export function resolveBankruptcy({ equity, initialMargin, residual }: BankruptAccount, layers: LossLayers): Resolution {
  assertSigned('equity', equity)
  assertAmount('initialMargin', initialMargin)
  if (equity >= 0n) throw new InvalidInputError({ argument: 'equity', got: equity, limit: 'below 0' })
  const deficit = -equity
  const fundPart = deficit > layers.junior ? deficit - layers.junior : 0n
  if (residual.length > 0 && layers.fund >= fundPart + initialMargin)
    return { kind: 'backstop', reserved: initialMargin, losses: waterfall(deficit, layers) }
  const tearUps = residual.map(({ instrument, quantity, mark, openInterest, counterparties }) => ({
    instrument,
    ...tearUp(openInterest, quantity, mark, counterparties),
  }))
  const roundings = tearUps.reduce((sum, { fundCash }) => sum + fundCash, 0n)
  const fund = layers.fund + roundings
  const losses = fund >= 0n ? waterfall(deficit, { ...layers, fund }) : waterfall(deficit - fund, { ...layers, fund: 0n })
  return { kind: 'tornUp', tearUps, losses }
}
