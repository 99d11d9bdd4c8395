import { describe, expect, it } from 'vitest'
import { simulatedSource } from '../../../controller/sources/simulatedSource.ts'
import { parseEngineConfiguration, parseMarket } from '../../../risk/catalogue/index.ts'
import { createPureWorld, type ReplayTick, replayMarket } from '../../../risk/replay/index.ts'
import { activateScope, closedLane, emptyStore, moveLane } from '../../../risk/rules/index.ts'
import type { MarketSource, Recommendation } from '../../../risk/types/index.ts'
import { memoryDocuments } from '../support/memoryDocuments.ts'
import { readConfig } from '../support/readConfig.ts'
import { catalogue, engine, settings, smallBook } from './harness.ts'

const DAY = 86_400
const from = Date.UTC(2024, 0, 3) / 1_000
const to = from + 5 * DAY

/** Five days of a simulated market with a crash on the third, for the scope of the margin group; the fund is `share` of the simulated one. */
async function run(share: number): Promise<ReplayTick[]> {
  const configuration = parseEngineConfiguration(readConfig('engines/groups/eth'), catalogue)
  const { scope } = configuration
  const contents = parseMarket(readConfig('groups/main'), catalogue).scopes.find((each) => each.scope === scope)!.parameters
  const rules = emptyStore({ catalogue, ruleDelay: 172_800, undoWindow: DAY, executionGrace: DAY })
  // The cooldown of a week counts from activation.
  const store = activateScope(rules, scope, contents, from - 30 * DAY)
  const lane = { ...moveLane(closedLane, 'openLive', settings)!, heartbeatAt: from }
  const { market: simulated } = simulatedSource({
    seed: 'group',
    origin: from - 200 * DAY,
    price: 2_000,
    vol: 0.6,
    depthUsd: 2_000_000,
    hourlyVolume: 20_000,
    openInterest: 50_000,
    crashes: [{ at: from + 2 * DAY, hours: 8, fall: 0.4 }],
  })
  const market: MarketSource = {
    fetchSeed: simulated.fetchSeed,
    fetchObservation: async (since, time) => {
      const observation = await simulated.fetchObservation(since, time)
      return { ...observation, clearing: observation.clearing.map((report) => ({ ...report, fundUsd: share * report.fundUsd })) }
    },
  }
  const book = smallBook('ETH', 2_000, to + 90 * DAY)
  const world = createPureWorld({ store, lanes: { [scope]: { lane, settings } }, epoch: 1, engines: 3 })
  const ticks: ReplayTick[] = []
  const portfolios = { fetchBook: async () => book }
  for await (const tick of replayMarket({
    market,
    portfolios,
    world,
    configuration,
    catalogue,
    engine,
    documents: memoryDocuments(),
    from,
    to,
  }))
    ticks.push(tick)
  return ticks
}

const recommendationsOf = (ticks: readonly ReplayTick[], id: string): Recommendation[] =>
  ticks.flatMap(({ decided }) => decided.report?.recommendations.filter((each) => each.id === id) ?? [])
const outcomesOf = (ticks: readonly ReplayTick[], id: string): string[] =>
  ticks.flatMap(({ outcomes, executed }) => [...outcomes, ...executed].filter((each) => each.id === id).map(({ kind }) => kind))

describe('the scope of the margin group', () => {
  it('raises the contribution while the fund is below its target, one step at a time through the veto window', async () => {
    const ticks = await run(0.1)
    const contributions = recommendationsOf(ticks, 'insurance.contributionRate')
    expect(contributions).toHaveLength(ticks.length)
    for (const { target, terms } of contributions) {
      const [fund, wanted] = [terms[0]!.value, terms[1]!.value]
      expect(target).toBe(Math.ceil(Number((1_000 * (1 + 3 * (1 - fund / wanted))).toPrecision(12))))
      expect(target).toBeGreaterThan(1_500)
    }
    expect(outcomesOf(ticks, 'insurance.contributionRate')).toEqual(['pended', 'applied'])
    expect(ticks.at(-1)!.reading.parameters.find(({ id }) => id === 'insurance.contributionRate')!.state.value).toBe(1_100)
    for (const { decided } of ticks) expect(decided.report?.impact).toEqual({ accounts: 0, notional: 0 })
  })
  it('leaves it at its base while the fund is above, and takes the cover target down to a green light', async () => {
    const ticks = await run(1)
    expect(new Set(recommendationsOf(ticks, 'insurance.contributionRate').map(({ target }) => target))).toEqual(new Set([1_000]))
    expect(outcomesOf(ticks, 'insurance.contributionRate')).toEqual([])
    expect(outcomesOf(ticks, 'insurance.coverTarget')).toEqual(['pended', 'applied'])
    expect(ticks.at(-1)!.reading.parameters.find(({ id }) => id === 'insurance.coverTarget')!.state.value).toBe(10_000)
  })
})
