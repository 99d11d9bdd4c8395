import type { MarketDefaults } from '../../risk/catalogue/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import { createPureWorld, type PureWorld } from '../../risk/replay/index.ts'
import { activateScope, closedLane, emptyStore, moveLane } from '../../risk/rules/index.ts'
import type { Catalogue, LaneSettings, ScopeId, UnixSeconds } from '../../risk/types/index.ts'

const DAY = 86_400

/**
 * The twin of the parameter store with every scope of some markets and groups at its defaults, activated 30 days before a run so that no cooldown of the activation reaches into it, and
 * the lanes of the given scopes open.
 */
export function openRules(
  catalogue: Catalogue,
  defaults: readonly MarketDefaults[],
  lanes: readonly ScopeId[],
  settings: LaneSettings,
  from: UnixSeconds,
): PureWorld {
  const scopes = defaults.flatMap((each) => each.scopes)
  const store = scopes.reduce(
    (opened, { scope, parameters }) => activateScope(opened, scope, parameters, from - 30 * DAY),
    emptyStore({ catalogue, ruleDelay: 2 * DAY, undoWindow: DAY, executionGrace: DAY }),
  )
  const open = moveLane(closedLane, 'openLive', settings)
  if (open === null) throw new InvalidInputError({ argument: 'settings', got: 'refused', limit: 'settings with which a lane opens' })
  const lane = { ...open, heartbeatAt: from }
  return createPureWorld({ store, lanes: Object.fromEntries(lanes.map((scope) => [scope, { lane, settings }])), epoch: 1, engines: 3 })
}
