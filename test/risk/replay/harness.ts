import { parseCatalogue, parseEngineConfiguration, parseMarket } from '../../../risk/catalogue/index.ts'
import { canonicalJson, contentHash } from '../../../risk/hash/index.ts'
import { createPureWorld, memoryDocuments, type PureWorld, type ReplayOptions } from '../../../risk/replay/index.ts'
import { activateScope, closedLane, emptyStore, moveLane } from '../../../risk/rules/index.ts'
import type { Bar, Book, Bps, Catalogue, LaneSettings, MarketSource, ScopeId, UnixSeconds } from '../../../risk/types/index.ts'
import { realizedVol } from '../../../risk/volatility/index.ts'
import { readConfig } from '../support/readConfig.ts'

export const catalogue: Catalogue = parseCatalogue(readConfig('catalogues/ballast'))
export const engine = contentHash(canonicalJson('an engine of the tests'))

/** Bars as a source that shows only what was known. */
export function barSource(bars: readonly Bar[]): MarketSource {
  const known = (time: UnixSeconds): number => {
    let low = 0
    let high = bars.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (bars[middle]!.knownAt <= time) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    fetchSeed: async (time) => bars.slice(0, known(time)),
    fetchObservation: async (since, time) => {
      const to = known(time)
      const past = bars.slice(Math.max(0, to - 169), to)
      return {
        provenance: { source: 'bars', kind: 'recorded', synthetic: ['markVol', 'portfolios'], contentHash: null },
        bars: bars.slice(known(since), to),
        liquidity: [],
        impliedVol: [],
        clearing: [],
        spot: past.at(-1)!.close,
        markVol: Math.min(5, Math.max(0.4, 1.15 * realizedVol(past, past.length - 1))),
      }
    },
  }
}

/** Three accounts around `spot` in one option and one future that expire at `expiry`: long, short and thin short. */
export function smallBook(market: string, spot: number, expiry: UnixSeconds): Book {
  return {
    schema: 'ballast.book',
    version: 1,
    market,
    instruments: [
      { kind: 'future', id: 'F', expiry },
      { kind: 'option', id: 'P', type: 'put', strike: Math.round(spot * 0.9), expiry },
    ],
    portfolios: [
      { account: 'long', cash: spot * 2, collateral: 0, positions: [{ instrument: 0, quantity: 1 }] },
      {
        account: 'short',
        cash: spot * 5,
        collateral: 1,
        positions: [
          { instrument: 0, quantity: -1 },
          { instrument: 1, quantity: -2 },
        ],
      },
      { account: 'thin', cash: spot * 0.5, collateral: 0, positions: [{ instrument: 1, quantity: -1 }] },
    ],
  }
}

export const settings: LaneSettings = {
  heartbeatTimeout: 21_600,
  deadManTimeout: 86_400,
  flipWindow: 21_600,
  shadowRounds: 24,
  canaryRounds: 6,
  breakerRejections: 5,
  impactAccountsLimit: 20,
  impactNotionalLimit: '1000000000000000000000000',
  impactMultipleBps: 20_000 as Bps,
  expiresAt: 4_000_000_000,
}

/** A replay of the shipped rules over `bars`; the scope was activated at its defaults two days before. */
export function replayOf(
  bars: readonly Bar[],
  name: 'btc' | 'eth',
  from: UnixSeconds,
  to: UnixSeconds,
): ReplayOptions & { readonly world: PureWorld } {
  const configuration = parseEngineConfiguration(readConfig(`engines/${name}`), catalogue)
  const { scopes } = parseMarket(readConfig(`markets/${name}`), catalogue)
  const scope: ScopeId = configuration.scope
  const contents = scopes.find((each) => each.scope === scope)!.parameters
  const store = activateScope(
    emptyStore({ catalogue, ruleDelay: 172_800, undoWindow: 86_400, executionGrace: 86_400 }),
    scope,
    contents,
    from - 172_800,
  )
  const lane = { ...moveLane(closedLane, 'openLive', settings)!, heartbeatAt: from }
  const world = createPureWorld({ store, lanes: { [scope]: { lane, settings } }, epoch: 1, engines: 3 })
  const book = smallBook(configuration.market, bars.findLast(({ knownAt }) => knownAt <= from)!.close, to + 90 * 86_400)
  return {
    market: barSource(bars),
    portfolios: { fetchBook: async () => book },
    world,
    configuration,
    catalogue,
    engine,
    documents: memoryDocuments(),
    from,
    to,
  }
}
