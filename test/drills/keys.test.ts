import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChainReader } from '../../chain/read/index.ts'
import { readAcceptedRounds } from '../../chain/read/readAcceptedRounds.ts'
import { buildExecuteLoosening, buildRevokeEpoch, buildSubmitRound, sendCall } from '../../chain/write/index.ts'
import { type RunningEngines, runEngines } from '../../controller/replay/runEngines.ts'
import { openStore } from '../../controller/store/openStore.ts'
import { buildSetEngines } from '../../proposals/draft/index.ts'
import type { Hex } from '../../risk/types/index.ts'
import { people } from '../chain/support.ts'
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
} from '../controller/support/market.ts'

const { scope } = configuration
/** The stranger's account becomes the third engine. */
const successor = {
  address: people.stranger.address,
  key: `0x${(0xba11 + Object.keys(people).indexOf('stranger')).toString(16).padStart(64, '0')}` as Hex,
}

/** One market with three engines; the DAO is the account that owns the store. */
class Drill {
  readonly folder = mkdtempSync(join(tmpdir(), 'ballast-keys-'))
  readonly keys = [...engineKeys]
  market!: TestMarket
  running!: RunningEngines

  async start(): Promise<void> {
    this.market = await startMarket()
    this.running = await runEngines({
      folder: this.folder,
      rpcUrl: this.market.url,
      deployment: this.market.deployment,
      catalogue,
      configurations: [configuration],
      privateKeys: this.keys,
      sources: source,
      portfolios,
      start: firstTick,
    })
  }

  async stop(): Promise<void> {
    await this.running?.stop()
    await this.market?.local.close()
    rmSync(this.folder, { recursive: true })
  }

  /** Outcomes of one tick, an engine each. */
  async tick(n: number): Promise<(string | undefined)[]> {
    await moveTo(this.market.local, tickAt(n))
    return (await this.running.tick(tickAt(n))).map((each) => each?.[0]?.outcome)
  }

  /** The DAO's part: a new epoch with the successor in the place of the third engine. */
  async appointSuccessor(): Promise<void> {
    const { local, deployment } = this.market
    const set = [...this.keys.slice(0, 2), successor].map(({ address }) => address)
    const { target, data } = buildSetEngines(deployment, set, 2)
    await sendCall(local.client, local.wallet(people.alice), { to: target, data })
  }

  /** Runbook: between two ticks each engine is stopped, gets the new list of engines, and starts again; one of them with its new key. */
  async replaceThirdEngine(): Promise<void> {
    const old = this.keys[2] as (typeof this.keys)[0]
    this.keys[2] = successor
    for (const [i, { process: child, ended, configFile }] of this.running.engines.entries()) {
      writeFileSync(configFile, readFileSync(configFile, 'utf8').replaceAll(old.address, successor.address))
      child.kill('SIGTERM')
      await ended
      await this.running.restart(i)
    }
  }

  async accepted() {
    const { client } = this.market.local
    return readAcceptedRounds(client, this.market.deployment, scope, 0n, await client.getBlockNumber())
  }

  reading() {
    return createChainReader(this.market.local.client, this.market.deployment, catalogue).readScope(scope)
  }
}

describe('drill: an engine changes its key', () => {
  const drill = new Drill()
  beforeAll(() => drill.start())
  afterAll(() => drill.stop())

  it('without a missed tick, a number left out, or two signatures for one round', { timeout: 300_000 }, async () => {
    for (let n = 0; n < 3; n++) expect(await drill.tick(n)).toEqual(['accepted', 'accepted', 'accepted'])
    await drill.appointSuccessor()
    await drill.replaceThirdEngine()
    for (let n = 3; n < 7; n++) expect(await drill.tick(n)).toEqual(['accepted', 'accepted', 'accepted'])

    const rounds = await drill.accepted()
    expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(rounds.map(({ observedAt }) => observedAt)).toEqual(Array.from({ length: 7 }, (_, n) => tickAt(n)))
    expect(rounds.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 2, 2, 2, 2])
    for (const { store: path } of drill.running.engines) {
      const store = openStore({ path, readOnly: true })
      const digests = store.rounds(scope, tickAt(0), tickAt(7)).map(({ digest }) => digest)
      store.close()
      expect(digests).toEqual(rounds.map(({ digest }) => digest))
    }
  })
})

describe('drill: a key is stolen', () => {
  const drill = new Drill()
  beforeAll(() => drill.start())
  afterAll(() => drill.stop())

  it('one call of the guardian voids the keys and everything pending; a new epoch goes on', { timeout: 300_000 }, async () => {
    const { local, deployment } = drill.market
    let n = 0
    let pending = (await drill.reading()).parameters.filter((each) => each.pending !== null)
    for (; pending.length === 0 && n < 12; n++) {
      await drill.tick(n)
      pending = (await drill.reading()).parameters.filter((each) => each.pending !== null)
    }
    expect(pending.length).toBeGreaterThan(0)
    const last = (await drill.accepted()).at(-1)

    const { to, data } = buildRevokeEpoch(deployment)
    await sendCall(local.client, local.wallet(people.guardian), { to, data })

    const reading = await drill.reading()
    expect(reading.lane.epoch).toBe((last?.epoch ?? 0) + 1)
    for (const { id, pending: each } of pending) {
      await local.mine((each?.eta ?? 0) + 1)
      const call = buildExecuteLoosening(deployment, scope, id)
      await expect(sendCall(local.client, local.wallet(people.stranger), call)).rejects.toThrow(/epoch|void|heartbeat|not live/i)
    }
    const store = openStore({ path: drill.running.engines[0]?.store ?? '', readOnly: true })
    const signed = store.rounds(scope, tickAt(0), tickAt(n)).at(-1)
    store.close()
    const replayed = buildSubmitRound(deployment, { ...signed!.adjustment!, round: (last?.round ?? 0) + 1 }, [], null)
    await expect(sendCall(local.client, local.wallet(people.engineA), replayed)).rejects.toThrow(/no engines|epoch/)

    const later = Math.ceil(((await local.time()) - firstTick) / 3_600) + 1
    expect(new Set(await drill.tick(later))).not.toContain('accepted')
    await drill.appointSuccessor()
    await drill.replaceThirdEngine()
    expect(await drill.tick(later + 1)).toEqual(['accepted', 'accepted', 'accepted'])
    expect((await drill.accepted()).at(-1)).toMatchObject({ round: (last?.round ?? 0) + 1, epoch: (last?.epoch ?? 0) + 2 })
  })
})
