import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import { openSources } from '../../../controller/sources/openSources.ts'
import { createChainWorld } from '../../../controller/world/createChainWorld.ts'
import { contentHash } from '../../../risk/hash/index.ts'
import { memoryDocuments, type ReplayTick, replayMarket } from '../../../risk/replay/index.ts'
import type { Hex } from '../../../risk/types/index.ts'
import {
  catalogue,
  configuration,
  engineKeys,
  firstTick,
  portfolios,
  source,
  startMarket,
  type TestMarket,
  tickAt,
} from '../support/market.ts'

describe('createChainWorld', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startMarket()
  })
  afterAll(() => market.local.close())

  it('takes a replay onto real contracts, which end where the decisions say', async () => {
    const [a, b] = engineKeys.map(({ key }) => createEngineKey(key))
    if (a === undefined || b === undefined) throw new Error('two engines are needed')
    const { local, deployment } = market
    const world = createChainWorld({
      local,
      deployment,
      catalogue,
      signers: [a, b],
      sender: privateKeyToAccount(engineKeys[0]?.key as Hex),
      steward: null,
    })
    const sources = openSources({ source, portfolios }, 'ETH', configuration.maxBarAge)
    const documents = memoryDocuments()
    const ticks: ReplayTick[] = []
    for await (const tick of replayMarket({
      ...sources,
      world,
      configuration,
      catalogue,
      engine: contentHash('{}'),
      documents,
      from: firstTick,
      to: tickAt(11),
    })) {
      ticks.push(tick)
    }
    expect(ticks.map(({ decided }) => decided.decision.kind)).not.toContain('halt')
    const applied = ticks.flatMap(({ outcomes }) => outcomes).filter(({ kind }) => kind === 'applied')
    expect(applied.length).toBeGreaterThan(0)
    const reading = await world.readScope(configuration.scope, tickAt(12))
    expect(reading.lane.round).toBe(12)
    for (const { id, state } of reading.parameters) {
      const last = applied.findLast((outcome) => outcome.id === id)
      if (last?.kind === 'applied') expect(state.value).toBe(last.value)
    }
    for (const { decided, outcomes } of ticks) {
      if (decided.decision.kind !== 'halt')
        expect(outcomes.map(({ id }) => id)).toEqual(decided.decision.adjustment.items.map(({ id }) => id))
    }
  })
})
