import { dampedTails, grid } from './grid.ts'
import { noContingency, noFloor, type ScenarioSet } from './ScenarioSet.ts'

const RANGE = 0.16

/** Paradex portfolio margin: 16 cells in range and 8 damped tails. */
export const paradex: ScenarioSet = {
  name: 'paradex',
  title: 'Paradex portfolio margin',
  source:
    'Paradex documentation: +/- 16 % with vol up; 0, 4, 8, 12 % with vol +40 % and -22 %; eight tails with vol up damped by 0.16 / |move|; powers 0.30 and 0.13; initial margin at least 2 % of net delta + 1 % of hedged delta, maintenance 50 % of it. Trading fees are left out.',
  cells: [
    { move: 0.16, vol: 'up', weight: 1 },
    { move: -0.16, vol: 'up', weight: 1 },
    ...grid([0.12, 0.08, 0.04, 0, -0.04, -0.08, -0.12], ['up', 'down']),
    ...dampedTails([-0.66, -0.33, 0.5, 1, 2, 3, 4, 5], RANGE),
  ],
  vol: { kind: 'scaled', up: 0.4, down: 0.22, upFloor: 0, shortPower: 0.3, longPower: 0.13, downLeast: 0, downScaleCeiling: null },
  floor: { ...noFloor, netDelta: 0.02, hedgedDelta: 0.01 },
  contingency: noContingency,
  factor: { maintenance: 0.5, initial: 1 },
}
