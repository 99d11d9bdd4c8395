import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { entities } from '../../indexer/entities/index.ts'
import { openIndex } from '../../indexer/store/openIndex.ts'
import { openProgress } from '../../indexer/store/progress.ts'
import { openRows } from '../../indexer/store/rows.ts'
import { schemaVersion } from '../../indexer/store/tables.ts'
import { type IndexVersion, upgradeIndex, versions } from '../../indexer/store/versions.ts'
import type { Deployment } from '../../risk/types/index.ts'

const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
const fixtures = join(import.meta.dirname, 'fixtures')
const folder = mkdtempSync(join(tmpdir(), 'ballast-versions-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Fixture = {
  readonly deployment: Deployment
  readonly block: number
  readonly historyHead: string
  readonly rows: Readonly<Record<string, number>>
}
const fixtureOf = (number: number): Fixture => JSON.parse(readFileSync(join(fixtures, `index-${number}.json`), 'utf8'))
/** A copy of a released index, to be changed. */
const copyOf = (number: number, name: string): string => {
  const path = join(folder, `${name}.sqlite`)
  cpSync(join(fixtures, `index-${number}.sqlite`), path)
  return path
}
const schemaOf = (path: string): unknown[] => {
  const database = new DatabaseSync(path, { readOnly: true })
  const found = database.prepare("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name").all()
  database.close()
  return found
}

describe('versions of the index', () => {
  it('a changed schema is a new version: an entry in indexer/store/versions.ts and a fixture', () => {
    expect(versions.map(({ number }) => number)).toEqual(versions.map((_, i) => i + 1))
    expect(versions.at(-1)?.schema, 'The schema differs from the newest released one: add a version, with the step to it.').toBe(
      schemaVersion,
    )
    expect(
      readdirSync(fixtures)
        .filter((name) => name.endsWith('.sqlite'))
        .sort(),
    ).toEqual(versions.map(({ number }) => `index-${number}.sqlite`).sort())
  })

  it.each(versions.map(({ number }) => number))(
    'an index of version %i opens, holds what it held, and is of the newest schema',
    (number) => {
      const { deployment, block, historyHead, rows } = fixtureOf(number)
      const path = copyOf(number, `released-${number}`)
      const file = openIndex(path, deployment)
      const rebuilt = versions.slice(number).some(({ from }) => from === 'rebuild')
      expect(openProgress(file).counters().rebuilds).toBe(Number(rebuilt))
      if (!rebuilt) {
        expect(openProgress(file).last()?.number).toBe(block)
        expect(openProgress(file).history().head).toBe(historyHead)
        const counts = Object.fromEntries(entities.map((entity) => [entity.name, openRows(file).count(entity, {})]))
        expect(counts).toMatchObject(rows)
        expect(Object.values(counts).filter((count) => count > 0).length).toBeGreaterThan(10)
      }
      file.close()
      const fresh = join(folder, `fresh-${number}.sqlite`)
      openIndex(fresh, deployment).close()
      expect(schemaOf(path)).toEqual(schemaOf(fresh))
    },
  )

  describe('steps', () => {
    const first = versions[0] as IndexVersion
    const next: IndexVersion = {
      number: 2,
      schema: 'next',
      from: 'ALTER TABLE "Vote" ADD COLUMN "weightShare" INTEGER; UPDATE "Vote" SET "weightShare" = 1',
    }
    const after: IndexVersion = { number: 3, schema: 'after', from: 'CREATE TABLE "More" ("position" INTEGER PRIMARY KEY)' }
    const open = (name: string) => new DatabaseSync(copyOf(1, name))
    const versionOf = (database: InstanceType<typeof DatabaseSync>): unknown[] => [
      (database.prepare('SELECT version FROM schema_version').get() as { readonly version: string }).version,
      (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version,
    ]

    it('are taken in order, and keep what is there', () => {
      const database = open('steps')
      expect(upgradeIndex(database, first.schema, [first, next, after])).toBe('upgraded')
      expect(versionOf(database)).toEqual(['after', 3])
      const { Vote: votes = 0 } = fixtureOf(1).rows
      expect(database.prepare('SELECT count(*) AS n FROM "Vote" WHERE "weightShare" = 1').get()).toEqual({ n: votes })
      expect(database.prepare('SELECT count(*) AS n FROM "More"').get()).toEqual({ n: 0 })
      expect(upgradeIndex(database, 'after', [first, next, after])).toBe('upgraded')
      database.close()
    })
    it('all of them or none', () => {
      const database = open('failing')
      const before = versionOf(database)
      expect(() => upgradeIndex(database, first.schema, [first, next, { ...after, from: 'CREATE TABLE "Vote" (a)' }])).toThrow(
        /already exists/,
      )
      expect(versionOf(database)).toEqual(before)
      expect(() => database.prepare('SELECT "weightShare" FROM "Vote"').all()).toThrow(/no such column/)
      database.close()
    })
    it('one that needs events again, and a schema that was never released, build anew', () => {
      const database = open('rebuild')
      expect(upgradeIndex(database, first.schema, [first, next, { ...after, from: 'rebuild' }])).toBe('rebuild')
      expect(upgradeIndex(database, 'somebody’s own', [first, next])).toBe('rebuild')
      database.close()
    })
  })

  it('an index of a newer program is refused, naming both versions, and kept', () => {
    const path = copyOf(1, 'newer')
    const database = new DatabaseSync(path)
    database.exec(`PRAGMA user_version = ${versions.length + 1}; UPDATE schema_version SET version = 'newer'`)
    database.close()
    expect(() => openIndex(path, fixtureOf(1).deployment)).toThrow(
      new RegExp(`schema version ${versions.length + 1}; this program knows versions up to ${versions.length}`),
    )
    const kept = new DatabaseSync(path)
    expect(kept.prepare('SELECT version FROM schema_version').get()).toEqual({ version: 'newer' })
    expect(kept.prepare('SELECT count(*) AS n FROM "Round"').get()).toEqual({ n: fixtureOf(1).rows['Round'] })
    kept.close()
  })
})
