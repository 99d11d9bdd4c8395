import { grid } from './grid.ts'
import { noContingency, noFloor, type ScenarioSet } from './ScenarioSet.ts'

/** Deribit portfolio margin of BTC, mid-2024: nine moves over +/- 16 % with three vol states. */
export const deribit: ScenarioSet = {
  name: 'deribit',
  title: 'Deribit portfolio margin, BTC, 2024',
  source:
    'Deribit public API, portfolio margin parameters: price_range 0.16, volatility_range_up 0.50, down 0.25, min_volatility_for_shock_up 0.50, vega powers 0.30 and 0.13, mm_factor 0.8. The extended table and the delta, roll and annualised-move charges are published without their formulae and are left out.',
  cells: grid([-0.16, -0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12, 0.16], ['up', 'flat', 'down']),
  vol: { kind: 'scaled', up: 0.5, down: 0.25, upFloor: 0.5, shortPower: 0.3, longPower: 0.13, downLeast: 0, downScaleCeiling: null },
  floor: noFloor,
  contingency: noContingency,
  factor: { maintenance: 0.8, initial: 1 },
}
