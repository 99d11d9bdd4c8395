import { BallastError } from '../../risk/errors/index.ts'
import type { ScopeId } from '../../risk/types/index.ts'
import { findStored, type ProtocolState } from '../state/index.ts'
import { assessMarket } from './assessMarket.ts'
import { affectedMarkets, marginValues } from './marginValues.ts'
import type { MarketRisk, RecommendationDistance, RiskAssessment } from './RiskAssessment.ts'
import type { RiskEvidence } from './RiskEvidence.ts'
import { findCrash, replayCrash } from './replayCrash.ts'

export type AssessOptions = {
  /** One per market that engines watch; empty when there is none. */
  readonly evidence: readonly RiskEvidence[]
  /** Why there is none, for the report. */
  readonly missing: string
  readonly onPart?: (part: string) => void
}

/** The effect of a change of state on portfolios, its distance from what the engines recommend, and the last crash under it. */
export async function assessRisk(
  before: ProtocolState,
  after: ProtocolState,
  { evidence, missing, onPart = () => undefined }: AssessOptions,
): Promise<RiskAssessment> {
  const distances = distancesOf(before, after, evidence)
  const markets = affectedMarkets(before, after)
  if (markets.length === 0) return { kind: 'unaffected', distances }
  const without = markets.filter((scope) => !evidence.some(({ configuration }) => configuration.scope === scope))
  if (without.length > 0) return { kind: 'missing', reason: `${missing} It is needed for ${without.join(', ')}.` }
  const assessed: MarketRisk[] = []
  for (const scope of markets) {
    const own = evidence.find(({ configuration }) => configuration.scope === scope)
    if (own !== undefined) assessed.push(await assessOne(own, scope, before, after, onPart))
  }
  return { kind: 'assessed', markets: assessed, distances }
}

async function assessOne(
  evidence: RiskEvidence,
  scope: ScopeId,
  before: ProtocolState,
  after: ProtocolState,
  onPart: (part: string) => void,
): Promise<MarketRisk> {
  const market = assessMarket(evidence, { before: marginValues(before, scope), after: marginValues(after, scope) }, onPart)
  const crash = findCrash(evidence)
  if (crash === null) return { ...market, replay: null, replayMissing: 'The engine knows fewer than two days of bars.' }
  if (evidence.sources === null)
    return {
      ...market,
      replay: null,
      replayMissing: "The engine's sources are not on this machine, or its accounts are those of a deployed clearing.",
    }
  try {
    const replay = await replayCrash(evidence, crash, { before, after }, (done, total) => onPart(`crash hour ${done}/${total}`))
    return { ...market, replay, replayMissing: '' }
  } catch (error) {
    if (!(error instanceof BallastError)) throw error
    return { ...market, replay: null, replayMissing: error.message }
  }
}

/** Every value that changes and that an engine has an opinion on. */
function distancesOf(before: ProtocolState, after: ProtocolState, evidence: readonly RiskEvidence[]): RecommendationDistance[] {
  return after.scopes.flatMap(({ scope, parameters }) =>
    parameters.flatMap(({ id, value }) => {
      const live = findStored(before, scope, id)
      const recommended = evidence.find((each) => each.report?.scope === scope)?.report?.recommendations.find((each) => each.id === id)
      if (live === undefined || live.value === value || recommended === undefined) return []
      return [{ scope, id, before: live.value, proposed: value, target: recommended.target }]
    }),
  )
}
