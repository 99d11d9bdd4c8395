import { assertInRange } from '../../math/index.ts'
import type { Fraction, Vol } from '../../types/index.ts'
import { noContingency, noFloor, type ScenarioSet, type SetCell } from './ScenarioSet.ts'

/** What an exchange sets for one contract. */
export type SpanParameters = {
  /** Share of the index, in (0, 0.3]: the extreme move, up to three times as far, must leave a price. */
  readonly priceScanRange: Fraction
  /** In vols, in [0, 5]; the same both ways. */
  readonly volScanRange: Vol
  /** How many scan ranges the extreme moves are, in [1, 3], and which share of their loss is covered, in [0, 1]. */
  readonly extremeMultiple: number
  readonly extremeCover: Fraction
  /** Share of the index per net short contract, in [0, 1]. */
  readonly shortOptionMinimum: Fraction
}

/**
 * The 16 scenarios of SPAN 1: seven moves of thirds of the scan range with vol up and down, and two extreme moves of which a share counts.
 *
 * @throws {InvalidInputError} A parameter is outside its range.
 */
export function span16({ priceScanRange, volScanRange, extremeMultiple, extremeCover, shortOptionMinimum }: SpanParameters): ScenarioSet {
  assertInRange('priceScanRange', priceScanRange, Number.MIN_VALUE, 0.3)
  assertInRange('volScanRange', volScanRange, 0, 5)
  assertInRange('extremeMultiple', extremeMultiple, 1, 3)
  assertInRange('extremeCover', extremeCover, 0, 1)
  assertInRange('shortOptionMinimum', shortOptionMinimum, 0, 1)
  const inRange = [0, 1, -1, 2, -2, 3, -3].flatMap((thirds) =>
    (['up', 'down'] as const).map((vol): SetCell => ({ move: (priceScanRange * thirds) / 3, vol, weight: 1 })),
  )
  const extremes = [1, -1].map((sign): SetCell => ({ move: sign * extremeMultiple * priceScanRange, vol: 'flat', weight: extremeCover }))
  return {
    name: 'span16',
    title: 'SPAN 1, 16 scenarios',
    source:
      'CME SPAN, scenarios 1 to 16; extremes of 3 scan ranges at 33 % (CME advisory 08-303) or 2 at 35 % (NSE). Spread and delivery charges and credits between commodities need their tables and are left out.',
    cells: [...inRange, ...extremes],
    vol: { kind: 'points', up: volScanRange, down: volScanRange },
    floor: { ...noFloor, shortOption: shortOptionMinimum },
    contingency: noContingency,
    factor: { maintenance: 1, initial: 1 },
  }
}
