import { assertInRange } from '../../math/index.ts'
import type { Fraction } from '../../types/index.ts'
import { scanCells } from '../scanCells.ts'
import { noContingency, noFloor, type ScenarioSet } from './ScenarioSet.ts'

/**
 * The scan of this engine as a set: 33 moves with vol up and down and 8 damped far moves (risk policy B2, B4). The scan alone: the account equation, charges and caps are
 * those of risk/margin.
 *
 * @param parameters - As fractions: range in (0, 1), tail weight in [0, 2], vol scans in [0, 5] and [0, 1), minimum in [0, 1], multiplier in [1, 10].
 * @throws {InvalidInputError} A parameter is outside its range.
 */
export function ballastScan(parameters: {
  readonly priceScanRange: Fraction
  readonly tailWeight: Fraction
  readonly volScanUp: Fraction
  readonly volScanDown: Fraction
  readonly shortOptionMinimum: Fraction
  readonly initialMultiplier: number
}): ScenarioSet {
  const { priceScanRange, tailWeight, volScanUp, volScanDown, shortOptionMinimum, initialMultiplier } = parameters
  assertInRange('volScanUp', volScanUp, 0, 5)
  assertInRange('volScanDown', volScanDown, 0, 1 - 1e-9)
  assertInRange('shortOptionMinimum', shortOptionMinimum, 0, 1)
  assertInRange('initialMultiplier', initialMultiplier, 1, 10)
  return {
    name: 'ballast',
    title: 'Scan of this engine',
    source: 'Risk policy B2 to B4.',
    cells: scanCells(priceScanRange, tailWeight).map(({ move, volState, weight }) => ({ move, vol: volState, weight })),
    vol: {
      kind: 'scaled',
      up: volScanUp,
      down: volScanDown,
      shortPower: 0.5,
      longPower: 0.3,
      upFloor: 0.4,
      downLeast: 0.35,
      downScaleCeiling: 1.6,
    },
    floor: { ...noFloor, shortOption: shortOptionMinimum },
    contingency: noContingency,
    factor: { maintenance: 1, initial: initialMultiplier },
  }
}
