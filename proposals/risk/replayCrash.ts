import { zeroHash } from 'viem'
import { createPureWorld, memoryDocuments, replayMarket } from '../../risk/replay/index.ts'
import { activateScope, closedLane, emptyStore, moveLane } from '../../risk/rules/index.ts'
import { readBars } from '../../risk/signals/index.ts'
import type { LaneSettings, ParameterValue, PortfolioSource, ScopeId } from '../../risk/types/index.ts'
import type { ProtocolState } from '../state/index.ts'
import type { CrashReplay, CrashTick } from './RiskAssessment.ts'
import type { Crash, RiskEvidence } from './RiskEvidence.ts'

const HOUR = 3_600
const DAY_BARS = 24
/** Bars that the search looks back: more than the engine's own policies use. */
const SEARCH_BARS = 4_380
/** Hours replayed before the fall begins and after it ends. */
const MARGIN_HOURS = 3
/** Accounts of a replay; margin of all of them is computed at every hour. */
export const REPLAY_ACCOUNTS = 200

/** The largest fall within 24 bars among the bars of the engine's state; null with fewer than two days of them. */
export function findCrash({ state, documents }: RiskEvidence): Crash | null {
  const bars = state.series['bars']
  if (bars === undefined) return null
  const { count, close } = readBars(bars, SEARCH_BARS, documents)
  if (count <= 2 * DAY_BARS) return null
  let worst: Crash | null = null
  for (let i = DAY_BARS; i < count; i++) {
    const fall = 1 - (close[i] ?? 0) / (close[i - DAY_BARS] ?? 1)
    const to = state.lastBarEnd - (count - 1 - i) * HOUR
    if (worst === null || fall > worst.fall) worst = { from: to - DAY_BARS * HOUR, to, fall }
  }
  return worst
}

/**
 * Replays a crash twice through the whole engine and the rules of the store, once from the values and rules before, once from those after: the engine tightens in
 * both, but from another start and within another range.
 */
export async function replayCrash(
  evidence: RiskEvidence,
  crash: Crash,
  states: { readonly before: ProtocolState; readonly after: ProtocolState },
  onTick: (done: number, total: number) => void = () => undefined,
): Promise<CrashReplay | null> {
  const { sources, configuration } = evidence
  if (sources === null) return null
  const from = crash.from - MARGIN_HOURS * HOUR
  const to = crash.to + MARGIN_HOURS * HOUR
  const total = 2 * ((to - from) / configuration.tickSeconds + 1)
  let done = 0
  const run = async (state: ProtocolState): Promise<CrashTick[]> => {
    const ticks: CrashTick[] = []
    const documents = memoryDocuments()
    const replay = replayMarket({
      market: sources.market,
      portfolios: sampled(sources.portfolios),
      world: worldOf(state, configuration.scope, from),
      configuration: { ...configuration, assumed: { ...configuration.assumed, ...haircutOf(state, configuration.scope) } },
      catalogue: state.catalogue,
      // Nothing of a replay is signed.
      engine: zeroHash,
      documents,
      from,
      to,
    })
    for await (const { observedAt, decided, snapshot } of replay) {
      onTick(++done, total)
      if (decided.report === null) continue
      const { liquidatable, badDebt, maintenance } = decided.report.before
      ticks.push({ time: observedAt, spot: snapshot?.document.spot ?? 0, liquidatable, badDebt, maintenance })
    }
    return ticks
  }
  const before = await run(states.before)
  const after = await run(states.after)
  return { from, to, fall: crash.fall, accounts: REPLAY_ACCOUNTS, before, after }
}

function sampled({ fetchBook }: PortfolioSource): PortfolioSource {
  return {
    fetchBook: async (time, spot, signal) => {
      const book = await fetchBook(time, spot, signal)
      return { ...book, portfolios: book.portfolios.slice(0, REPLAY_ACCOUNTS) }
    },
  }
}

function haircutOf({ scopes }: ProtocolState, scope: ScopeId): Readonly<Record<string, ParameterValue>> {
  const asset = `asset:${scope.slice(scope.indexOf(':') + 1)}`
  const haircut = scopes.find((each) => each.scope === asset)?.parameters.find(({ id }) => id === 'collateral.haircut')
  return haircut === undefined ? {} : { 'collateral.haircut': haircut.value as ParameterValue }
}

const WEEK = 7 * 86_400
const defaults: LaneSettings = {
  heartbeatTimeout: 6 * HOUR,
  deadManTimeout: 24 * HOUR,
  flipWindow: 6 * HOUR,
  shadowRounds: 24,
  canaryRounds: 6,
  breakerRejections: 5,
  impactAccountsLimit: 20,
  impactNotionalLimit: '2000000000000000000000000',
  impactMultipleBps: 20_000 as LaneSettings['impactMultipleBps'],
  expiresAt: 0,
}

/** The store's rules with the scope's values and rules as a state has them, its lane open, every timer run out. */
function worldOf({ catalogue, ruleDelay, scopes, lanes }: ProtocolState, scope: ScopeId, from: number): ReturnType<typeof createPureWorld> {
  const contents = (scopes.find((each) => each.scope === scope)?.parameters ?? []).map(({ id, value, rule }) => ({
    id,
    value: value as ParameterValue,
    rule,
  }))
  const store = activateScope(
    emptyStore({ catalogue, ruleDelay, undoWindow: 86_400, executionGrace: 86_400 }),
    scope,
    contents,
    from - WEEK,
  )
  const settings = { ...defaults, ...lanes.find((each) => each.scope === scope)?.settings, expiresAt: from + 52 * WEEK }
  const opened = moveLane(closedLane, 'openLive', settings) ?? closedLane
  return createPureWorld({ store, lanes: { [scope]: { lane: { ...opened, heartbeatAt: from }, settings } }, epoch: 1, engines: 3 })
}
