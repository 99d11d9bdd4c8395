import { assertFiniteValues, assertInRange } from '../../math/index.ts'
import type { Usd, Vol } from '../../types/index.ts'
import { type AmericanInputs, assertAmericanCarry, assertAmericanInputs } from './americanInputs.ts'
import { fastResolution } from './fastResolution.ts'
import { fitBoundary } from './fitBoundary.ts'
import { payoffNow } from './payoffNow.ts'
import { putOnBoundary } from './putOnBoundary.ts'
import { sureValue } from './sureValue.ts'
import { unitPut } from './unitPut.ts'

/** One option over a grid of spots and vols. */
export type AmericanRiskArrayInputs = Omit<AmericanInputs, 'spot' | 'vol'> & {
  /** One or more, each in [1e-9, 1e15]. */
  readonly spots: ArrayLike<Usd>
  /** One or more, each in the range of {@link AmericanInputs}. */
  readonly vols: ArrayLike<Vol>
}

/**
 * Values of one option at every pair of vol and spot, row by row of equal vol. The exercise boundary does not depend on the spot and is
 * found once per row; each value is the one {@link americanFastPrice} gives, within 1e-5 of the larger of spot and strike.
 *
 * @throws {InvalidInputError} A list is empty or an input is outside its domain.
 */
export function americanRiskArray({ spots, vols, ...option }: AmericanRiskArrayInputs): Float64Array {
  assertFiniteValues('spots', spots)
  assertFiniteValues('vols', vols)
  assertAmericanInputs({ ...option, spot: spots[0]!, vol: 0 })
  for (let j = 0; j < spots.length; j++) assertInRange(`spots[${j}]`, spots[j]!, 1e-9, 1e15)
  const values = new Float64Array(spots.length * vols.length)
  for (let i = 0; i < vols.length; i++) {
    const at = { ...option, spot: spots[0]!, vol: vols[i]! }
    assertAmericanCarry(option.type, at)
    const sure = at.vol === 0 || at.timeToExpiry === 0
    const { carry } = unitPut(at)
    const boundary = sure ? null : fitBoundary(carry, fastResolution(carry))
    for (let j = 0; j < spots.length; j++) {
      const spot = spots[j]!
      const place = i * spots.length + j
      if (boundary === null) {
        values[place] = sureValue({ ...at, spot })
        continue
      }
      const value =
        option.type === 'put'
          ? option.strike * putOnBoundary(boundary, spot / option.strike)
          : spot * putOnBoundary(boundary, option.strike / spot)
      values[place] = Math.max(value, payoffNow(option.type, spot, option.strike))
    }
  }
  return values
}
