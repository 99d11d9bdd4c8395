import type { MarketDefaults } from '../../risk/catalogue/index.ts'
import { createPureClearing } from '../../risk/clearing/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import { readParameters } from '../../risk/rules/index.ts'
import type { Bps, Catalogue, LaneSettings, UnixSeconds, World } from '../../risk/types/index.ts'
import type { DrillMarket, DrillSetup } from './DrillSetup.ts'
import { depositsOf, drawTraders } from './drawTraders.ts'
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
export function openPureDrill(options: PureDrillOptions): Pick<DrillSetup, 'readParameters' | 'openVenue'> & { readonly world: World } {
  const { seed, from, accounts, catalogue, defaults, markets, group, lanes, fundShare } = options
  const world = openRules(
    catalogue,
    defaults,
    markets.map(({ configuration }) => configuration.scope),
    lanes,
    from,
  )
  const names = markets.map(({ name }) => name)
  const deposits = depositsOf(drawTraders(seed, names, accounts))
  const groupParameters = readParameters(world.store(), group, from)
  const parameterOf = (name: string): number => {
    const found = groupParameters.find(({ id }) => id === name)
    if (found === undefined) throw new InvalidInputError({ argument: 'group', got: group, limit: `a scope with ${name}` })
    return found.state.value
  }
  return {
    world,
    readParameters: async (scope, time) => readParameters(world.store(), scope, time),
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
