import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from '../math/index.ts'
import { type PricingRegistry, pricingModuleOf } from '../pricing/index.ts'
import type { Instrument, Portfolio } from '../types/index.ts'
import type { MarginMarket, MarginParameters } from './types.ts'

const BELOW_ONE = 1 - 1e-9

/** @throws {InvalidInputError} A field is NaN or outside the range its type states. */
export function assertMarginParameters(parameters: MarginParameters): void {
  assertInRange('priceScanRange', parameters.priceScanRange, Number.MIN_VALUE, BELOW_ONE)
  assertInRange('initialRange', parameters.initialRange, Number.MIN_VALUE, BELOW_ONE)
  assertInRange('volScanUp', parameters.volScanUp, 0, 5)
  assertInRange('volScanDown', parameters.volScanDown, 0, BELOW_ONE)
  assertInRange('initialMultiplier', parameters.initialMultiplier, 1, 10)
  assertInRange('shortOptionMinimum', parameters.shortOptionMinimum, 0, 1)
  assertInRange('tailWeight', parameters.tailWeight, 0, 2)
  assertInRange('haircut', parameters.haircut, 0, 1)
}

/** @throws {InvalidInputError} Time is not a whole second, or spot or vol are outside their ranges. */
export function assertMarginMarket({ time, spot, markVol }: MarginMarket): void {
  if (!Number.isSafeInteger(time)) throw new InvalidInputError({ argument: 'time', got: time, limit: 'a whole number of seconds' })
  assertInRange('spot', spot, 1e-9, 1e15)
  assertInRange('markVol', markVol, 0, 10)
}

/**
 * Instruments that may be margined at `time`. One that has expired is an error, not a position: what it paid belongs into cash,
 * and the source of the book knows the settlement price while the book does not.
 *
 * @throws {InvalidInputError} An id repeats, a kind has no pricing module, an instrument is malformed, or it expired before `time`.
 */
export function assertInstruments(instruments: readonly Instrument[], { time }: MarginMarket, registry: PricingRegistry): void {
  const ids = new Set<string>()
  for (const instrument of instruments) {
    const { id, expiry } = instrument
    if (ids.has(id)) throw new InvalidInputError({ argument: 'instrument id', got: id, limit: 'used once' })
    ids.add(id)
    pricingModuleOf(instrument, registry).assertValid(instrument)
    if (!Number.isSafeInteger(expiry))
      throw new InvalidInputError({ argument: `expiry of ${id}`, got: expiry, limit: 'a whole number of seconds' })
    if (expiry < time)
      throw new InvalidInputError({
        argument: `expiry of ${id}`,
        got: expiry,
        limit: `at or after the time of the mark, ${time}; settle it into cash`,
      })
  }
}

/** @throws {InvalidInputError} Cash or collateral is out of range, or a position names no instrument, names one twice, or has a quantity that is not finite. */
export function assertPortfolio({ account, cash, collateral, positions }: Portfolio, instrumentCount: number): void {
  assertInRange(`cash of ${account}`, cash, -1e18, 1e18)
  assertInRange(`collateral of ${account}`, collateral, 0, 1e15)
  const held = new Set<number>()
  for (const { instrument, quantity } of positions) {
    if (!(Number.isInteger(instrument) && instrument >= 0 && instrument < instrumentCount)) {
      throw new InvalidInputError({
        argument: `instrument of a position of ${account}`,
        got: instrument,
        limit: `a whole number from 0 to ${instrumentCount - 1}`,
      })
    }
    if (held.has(instrument))
      throw new InvalidInputError({ argument: `instrument of a position of ${account}`, got: instrument, limit: 'held once; net the two' })
    held.add(instrument)
    assertInRange(`quantity of instrument ${instrument} of ${account}`, quantity, -1e12, 1e12)
  }
}
