import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Vol, Years } from '../../types/index.ts'

/** An option that may be exercised at any time up to expiry, on an asset with a continuous yield. */
export type AmericanInputs = {
  readonly type: OptionType
  /** In [1e-9, 1e15]. */
  readonly spot: Usd
  /** In [1e-9, 1e15]. */
  readonly strike: Usd
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  /** Income of the asset or funding of the coin, same form and range. */
  readonly dividendYield: Fraction
  /** In [0, 100] with vol sqrt(T) at most 20; see {@link LARGEST_CARRY} for the smallest. */
  readonly vol: Vol
  /** In [0, 100]. */
  readonly timeToExpiry: Years
}

/** Largest drift over the life in standard deviations, max(|rate|, |yield|, |rate - yield|) sqrt(T) / vol, unless vol or time is 0. */
export const LARGEST_CARRY = 25

/**
 * @throws {InvalidInputError} A field is NaN or outside its range, or the option has two exercise boundaries: a put with yield < rate < 0,
 * a call with rate < yield < 0 (Andersen and Lake, Wilmott 2021), which this model does not price.
 */
export function assertAmericanInputs({ type, spot, strike, ...carry }: AmericanInputs): void {
  assertInRange('spot', spot, 1e-9, 1e15)
  assertInRange('strike', strike, 1e-9, 1e15)
  assertAmericanCarry(type, carry)
}

/** The part of {@link assertAmericanInputs} that concerns rates, vol and time. */
export function assertAmericanCarry(
  type: OptionType,
  { rate, dividendYield, vol, timeToExpiry }: Pick<AmericanInputs, 'rate' | 'dividendYield' | 'vol' | 'timeToExpiry'>,
): void {
  assertInRange('rate', rate, -1, 1)
  assertInRange('dividendYield', dividendYield, -1, 1)
  assertInRange('vol', vol, 0, 100)
  assertInRange('timeToExpiry', timeToExpiry, 0, 100)
  const [interest, income] = type === 'put' ? [rate, dividendYield] : [dividendYield, rate]
  if (interest < 0 && income < interest) {
    const limit = `not between ${type === 'put' ? 'the yield' : 'the rate'} and 0: a ${type} then has two exercise boundaries`
    throw new InvalidInputError({ argument: type === 'put' ? 'rate' : 'dividendYield', got: interest, limit })
  }
  const deviation = vol * Math.sqrt(timeToExpiry)
  if (deviation === 0) return
  assertInRange('vol sqrt(timeToExpiry)', deviation, 0, 20)
  const carry = (Math.max(Math.abs(rate), Math.abs(dividendYield), Math.abs(rate - dividendYield)) * timeToExpiry) / deviation
  if (!(carry <= LARGEST_CARRY)) {
    const limit = `at least ${(vol * carry) / LARGEST_CARRY}, so that the drift over the life stays below ${LARGEST_CARRY} standard deviations`
    throw new InvalidInputError({ argument: 'vol', got: vol, limit })
  }
}
