import type { ExpiryTerms } from '../riskArray.ts'
import type { Pass, ScanParameters } from '../scanPasses.ts'
import type { ExpirySums } from '../stressPortfolio.ts'
import type { Charges, LiquidityParameters } from '../types.ts'
import { type BasisLane, basisCharge } from './basisCharge.ts'
import { liquidityCharge } from './liquidityCharge.ts'
import { skewCharge } from './skewCharge.ts'
import { termCharge } from './termCharge.ts'

const VOL_POINT = 0.01

/** What an account's charges are computed from. */
export type ChargedAccount = {
  readonly spot: number
  /** Units of the underlying that count as collateral. */
  readonly units: number
  /** Sensitivities by expiry, in the order of `expiries`. */
  readonly sums: ExpirySums
  readonly expiries: readonly ExpiryTerms[]
}

/**
 * All charges of one account for one scan (risk policy B5, B8).
 *
 * @param liquidity - Null where no depth is known: then nothing is charged for size.
 */
export function accountCharges(
  { spot, units, sums, expiries }: ChargedAccount,
  pass: Pass,
  { range }: ScanParameters,
  liquidity: LiquidityParameters | null,
): Charges {
  const held = sums.expiries
  const skew = skewCharge(held.map((at, i) => ({ timeToExpiry: expiries[at]!.timeToExpiry, skew: sums.skew[i]! })))
  const term = termCharge(
    held.map((at, i) => ({ timeToExpiry: expiries[at]!.timeToExpiry, shockedVega: sums.vega[i]! * expiries[at]!.volMoves[pass].up })),
  )
  const lanes = held.map((at, i): BasisLane => ({ timeToExpiry: expiries[at]!.timeToExpiry, delta: sums.delta[i]! }))
  const basis = basisCharge(byDate(units, lanes), spot)
  if (liquidity === null) return { skew, term, basis, delta: 0, gamma: 0, vega: 0 }
  const { depth, vegaDepth, deltaAddOn, gammaAddOn, vegaAddOn } = liquidity
  return {
    skew,
    term,
    basis,
    delta: liquidityCharge(deltaAddOn, total(sums.delta) * spot, depth),
    gamma: liquidityCharge(gammaAddOn, total(sums.gamma) * spot * spot * range, depth),
    vega: liquidityCharge(vegaAddOn, total(sums.vega) * VOL_POINT, vegaDepth),
  }
}

/** The index first, then instruments without an expiry, which stand last in rank order, then the dates. */
function byDate(units: number, lanes: readonly BasisLane[]): BasisLane[] {
  return [{ timeToExpiry: 0, delta: units }, ...lanes].sort((a, b) => a.timeToExpiry - b.timeToExpiry)
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
