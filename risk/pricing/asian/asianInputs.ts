import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { OptionType, Usd, Years } from '../../types/index.ts'
import { type AssetInputs, assertAssetInputs, assertPriceLevel } from '../diffusion/index.ts'

/** Option on the average of prices fixed at equally spaced times, paid at expiry. */
export type DiscreteAsianInputs = AssetInputs & {
  readonly type: OptionType
  /** In [1e-9, 1e15]. */
  readonly strike: Usd
  /** Fixings still to come: a whole number in [1, 512]. */
  readonly fixings: number
  /** Time to the first of them: 0, which fixes today's spot, or at least 1e-6 of the time to the last. */
  readonly firstFixing: Years
  /** Time to the last of them: `firstFixing` when there is one fixing, else above it; at most timeToExpiry. */
  readonly lastFixing: Years
  /** Fixings already made: a whole number in [0, 10,000]. */
  readonly pastFixings: number
  /** Their average, of the option's own kind; 0 when there are none. */
  readonly pastAverage: Usd
}

/** Option on the average over a period that ends at expiry, observed all the time. */
export type ContinuousAsianInputs = AssetInputs & {
  readonly type: OptionType
  /** In [1e-9, 1e15]. */
  readonly strike: Usd
  /** Time since the period began, in [0, 100]; 0 when it begins now. */
  readonly elapsed: Years
  /** Average so far; 0 when nothing has elapsed. */
  readonly pastAverage: Usd
}

/** Largest vol sqrt(T): beyond it the mean of the average is carried by paths nobody will see. */
const LARGEST_DEVIATION = 5

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertDiscreteAsianInputs(inputs: DiscreteAsianInputs): void {
  assertCommon(inputs)
  const { fixings, firstFixing, lastFixing, timeToExpiry, pastFixings, pastAverage } = inputs
  assertWhole('fixings', fixings, 1, 512)
  assertInRange('firstFixing', firstFixing, 0, timeToExpiry)
  assertInRange('lastFixing', lastFixing, firstFixing, timeToExpiry)
  if (firstFixing > 0) assertInRange('firstFixing', firstFixing, 1e-6 * lastFixing, timeToExpiry)
  if (fixings > 1 !== lastFixing > firstFixing) {
    const limit = fixings > 1 ? `above firstFixing ${firstFixing}` : `firstFixing ${firstFixing}, as there is one fixing`
    throw new InvalidInputError({ argument: 'lastFixing', got: lastFixing, limit })
  }
  assertWhole('pastFixings', pastFixings, 0, 10_000)
  assertPast(pastAverage, pastFixings > 0)
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertContinuousAsianInputs(inputs: ContinuousAsianInputs): void {
  assertCommon(inputs)
  assertInRange('elapsed', inputs.elapsed, 0, 100)
  assertPast(inputs.pastAverage, inputs.elapsed > 0)
}

function assertCommon(inputs: AssetInputs & { readonly strike: Usd }): void {
  assertAssetInputs(inputs)
  assertPriceLevel('strike', inputs.strike)
  assertInRange('vol sqrt(timeToExpiry)', inputs.vol * Math.sqrt(inputs.timeToExpiry), 0, LARGEST_DEVIATION)
}

function assertWhole(argument: string, value: number, floor: number, ceiling: number): void {
  if (!(Number.isInteger(value) && value >= floor && value <= ceiling))
    throw new InvalidInputError({ argument, got: value, limit: `a whole number in [${floor}, ${ceiling}]` })
}

function assertPast(pastAverage: number, exists: boolean): void {
  if (exists) assertPriceLevel('pastAverage', pastAverage)
  else if (pastAverage !== 0)
    throw new InvalidInputError({ argument: 'pastAverage', got: pastAverage, limit: '0, as nothing has been fixed' })
}
