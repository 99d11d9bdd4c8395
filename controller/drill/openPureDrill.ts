import type { MarketDefaults } from '../../risk/catalogue/index.ts'
import { createPureClearing } from '../../risk/clearing/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import { readParameters } from '../../risk/rules/index.ts'
import type { Bps, Catalogue, LaneSettings, UnixSeconds } from '../../risk/types/index.ts'
import type { DrillMarket, DrillSetup } from './DrillSetup.ts'
import { drawTraders } from './drawTraders.ts'
import { openRules } from './openRules.ts'

export type PureDrillOptions = {
  readonly seed: string
  readonly from: UnixSeconds
  readonly accounts: number
  readonly catalogue: Catalogue
  /** Markets and groups at their defaults. */
  readonly defaults: readonly MarketDefaults[]
  readonly markets: readonly DrillMarket[]
  readonly group: DrillSetup['group']
  readonly lanes: LaneSettings
  /** What the fund begins with, as a share of the traders' deposits. */
  readonly fundShare: number
}

/** An account whose remainder would have less maintenance is sold whole, USD. */
const DUST = 100

/** Rules and venue of a run without a chain: the twins of the contracts. */
export function openPureDrill(options: PureDrillOptions): Pick<DrillSetup, 'rules' | 'openVenue'> {
  const { seed, from, accounts, catalogue, defaults, markets, group, lanes, fundShare } = options
  const world = openRules(
    catalogue,
    defaults,
    markets.map(({ configuration }) => configuration.scope),
    lanes,
    from,
  )
  const names = markets.map(({ name }) => name)
  const deposits = drawTraders(seed, names, accounts).reduce((sum, { deposit }) => sum + deposit, 0)
  const groupParameters = readParameters(world.store(), group, from)
  const parameterOf = (name: string): number => {
    const found = groupParameters.find(({ id }) => id === name)
    if (found === undefined) throw new InvalidInputError({ argument: 'group', got: group, limit: `a scope with ${name}` })
    return found.state.value
  }
  return {
    rules: { world, readParameters: async (scope, time) => readParameters(world.store(), scope, time) },
    openVenue: async (contracts) =>
      createPureClearing({
        start: from - 3_600,
        contracts,
        factor: names[0] as string,
        warmUp: parameterOf('cash.warmUp'),
        debtRate: parameterOf('cash.debtRate') as Bps,
        fund: fundShare * deposits,
        dust: DUST,
      }),
  }
}
