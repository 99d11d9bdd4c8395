import { compensatedSum, normalCdf } from '../math/index.ts'
import { assertMagnitudes, assertQuantity } from './assertMagnitude.ts'

/**
 * Volume-synchronised probability of informed trading with bulk classification: of a bucket's volume V the share N(dp / sigma) counts as bought, and
 * VPIN = sum of |bought - sold| / (n V). A measure to display: no parameter is set from it, since its power to predict is disputed.
 *
 * @param priceChanges - One per bucket, finite, at least one.
 * @param sigma - Standard deviation of the change over a bucket, above 0, same unit.
 * @param bucketVolume - Volume of every bucket, above 0.
 * @returns Volume bought in each bucket, and VPIN in [0, 1].
 * @throws {InvalidInputError} A number is outside its domain.
 * @see Easley, Lopez de Prado and O'Hara, Review of Financial Studies 25 (2012), equations 8 and 9; Andersen and Bondarenko (2014) for the dispute.
 */
export function bulkVpin(
  priceChanges: ArrayLike<number>,
  sigma: number,
  bucketVolume: number,
): { readonly bought: readonly number[]; readonly vpin: number } {
  assertMagnitudes('priceChanges', priceChanges)
  assertQuantity('sigma', sigma)
  assertQuantity('bucketVolume', bucketVolume)
  const shares = Array.from(priceChanges, (change) => normalCdf(change / sigma))
  return {
    bought: shares.map((share) => bucketVolume * share),
    vpin: compensatedSum(shares.map((share) => Math.abs(2 * share - 1))) / shares.length,
  }
}
