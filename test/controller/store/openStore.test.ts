import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  EquivocationError,
  StoreCorruptError,
  StoreFullError,
  StoreLockedError,
  StoreUnwritableError,
  StoreVersionError,
} from '../../../controller/errors/StoreErrors.ts'
import type { EngineStore, Intent } from '../../../controller/store/EngineStore.ts'
import { loadSqlite } from '../../../controller/store/loadSqlite.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import { canonicalJson, contentHash } from '../../../risk/hash/index.ts'
import type { Adjustment, Hash, ParameterValue, RoundRecord } from '../../../risk/types/index.ts'

const hash = (digit: string): Hash => `0x${digit.repeat(64)}`
const scope = 'market:ETH'

const adjustment: Adjustment = {
  scope,
  epoch: 1,
  round: 7,
  observedAt: 3_600,
  validUntil: 4_500,
  items: [{ id: 'margin.priceScanRange', expected: 2_000 as ParameterValue, value: 2_500 as ParameterValue }],
  impactNotional: 123_456_789_012_345_678_901n,
  impactAccounts: 2,
  snapshot: hash('1'),
  engine: hash('2'),
  configuration: hash('3'),
  report: hash('4'),
}
const record: RoundRecord = {
  schema: 'ballast.round',
  version: 1,
  scope,
  observedAt: 3_600,
  stage: 'decided',
  decision: 'adjust',
  snapshot: hash('1'),
  state: hash('5'),
  report: hash('4'),
  adjustment,
  digest: hash('6'),
  signatures: [],
  transaction: null,
  outcomes: [],
  detail: '',
}
const intent: Intent = {
  key: 'round:market:ETH:7',
  stage: 'open',
  to: '0x0000000000000000000000000000000000000001',
  data: '0x',
  validUntil: 4_500,
  detail: '',
}

