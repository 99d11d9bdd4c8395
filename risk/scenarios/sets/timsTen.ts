import { assertInRange } from '../../math/index.ts'
import type { Fraction, Usd } from '../../types/index.ts'
import { grid } from './grid.ts'
import { noContingency, noFloor, type ScenarioSet } from './ScenarioSet.ts'

/**
 * Ten equidistant valuation points of customer portfolio margin, vol unchanged.
 *
 * @param down - Furthest fall, in (0, 1): 0.15 for equities, 0.10 for a broad index, 0.08 for a high-capitalisation one.
 * @param up - Furthest rise, in (0, 10]: 0.15, 0.10, 0.06.
 * @param perContract - Least charge of a contract, USD: 0.375 x its multiplier.
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function timsTen(down: Fraction, up: Fraction, perContract: Usd): ScenarioSet {
  assertInRange('down', down, Number.MIN_VALUE, 1 - 1e-9)
  assertInRange('up', up, Number.MIN_VALUE, 10)
  assertInRange('perContract', perContract, 0, 1e15)
  return {
    name: 'tims10',
    title: 'Ten-point portfolio margin',
    source: 'FINRA rule 4210(g): valuation points and minimum; offsets between classes of underlyings are left out.',
    cells: grid(
      Array.from({ length: 10 }, (_, i) => -down + ((down + up) * i) / 9),
      ['flat'],
    ),
    vol: { kind: 'points', up: 0, down: 0 },
    floor: { ...noFloor, perContract },
    contingency: noContingency,
    factor: { maintenance: 1, initial: 1 },
  }
}
