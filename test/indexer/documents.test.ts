import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, type GraphQLObjectType, parse, print, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { indexLists, pageDocument, statusDocument } from '../../chain/index-client/index.ts'
import { entities } from '../../indexer/entities/index.ts'
import { typeDefs } from '../../indexer/graphql/typeDefs.ts'

const schema = buildSchema(typeDefs)
const root = join(import.meta.dirname, '../..')

describe('the typed documents', () => {
  it('are one per list of the index', () => {
    expect([...indexLists].sort()).toEqual(entities.map(({ list }) => list).sort())
  })
  it.each(indexLists)('of %s fit the schema and ask for every field', (list) => {
    const text = print(pageDocument(list))
    expect(validate(schema, parse(text))).toEqual([])
    const entity = entities.find((one) => one.list === list)
    const type = schema.getType(entity?.name ?? '') as GraphQLObjectType
    for (const field of Object.keys(type.getFields())) expect(text).toMatch(new RegExp(`\\b${field}\\b`))
  })
  it('of the status fit the schema and ask for every field', () => {
    const text = print(statusDocument)
    expect(validate(schema, parse(text))).toEqual([])
    for (const field of Object.keys((schema.getType('Status') as GraphQLObjectType).getFields())) expect(text).toContain(field)
  })
})

describe('the packages of the indexer', () => {
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as { readonly dependencies: Record<string, string> }
  const own = read('indexer/package.json').dependencies
  it.each(Object.entries(own))('pin %s to one version', (_name, version) => expect(version).toMatch(/^\d+\.\d+\.\d+$/))
  it('speak the GraphQL of the root', () => {
    expect(own['graphql']).toBe(read('package.json').dependencies['graphql'])
  })
  it('come from any registry', () => {
    expect(readFileSync(join(root, 'indexer/package-lock.json'), 'utf8')).not.toContain('"resolved"')
  })
})
