import type { RiskEvidence } from '../../proposals/risk/index.ts'
import { parseMarket } from '../../risk/catalogue/index.ts'
import { memoryDocuments } from '../../risk/replay/index.ts'
import type { Book, EngineState, MarketSnapshot, UnixSeconds } from '../../risk/types/index.ts'
import { replayOf, catalogue as shipped, smallBook } from '../risk/replay/harness.ts'
import { readConfig } from '../risk/support/readConfig.ts'

/** Evidence of a market with three accounts at a spot of 200; what the test catalogue lacks comes from the shipped defaults. */
export function evidenceAt(time: UnixSeconds, book: Book = smallBook('ETH', 200, time + 90 * 86_400)): RiskEvidence {
  const { configuration } = replayOf(
    [{ start: 0, end: 3_600, knownAt: 3_600, open: 200, high: 200, low: 200, close: 200, volume: 1 }],
    'eth',
    7_200,
    7_200,
  )
  const { scopes } = parseMarket(readConfig('markets/eth'), shipped)
  const defaults = scopes.flatMap(({ parameters }) => parameters.map(({ id, value }) => [id, value] as const))
  const state: EngineState = {
    schema: 'ballast.state',
    version: 1,
    market: 'ETH',
    seed: '0x',
    ticks: 0,
    lastBarEnd: time,
    lastClose: 200,
    variance: { day1: 0, day7: 0, day30: 0, hours: 0 },
    series: {},
    scalars: {},
    staleSince: null,
  }
  const snapshot = {
    schema: 'ballast.snapshot',
    version: 1,
    market: 'ETH',
    scope: 'market:ETH',
    observedAt: time,
    provenance: { source: 'test', kind: 'simulated', synthetic: ['portfolios'], contentHash: null },
    bars: [],
    liquidity: [],
    impliedVol: [],
    clearing: [],
    spot: 200,
    markVol: 0.8,
  } as unknown as MarketSnapshot
  return {
    origin: 'the test',
    snapshot,
    book,
    state,
    configuration: { ...configuration, assumed: { ...Object.fromEntries(defaults), ...configuration.assumed } },
    documents: memoryDocuments(),
    report: null,
    sources: null,
  }
}