describe('openStore', () => {
  let folder: string
  let path: string
  let store: EngineStore
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-store-'))
    path = join(folder, 'engine.sqlite')
    store = openStore({ path })
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })
  const reopen = (): void => {
    store.close()
    store = openStore({ path })
  }

  describe('documents', () => {
    it('returns the same bytes under their hash, also after reopening', () => {
      const text = canonicalJson({ a: 1.5, b: ['é', null] })
      expect(store.put(text)).toBe(contentHash(text))
      expect(store.put(text)).toBe(contentHash(text))
      reopen()
      expect(store.get(contentHash(text))).toBe(text)
      expect(store.has(contentHash(text))).toBe(true)
    })
    it('does not know what was never put', () => {
      expect(store.get(hash('a'))).toBeUndefined()
      expect(store.has(hash('a'))).toBe(false)
    })
    it('refuses a hash that is none', () => {
      expect(() => store.get('0x12')).toThrow(/32 bytes/)
    })
    it('notices a document whose bytes were replaced', () => {
      const kept = store.put('{"a":1}')
      store.put('{"a":2}')
      store.close()
      const { DatabaseSync } = loadSqlite()
      const database = new DatabaseSync(path)
      const other = Buffer.from(contentHash('{"a":2}').slice(2), 'hex')
      database.prepare('UPDATE document SET body = (SELECT body FROM document WHERE hash = ?) WHERE hash <> ?').run(other, other)
      database.close()
      store = openStore({ path })
      expect(() => store.get(kept)).toThrow(StoreCorruptError)
    })
  })

  describe('rounds', () => {
    it('keeps one record per tick and its big integers', () => {
      store.saveRound(record)
      store.saveRound({ ...record, stage: 'mined' })
      reopen()
      expect(store.round(scope, 3_600)).toEqual({ ...record, stage: 'mined' })
      expect(store.rounds(scope, 0, 1e10)).toHaveLength(1)
    })
    it('finds the last, the last in a stage, and a range in ascending order', () => {
      const at = (observedAt: number, stage: RoundRecord['stage']): RoundRecord => ({ ...record, observedAt, stage })
      for (const each of [at(7_200, 'mined'), at(3_600, 'mined'), at(10_800, 'failed')]) store.saveRound(each)
      expect(store.lastRound(scope)?.observedAt).toBe(10_800)
      expect(store.lastRoundIn(scope, ['mined'])?.observedAt).toBe(7_200)
      expect(store.lastRoundIn(scope, ['mined', 'failed'])?.observedAt).toBe(10_800)
      expect(store.lastRoundIn(scope, ['sent'])).toBeUndefined()
      expect(store.rounds(scope, 3_600, 7_200).map(({ observedAt }) => observedAt)).toEqual([3_600, 7_200])
      expect(store.lastRound('market:BTC')).toBeUndefined()
    })
  })

  describe('claims', () => {
    it('allows one digest for a round, as often as asked', () => {
      store.claimRound(scope, 7, hash('6'))
      store.claimRound(scope, 7, hash('6'))
      reopen()
      expect(() => store.claimRound(scope, 7, hash('7'))).toThrow(EquivocationError)
      store.claimRound(scope, 8, hash('7'))
      store.claimRound('market:BTC', 7, hash('7'))
    })
    it('gives way only once the claimed digest can no longer be accepted', () => {
      store.claimRound(scope, 7, hash('6'), { validUntil: 4_500, now: 3_660 })
      expect(() => store.claimRound(scope, 7, hash('7'), { validUntil: 8_100, now: 4_500 })).toThrow(EquivocationError)
      store.claimRound(scope, 7, hash('7'), { validUntil: 8_100, now: 4_501 })
      expect(store.claim(scope, 7)).toEqual({ digest: hash('7'), validUntil: 8_100 })
    })
  })

  describe('intents', () => {
    it('keeps an intent and its attempts, the oldest first', () => {
      store.saveIntent(intent)
      const attempt = { intent: intent.key, chainId: 31_337, sender: intent.to, nonce: 3, raw: '0x02' } as const
      store.saveAttempt({ ...attempt, hash: hash('9'), maxFee: 20_000_000_000n, priorityFee: 2n })
      store.saveAttempt({ ...attempt, hash: hash('8'), maxFee: 9_000_000_000n, priorityFee: 1n })
      reopen()
      expect(store.openIntents()).toEqual([intent])
      expect(store.attempts(intent.key).map(({ maxFee }) => maxFee)).toEqual([9_000_000_000n, 20_000_000_000n])
      expect(store.attemptsAt(31_337, intent.to, 3)).toHaveLength(2)
      expect(store.attemptsAt(1, intent.to, 3)).toEqual([])
      store.saveIntent({ ...intent, stage: 'mined' })
      expect(store.openIntents()).toEqual([])
      expect(store.intent(intent.key)?.stage).toBe('mined')
    })
    it('refuses an attempt without its intent: the intent is written first', () => {
      const orphan = {
        hash: hash('9'),
        intent: 'round:market:ETH:1',
        chainId: 1,
        sender: intent.to,
        nonce: 0,
        maxFee: 1n,
        priorityFee: 1n,
        raw: '0x',
      } as const
      expect(() => store.saveAttempt(orphan)).toThrow(/FOREIGN KEY/)
    })
  })

  describe('atomically', () => {
    it('keeps all writes or none', () => {
      const text = '{"x":1}'
      expect(() =>
        store.atomically(() => {
          store.put(text)
          store.saveRound(record)
          throw new Error('power cut')
        }),
      ).toThrow('power cut')
      expect(store.has(contentHash(text))).toBe(false)
      expect(store.lastRound(scope)).toBeUndefined()
      store.atomically(() => store.atomically(() => store.put(text)))
      reopen()
      expect(store.has(contentHash(text))).toBe(true)
    })
  })

  describe('faults', () => {
    it('locked: a second writer is refused with the path, a reader is not', () => {
      expect(() => openStore({ path })).toThrow(StoreLockedError)
      expect(() => openStore({ path })).toThrow(path)
      store.saveRound(record)
      const reader = openStore({ path, readOnly: true })
      expect(reader.lastRound(scope)).toEqual(record)
      expect(() => reader.saveRound(record)).toThrow(StoreUnwritableError)
      reader.close()
    })
    it('locked: the lock ends with a process that is killed', async () => {
      store.close()
      const script = join(folder, 'holder.ts')
      writeFileSync(
        script,
        `import { openStore } from ${JSON.stringify(new URL('../../../controller/store/openStore.ts', import.meta.url).href)}
         openStore({ path: ${JSON.stringify(path)} }).put('{"held":1}')
         process.send('open'); setInterval(() => {}, 1000)`,
      )
      const holder = fork(script, { execArgv: [] })
      await once(holder, 'message')
      expect(() => openStore({ path })).toThrow(StoreLockedError)
      holder.kill('SIGKILL')
      await once(holder, 'exit')
      store = openStore({ path })
      expect(store.has(contentHash('{"held":1}'))).toBe(true)
    })
    it('full: the write fails with a clear error and nothing of it is kept', () => {
      store.close()
      const { DatabaseSync } = loadSqlite()
      const small = openStore({ path, maxBytes: statSync(path).size + 8_192 })
      const big = JSON.stringify(Array.from({ length: 40_000 }, (_, i) => (i * 2_654_435_761) % 4_294_967_296))
      expect(() => small.put(big)).toThrow(StoreFullError)
      expect(small.has(contentHash(big))).toBe(false)
      small.put('{"small":1}')
      small.close()
      const database = new DatabaseSync(path)
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      database.close()
      store = openStore({ path })
    })
    it('corrupt: a file that is no store, and one with damaged pages', () => {
      store.close()
      const nonsense = join(folder, 'nonsense.sqlite')
      writeFileSync(nonsense, 'this is not a database, whatever its name says. '.repeat(200))
      expect(() => openStore({ path: nonsense })).toThrow(StoreCorruptError)
      const writer = openStore({ path })
      for (let i = 0; i < 400; i++) writer.put(JSON.stringify({ i, text: hash('a') }))
      writer.close()
      const file = openSync(path, 'r+')
      for (let page = 4; page < readFileSync(path).length / 4_096; page++) writeSync(file, Buffer.alloc(64, 0xff), 0, 64, page * 4_096)
      expect(() => openStore({ path })).toThrow(StoreCorruptError)
      rmSync(path)
      store = openStore({ path })
    })
    it('unwritable: the folder does not exist', () => {
      expect(() => openStore({ path: join(folder, 'absent', 'engine.sqlite') })).toThrow(StoreUnwritableError)
    })
    it('version: written by a newer program', () => {
      store.close()
      const { DatabaseSync } = loadSqlite()
      const database = new DatabaseSync(path)
      database.exec('PRAGMA user_version = 999')
      database.close()
      expect(() => openStore({ path })).toThrow(StoreVersionError)
      rmSync(path)
      store = openStore({ path })
    })
  })

  it('prints no warning about the built-in SQLite', () => {
    const script = `const { openStore } = await import(${JSON.stringify(new URL('../../../controller/store/openStore.ts', import.meta.url).href)}); openStore({ path: ':memory:' }).close()`
    const { NODE_OPTIONS: _, ...env } = process.env
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `${script}; console.log('done')`], {
      encoding: 'utf8',
      env,
    })
    expect({ stdout, stderr }).toEqual({ stdout: 'done\n', stderr: '' })
  })
})
