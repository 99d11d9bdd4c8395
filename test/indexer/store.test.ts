import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IndexCorruptError, IndexLockedError, OtherIndexError } from '../../indexer/store/IndexErrors.ts'
import { openIndex } from '../../indexer/store/openIndex.ts'
import { openProgress } from '../../indexer/store/progress.ts'
import { type Activity, startActivity } from './support/activity.ts'
import { allRows, openTestIndex } from './support/openTestIndex.ts'
import { createRandom } from './support/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'ballast-index-'))
const file = (name: string): string => join(folder, name)
let activity: Activity
beforeAll(async () => {
  activity = await startActivity(createRandom(3))
})
afterAll(async () => {
  await activity.local.close()
  rmSync(folder, { recursive: true })
})

describe('the file of an index', () => {
  it('when opened again, goes on where it was', async () => {
    const path = file('again.sqlite')
    const first = openTestIndex(activity.local.client, activity.deployment, { path })
    await first.sync()
    const rows = allRows(first)
    const { block } = first.indexer.status()
    first.indexer.close()
    const second = openTestIndex(activity.local.client, activity.deployment, { path })
    expect(second.indexer.status()).toMatchObject({ block, ready: false, reasons: ['The first pass over the chain has not ended.'] })
    expect(allRows(second)).toEqual(rows)
    expect(await second.sync()).toMatchObject({ outcome: 'current', blocks: 0, events: 0 })
    expect(second.indexer.status().ready).toBe(true)
    second.indexer.close()
  })
  it('when of another deployment or chain, is refused and kept', () => {
    const path = file('other.sqlite')
    openIndex(path, activity.deployment).close()
    const { contracts } = activity.deployment
    const other = { ...activity.deployment, contracts: { ...contracts, riskParameters: contracts.timelock } }
    expect(() => openIndex(path, other)).toThrow(OtherIndexError)
    expect(() => openIndex(path, { ...activity.deployment, chainId: 1 })).toThrow(
      'is the index of chain 31337, not of 1. Name another file.',
    )
    openIndex(path, activity.deployment).close()
  })
  it('when another process writes it, is refused', () => {
    const path = file('locked.sqlite')
    const writer = openIndex(path, activity.deployment)
    expect(() => openIndex(path, activity.deployment)).toThrow(IndexLockedError)
    writer.close()
    openIndex(path, activity.deployment).close()
  })
  it.each([
    ['no database', (path: string) => writeFileSync(path, 'not a database, but long enough to look at '.repeat(200))],
    [
      'a database of something else',
      (path: string) => {
        const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
        const database = new DatabaseSync(path)
        database.exec('CREATE TABLE something (else_ TEXT)')
        database.close()
      },
    ],
  ])('when it is %s, is refused with what to do', (_what, make) => {
    const path = file(`broken-${_what.length}.sqlite`)
    make(path)
    expect(() => openIndex(path, activity.deployment)).toThrow(IndexCorruptError)
    expect(() => openIndex(path, activity.deployment)).toThrow('Remove it; it is built again from the chain.')
  })
  it('when of another schema, is built again, and says so', async () => {
    const path = file('older.sqlite')
    const older = openTestIndex(activity.local.client, activity.deployment, { path })
    await older.sync()
    const rows = allRows(older)
    older.indexer.index.file.database.exec("UPDATE schema_version SET version = 'older'; DROP TABLE Vote")
    older.indexer.close()
    const opened = openIndex(path, activity.deployment)
    expect(openProgress(opened).last()).toBeUndefined()
    expect(openProgress(opened).counters().rebuilds).toBe(1)
    opened.close()
    const index = openTestIndex(activity.local.client, activity.deployment, { path })
    await index.sync()
    expect(allRows(index)).toEqual(rows)
    index.indexer.close()
  })
})
