import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, assertInRange } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Vol, Years } from '../../types/index.ts'
import { assertPriceLevel } from '../diffusion/index.ts'

/** A European option on a weighted sum of lognormal assets. Lists have one entry per asset, 1 to 20 of them. */
export type BasketInputs = {
  readonly type: OptionType
  /** In [1e-9, 1e15], in the currency of the weighted sum. */
  readonly strike: Usd
  /** Each in [1e-9, 1e15]. */
  readonly spots: readonly Usd[]
  /** Each in [1e-9, 1e9]; units held of each asset. */
  readonly weights: readonly number[]
  /** Each in [0, 10], with vol sqrt(T) at most 5. */
  readonly vols: readonly Vol[]
  /** Each in [-1, 1]. */
  readonly dividendYields: readonly Fraction[]
  /** Symmetric, 1 on the diagonal, no negative eigenvalue. */
  readonly correlations: readonly (readonly number[])[]
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  /** In [0, 100]. */
  readonly timeToExpiry: Years
}

const MOST_ASSETS = 20

/**
 * @throws {InvalidInputError} A field is outside its range, or lists differ in length. The eigenvalues are judged where the matrix is
 * factored.
 */
export function assertBasketInputs(inputs: BasketInputs): void {
  const { spots, weights, vols, dividendYields, correlations, timeToExpiry } = inputs
  assertPriceLevel('strike', inputs.strike)
  assertInRange('rate', inputs.rate, -1, 1)
  assertInRange('timeToExpiry', timeToExpiry, 0, 100)
  assertFiniteValues('spots', spots)
  const assets = spots.length
  assertInRange('number of spots', assets, 1, MOST_ASSETS)
  for (const [name, list] of Object.entries({ weights, vols, dividendYields, correlations })) {
    if (list.length !== assets)
      throw new InvalidInputError({ argument: name, got: `${list.length} entries`, limit: `${assets}, one per spot` })
  }
  for (let i = 0; i < assets; i++) {
    assertPriceLevel(`spots[${i}]`, spots[i]!)
    assertInRange(`weights[${i}]`, weights[i]!, 1e-9, 1e9)
    assertInRange(`vols[${i}]`, vols[i]!, 0, 10)
    assertInRange(`vols[${i}] sqrt(timeToExpiry)`, vols[i]! * Math.sqrt(timeToExpiry), 0, 5)
    assertInRange(`dividendYields[${i}]`, dividendYields[i]!, -1, 1)
    const row = correlations[i]!
    if (row.length !== assets)
      throw new InvalidInputError({ argument: `correlations[${i}]`, got: `${row.length} entries`, limit: `${assets}, one per spot` })
    for (let j = 0; j < assets; j++) {
      assertInRange(`correlations[${i}][${j}]`, row[j]!, i === j ? 1 : -1, 1)
      if (row[j] !== correlations[j]![i])
        throw new InvalidInputError({ argument: `correlations[${i}][${j}]`, got: row[j], limit: `its mirror image ${correlations[j]![i]}` })
    }
  }
}
