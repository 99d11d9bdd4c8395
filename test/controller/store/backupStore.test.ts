import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  BackupError,
  StoreCorruptError,
  StoreLockedError,
  StoreUnwritableError,
  StoreVersionError,
} from '../../../controller/errors/StoreErrors.ts'
import { backupStore } from '../../../controller/store/backupStore.ts'
import type { EngineStore } from '../../../controller/store/EngineStore.ts'
import { loadSqlite } from '../../../controller/store/loadSqlite.ts'
import { migrations } from '../../../controller/store/migrations.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import { restoreStore } from '../../../controller/store/restoreStore.ts'
import { contentHash } from '../../../risk/hash/index.ts'
import { runCli } from '../../cli/runCli.ts'

const scope = 'market:ETH'
const digest = contentHash('round 7')

describe('backup and restore of a store', () => {
  let folder: string
  let path: string
  let copy: string
  let store: EngineStore
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-backup-'))
    path = join(folder, 'engine.sqlite')
    copy = join(folder, 'copy.sqlite')
    store = openStore({ path })
    store.put('{"before":1}')
    store.claimRound(scope, 7, digest)
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })
  /** The store is gone, as with its disk. */
  const lose = (): void => {
    store.close()
    for (const name of readdirSync(folder)) if (name.startsWith('engine.sqlite')) rmSync(join(folder, name))
  }
  const setVersion = (file: string, version: number): void => {
    const { DatabaseSync } = loadSqlite()
    const database = new DatabaseSync(file)
    database.exec(`PRAGMA user_version = ${version}`)
    database.close()
    writeFileSync(`${file}.sha256`, `${createHash('sha256').update(readFileSync(file)).digest('hex')}  copy.sqlite\n`)
  }

  it('copies while the engine writes: all of what was there, nothing of what came later', () => {
    const { sha256 } = backupStore(path, copy)
    store.put('{"after":1}')
    expect(sha256).toBe(createHash('sha256').update(readFileSync(copy)).digest('hex'))
    expect(readFileSync(`${copy}.sha256`, 'utf8')).toBe(`${sha256}  copy.sqlite\n`)
    const reader = openStore({ path: copy, readOnly: true })
    expect(reader.has(contentHash('{"before":1}'))).toBe(true)
    expect(reader.has(contentHash('{"after":1}'))).toBe(false)
    reader.close()
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })
  it('brings claims and documents back, and the engine goes on with the file', () => {
    const { sha256 } = backupStore(path, copy)
    lose()
    expect(restoreStore(copy, path).sha256).toBe(sha256)
    store = openStore({ path })
    expect(store.get(contentHash('{"before":1}'))).toBe('{"before":1}')
    expect(store.claim(scope, 7)?.digest).toBe(digest)
    store.put('{"again":1}')
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })
  it('overwrites nothing: neither a copy nor a store', () => {
    backupStore(path, copy)
    const kept = readFileSync(copy)
    expect(() => backupStore(path, copy)).toThrow(/copy\.sqlite: it is there already/)
    expect(() => restoreStore(copy, path)).toThrow(StoreLockedError)
    store.close()
    expect(() => restoreStore(copy, path)).toThrow(/engine\.sqlite: it is there already; move it away first/)
    expect(readFileSync(copy)).toEqual(kept)
    store = openStore({ path })
    expect(store.claim(scope, 7)?.digest).toBe(digest)
  })
  it('refuses a copy with another hash, one without a hash, and one that is no store', () => {
    backupStore(path, copy)
    lose()
    const bytes = readFileSync(copy)
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    writeFileSync(copy, bytes)
    expect(() => restoreStore(copy, path)).toThrow(/its SHA-256 is [0-9a-f]{64}; [0-9a-f]{64} is expected/)
    renameSync(`${copy}.sha256`, join(folder, 'elsewhere'))
    expect(() => restoreStore(copy, path)).toThrow(BackupError)
    writeFileSync(copy, 'no database at all. '.repeat(300))
    writeFileSync(`${copy}.sha256`, `${createHash('sha256').update(readFileSync(copy)).digest('hex')}  copy.sqlite\n`)
    expect(() => restoreStore(copy, path)).toThrow(StoreCorruptError)
    expect(existsSync(path)).toBe(false)
  })
  it('refuses a copy of a newer program, naming both versions, and puts nothing in its place', () => {
    backupStore(path, copy)
    lose()
    setVersion(copy, 999)
    expect(() => restoreStore(copy, path)).toThrow(StoreVersionError)
    expect(() => restoreStore(copy, path)).toThrow(`has schema version 999; this program knows versions up to ${migrations.length}`)
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })
  it('makes no copy of what does not exist', () => {
    expect(() => backupStore(join(folder, 'absent.sqlite'), copy)).toThrow(StoreUnwritableError)
    expect(existsSync(copy)).toBe(false)
  })

  it('as commands, over the store of a configuration', async () => {
    const address = `0x${'1'.repeat(40)}`
    const config = {
      schema: 'ballast.daemon',
      version: 1,
      chain: { id: 31_337, deployment: 'deployment.json' },
      rpc: { urls: ['http://127.0.0.1:1'] },
      engine: { catalogue: 'catalogue.json', configurations: ['engine.json'] },
      engines: [{ address, url: 'http://127.0.0.1:1' }],
      signer: { kind: 'environment' },
      source: { kind: 'recorded', directory: 'data', from: '2024-01-01T00:00:00Z', to: '2024-01-02T00:00:00Z' },
      portfolios: { seed: 'test' },
      store: { path: 'engine.sqlite' },
    }
    writeFileSync(join(folder, 'daemon.json'), JSON.stringify(config))
    const run = (...args: string[]) => runCli(['controller', ...args, '--config', 'daemon.json', '--json'], { folder })
    const made = await run('backup', '--to', 'copy.sqlite')
    expect(made.code, made.err).toBe(0)
    const { sha256 } = JSON.parse(made.out) as { sha256: string }
    expect(await run('restore', 'copy.sqlite')).toMatchObject({ code: 9 })
    lose()
    const restored = await run('restore', 'copy.sqlite')
    expect(restored.code, restored.err).toBe(0)
    expect(JSON.parse(restored.out)).toMatchObject({ schema: 'ballast.storeRestored', store: path, sha256 })
    store = openStore({ path })
    expect(store.claim(scope, 7)?.digest).toBe(digest)
  })
})

describe('stores of released versions', () => {
  it('0.1.0: opens, and holds what it held', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ballast-released-'))
    const path = join(folder, 'engine.sqlite')
    cpSync(join(import.meta.dirname, 'fixtures/store-0.1.0.sqlite'), path)
    const store = openStore({ path })
    expect(store.get(contentHash('{"released":"0.1.0"}'))).toBe('{"released":"0.1.0"}')
    expect(store.claim(scope, 7)).toEqual({ digest, validUntil: 4_500 })
    expect(store.openIntents()).toMatchObject([{ key: 'round:market:ETH:7', validUntil: 4_500 }])
    expect(store.attempts('round:market:ETH:7')).toMatchObject([{ nonce: 3, maxFee: 2_000_000_000n }])
    store.close()
    rmSync(folder, { recursive: true })
  })
})
