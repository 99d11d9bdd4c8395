import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DatabaseSync, loadSqlite } from '../../../controller/store/loadSqlite.ts'
import { migrateStore } from '../../../controller/store/migrateStore.ts'
import { migrations } from '../../../controller/store/migrations.ts'
import { openStore } from '../../../controller/store/openStore.ts'

/** SHA-256 of each released step, and the release whose store is the fixture of it. */
const released = [{ step: '861966ab90d687cdbc79beed38aa0bba060cf5c137857fc8dc03e4c34dc1472f', fixture: 'store-0.1.0.sqlite' }] as const
const fixtures = join(import.meta.dirname, 'fixtures')

describe('versions of the store', () => {
  let folder: string
  let path: string
  const open = (readOnly = false): DatabaseSync => new (loadSqlite().DatabaseSync)(path, { readOnly })
  const versionOf = (database: DatabaseSync): number =>
    (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version
  const schemaOf = (): unknown[] => {
    const database = open(true)
    const found = database.prepare("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name").all()
    database.close()
    return found
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-migrate-'))
    path = join(folder, 'engine.sqlite')
    cpSync(join(fixtures, released[0].fixture), path)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('a released step is never edited, and each has a store of its release', () => {
    const hashes = migrations.map((step) => createHash('sha256').update(step).digest('hex'))
    expect(hashes, 'A changed schema is a new step at the end, with its hash and a fixture here.').toEqual(released.map(({ step }) => step))
    expect(readdirSync(fixtures).sort()).toEqual(released.map(({ fixture }) => fixture).sort())
  })

  it.each(released)('a store of $fixture comes to the schema of a new one', ({ fixture }) => {
    cpSync(join(fixtures, fixture), path)
    openStore({ path }).close()
    const migrated = schemaOf()
    path = join(folder, 'new.sqlite')
    openStore({ path }).close()
    expect(migrated).toEqual(schemaOf())
  })

  const next = 'ALTER TABLE claim ADD COLUMN reason TEXT; UPDATE claim SET reason = scope'
  it('steps are taken in order, and keep what is there; an older program then refuses the store', () => {
    const database = open()
    migrateStore(database, path, false, [...migrations, next, 'CREATE TABLE more (a INTEGER)'])
    expect(versionOf(database)).toBe(3)
    expect(database.prepare('SELECT scope, number, reason FROM claim').all()).toEqual([
      { scope: 'market:ETH', number: 7, reason: 'market:ETH' },
    ])
    database.close()
    expect(() => openStore({ path })).toThrow(/has schema version 3; this program knows versions up to 1/)
  })

  it('all of them or none', () => {
    const database = open()
    expect(() => migrateStore(database, path, false, [...migrations, next, 'CREATE TABLE claim (a)'])).toThrow(/already exists/)
    expect(versionOf(database)).toBe(1)
    database.close()
    expect(openStore({ path, readOnly: true }).claim('market:ETH', 7)?.validUntil).toBe(4_500)
  })

  it('an older store is not changed by who only reads it', () => {
    const database = open(true)
    expect(() => migrateStore(database, path, true, [...migrations, next])).toThrow(
      /has schema version 1; this program knows versions up to 2/,
    )
    database.close()
  })
})
