import { openSources } from '../../../controller/sources/openSources.ts'
import type { RiskEvidence } from '../../../proposals/risk/index.ts'
import type { ProtocolState } from '../../../proposals/state/index.ts'
import { parseMarket } from '../../../risk/catalogue/index.ts'
import { buildSnapshot, genesisState } from '../../../risk/decide/index.ts'
import { canonicalJson } from '../../../risk/hash/index.ts'
import { memoryDocuments } from '../../../risk/replay/index.ts'
import type { Json, ScopeReading } from '../../../risk/types/index.ts'
import { catalogue, replayOf } from '../../risk/replay/harness.ts'
import { readConfig } from '../../risk/support/readConfig.ts'

const DAY = 86_400
/** Last tick: six hours after the end of a crash of 45 % within 14 h. */
const time = Date.UTC(2020, 2, 11) / 1000
export const crashAt = time - 20 * 3_600

/** What an engine holds of a simulated market with so many accounts, and the protocol with the shipped defaults of that market. */
export async function simulatedEvidence(accounts: number): Promise<{ readonly evidence: RiskEvidence; readonly state: ProtocolState }> {
  const source: Parameters<typeof openSources>[0]['source'] = {
    kind: 'simulated',
    seed: 'proposals',
    origin: new Date((time - 30 * DAY) * 1000).toISOString(),
    price: 200,
    vol: 0.7,
    depthUsd: 5_000_000,
    hourlyVolume: 60_000,
    openInterest: 400_000,
    crashes: [{ at: new Date(crashAt * 1000).toISOString(), hours: 14, fall: 0.45 }],
  }
  const { configuration, world } = replayOf(
    [{ start: 0, end: 3_600, knownAt: 3_600, open: 200, high: 200, low: 200, close: 200, volume: 1 }],
    'eth',
    7_200,
    7_200,
  )
  const sources = openSources({ source, portfolios: { seed: 'proposals', accounts } }, 'ETH', configuration.maxBarAge)
  const documents = memoryDocuments()
  const engine = genesisState(await sources.market.fetchSeed(time), 'ETH', documents)
  const observation = await sources.market.fetchObservation(time - 3_600, time)
  const book = await sources.portfolios.fetchBook(time, observation.spot)
  const reading: ScopeReading = await world.readScope('market:ETH', 7_200)
  const snapshot = buildSnapshot({
    market: 'ETH',
    scope: 'market:ETH',
    observedAt: time,
    priorState: documents.put(canonicalJson(engine as unknown as Json)),
    observation,
    book: documents.put(canonicalJson(book as unknown as Json)),
    reading,
  })
  const evidence: RiskEvidence = {
    origin: 'a simulated market',
    snapshot,
    book,
    state: engine,
    configuration,
    documents,
    report: null,
    sources,
  }
  return { evidence, state: defaultState() }
}

/** The shipped market as a protocol would hold it. */
function defaultState(): ProtocolState {
  const { scopes } = parseMarket(readConfig('markets/eth'), catalogue)
  return {
    chainId: 31_337,
    block: 1n,
    blockHash: '0x',
    time,
    ruleDelay: 172_800,
    catalogue,
    scopes: scopes.map(({ scope, parameters }) => ({
      scope,
      parameters: parameters.map(({ id, value, rule }) => ({
        id,
        value,
        effective: value,
        rule,
        pending: null,
        pendingRule: null,
        last: { writer: 'governance' as const, time: 0, round: 0 },
      })),
    })),
    lanes: [],
    mandate: { epoch: 1, threshold: 2, engines: [] },
    guardian: { account: '0x', until: 0 },
    roles: [],
    governor: null,
    timelockDelay: null,
    balances: [],
    clearing: null,
  }
}

/** The state with other values in the market's scope. */
export function withValues(state: ProtocolState, values: Readonly<Record<string, number>>): ProtocolState {
  const scopes = state.scopes.map((each) => ({
    ...each,
    parameters: each.parameters.map((stored) => ({ ...stored, value: values[stored.id] ?? stored.value })),
  }))
  return { ...state, scopes }
}
