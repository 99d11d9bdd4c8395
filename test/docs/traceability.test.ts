import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/traceability.md'), 'utf8')
const sources = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.t.sol'))
  .map((name) => readFileSync(join(root, 'test', name), 'utf8'))
  .join('\n')

describe('docs/traceability.md', () => {
  it('names only tests that exist', () => {
    const named = [...page.matchAll(/`((?:test|testFuzz|invariant)_\w+)`/g)].map(([, name]) => name as string)
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter((name) => !sources.includes(`function ${name}(`))).toEqual([])
  })

  it('links only pages and files that exist', () => {
    const linked = [...page.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path]) => join('docs', path as string))
    const files = [...page.matchAll(/`([a-z]+\/[\w./-]+\.(?:ts|sol))`/g)].map(([, path]) => path as string)
    expect([...linked, ...files].filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('has a row for each of the 17 items', () => {
    for (let item = 1; item <= 17; item++) expect(page).toContain(`| ${item} | `)
  })
})
