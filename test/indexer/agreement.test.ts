import { afterAll, describe, expect, it } from 'vitest'
import type { LocalChain } from '../../chain/local/index.ts'
import { verifyIndex } from '../../indexer/verify/verifyIndex.ts'
import { deep, propertyRuns } from '../risk/support/propertyRuns.ts'
import { startActivity } from './support/activity.ts'
import { allRows, openTestIndex } from './support/openTestIndex.ts'
import { createRandom } from './support/random.ts'

const STEPS = deep ? 2_000 : 260
const seed = propertyRuns.seed ?? Date.now() % 2 ** 32
const { signal } = new AbortController()
const open: LocalChain[] = []
afterAll(() => Promise.all(open.map((local) => local.close())))

describe('an index that followed random governance and controller transactions through reorganisations', () => {
  it(`equals the chain and an index made afresh, after ${STEPS} steps with seed ${seed}`, { timeout: 900_000 }, async () => {
    const random = createRandom(seed)
    const activity = await startActivity(random)
    const { local, deployment } = activity
    open.push(local)
    const followed = openTestIndex(local.client, deployment)
    let reorganised = 0
    for (let done = 0; done < STEPS; ) {
      const branch = await local.snapshot()
      const length = 1 + random.below(random.chance(0.1) ? 60 : 12)
      for (let i = 0; i < length; i++) {
        await activity.step()
        if (random.chance(0.3)) await followed.sync()
      }
      done += length
      if (!random.chance(0.35)) continue
      await local.revert(branch)
      activity.forget()
      reorganised += 1
      if (random.chance(0.5)) await followed.sync()
    }
    // The last reorganisation may have cut the chain back behind the index, which then waits until the chain has grown past it.
    const indexed = followed.indexer.status().block ?? 0
    do await local.mine((await local.time()) + 1)
    while (Number(await local.client.getBlockNumber()) <= indexed)
    expect((await followed.sync()).outcome).toBe('current')

    const verdict = await verifyIndex(followed.client, local.client, deployment, signal)
    expect(verdict.findings).toEqual([])
    expect(followed.indexer.status()).toMatchObject({ ready: true, reasons: [], lagBlocks: 0 })
    expect(reorganised).toBeGreaterThan(STEPS / 60)
    expect(followed.indexer.status().rollbacks).toBeGreaterThan(STEPS / 100)
    // What a random walk must have met for the comparison to mean something.
    const empty = Object.entries(verdict.rows).filter(([, count]) => count === 0)
    expect(empty.length).toBeLessThanOrEqual(deep ? 0 : 2)
    if (deep) console.log(`seed ${seed}: ${JSON.stringify(verdict.rows)}, ${verdict.compared} fields, ${reorganised} reorganisations`)

    const fresh = openTestIndex(local.client, deployment)
    await fresh.sync()
    expect(allRows(fresh)).toEqual(allRows(followed))
  })
})
