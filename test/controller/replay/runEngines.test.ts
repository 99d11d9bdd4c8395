import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningEngines, runEngines } from '../../../controller/replay/runEngines.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import {
  catalogue,
  configuration,
  engineKeys,
  firstTick,
  moveTo,
  portfolios,
  source,
  startMarket,
  type TestMarket,
  tickAt,
} from '../support/market.ts'

describe('three engines as processes, two signatures', () => {
  let folder: string
  let market: TestMarket
  let running: RunningEngines
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-engines-'))
    market = await startMarket()
    running = await runEngines({
      folder,
      rpcUrl: market.url,
      deployment: market.deployment,
      catalogue,
      configurations: [configuration],
      privateKeys: engineKeys,
      sources: source,
      portfolios,
      start: firstTick,
      logLevel: 'debug',
    })
  })
  afterAll(async () => {
    await running?.stop()
    await market?.local.close()
    if (folder) rmSync(folder, { recursive: true })
  })

  it('takes turns, accepts every tick, and leaves three stores with the same rounds', async () => {
    const proposers = new Set<number>()
    for (let n = 0; n < 9; n++) {
      await moveTo(market.local, tickAt(n))
      const summaries = (await running.tick(tickAt(n))).map((each) => each?.[0])
      expect(summaries.map((each) => each?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
      expect(new Set(summaries.map((each) => each?.digest)).size).toBe(1)
      proposers.add(summaries.findIndex((each) => each?.proposer))
    }
    expect([...proposers].sort()).toEqual([0, 1, 2])
    const rounds = running.engines.map(({ store: path }) => {
      const store = openStore({ path, readOnly: true })
      const all = store.rounds(configuration.scope, firstTick, tickAt(9))
      store.close()
      return all.map(({ adjustment, digest, stage, state, report, snapshot, outcomes }) => ({
        round: adjustment?.round,
        digest,
        stage,
        state,
        report,
        snapshot,
        outcomes,
      }))
    })
    expect(rounds[0]).toHaveLength(9)
    expect(rounds[0]?.map(({ round, stage }) => [round, stage])).toEqual(Array.from({ length: 9 }, (_, i) => [i + 1, 'mined']))
    expect(rounds[1]).toEqual(rounds[0])
    expect(rounds[2]).toEqual(rounds[0])
    expect(rounds[0]?.flatMap(({ outcomes }) => outcomes).some(({ kind }) => kind === 'applied')).toBe(true)
  })

  it('closes once and in order when Ctrl-C, the word of the parent and the end of the channel come together', async () => {
    const processes = running.engines.map((engine) => engine.process)
    const gone = processes.map((child) => once(child, 'exit'))
    for (const child of processes) {
      child.kill('SIGINT')
      child.send({ stop: true })
      child.kill('SIGTERM')
    }
    expect(await Promise.all(gone)).toEqual(processes.map(() => [0, null]))
    await running.stop()
    for (const log of ['engine-1.log', 'engine-2.log', 'engine-3.log']) {
      const lines = readFileSync(join(folder, log), 'utf8').trim().split('\n')
      expect(lines.filter((line) => line.includes('engine stopped'))).toEqual([lines.at(-1)])
    }
  })
})
