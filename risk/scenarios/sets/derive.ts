import { dampedTails, grid } from './grid.ts'
import { noFloor, type ScenarioSet } from './ScenarioSet.ts'

/** Damping of a far move is this times the range over the move. */
const DAMPING = 0.77
const RANGE = 0.18

/** Derive PMRM_2 of ETH and BTC: 23 cells in range and 8 damped tails. */
export const derive: ScenarioSet = {
  name: 'derive',
  title: 'Derive PMRM_2, ETH and BTC',
  source:
    'Derive v2 mainnet configuration: spot step 4.5 % to 13.5 % with three vols, 18 % with vol up, tails damped by 0.77 x 0.18 / |move|, vol +50 % (on at least 40 %) and -30 %, powers 0.30 and 0.13, maintenance factor 0.8, contingencies of perpetuals (3 %, initial 4 %) and of short options (0.3 %, initial 0.5 %). Basis and skew blocks and the discount of long options are left out.',
  cells: [
    { move: 0.18, vol: 'up', weight: 1 },
    { move: -0.18, vol: 'up', weight: 1 },
    ...grid([-0.135, -0.09, -0.045, 0, 0.045, 0.09, 0.135], ['up', 'flat', 'down']),
    ...dampedTails([-0.66, -0.33, 0.5, 1, 2, 3, 4, 5], DAMPING * RANGE),
  ],
  vol: { kind: 'scaled', up: 0.5, down: 0.3, upFloor: 0.4, shortPower: 0.3, longPower: 0.13, downLeast: 0, downScaleCeiling: null },
  floor: noFloor,
  contingency: { maintenance: { linear: 0.03, shortOption: 0.003 }, initial: { linear: 0.04, shortOption: 0.005 } },
  factor: { maintenance: 0.8, initial: 1 },
}
