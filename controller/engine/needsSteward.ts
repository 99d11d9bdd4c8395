import type { Adjustment, LaneState } from '../../risk/types/index.ts'

/** Why a round needs a steward: its lane is on probation, or its stated impact is above a limit of the lane. */
export type StewardNeed = 'lane' | 'impact'

/** Whether the mandate wants a steward's signature under a round, in a lane as it stands; null when it does not. A round that applies nothing has no impact. */
export function needsSteward(
  { powers, impactAccountsLimit, impactNotionalLimit }: Pick<LaneState, 'powers' | 'impactAccountsLimit' | 'impactNotionalLimit'>,
  { impactAccounts, impactNotional }: Pick<Adjustment, 'impactAccounts' | 'impactNotional'>,
): StewardNeed | null {
  if (powers.cosigned) return 'lane'
  const isHeavy = impactAccounts > impactAccountsLimit || impactNotional > BigInt(impactNotionalLimit)
  return isHeavy && powers.applies ? 'impact' : null
}
