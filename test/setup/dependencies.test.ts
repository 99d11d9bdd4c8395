import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const decision = readFileSync(join(root, 'docs/decisions/0002-dependencies.md'), 'utf8')
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  string,
  Record<string, string>
>
const pinned = Object.entries({ ...dependencies, ...devDependencies })

describe('dependencies', () => {
  it('are exactly those that docs/decisions/0002-dependencies.md justifies', () => {
    const justified = [...decision.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name)
    expect(justified.sort()).toEqual(pinned.map(([name]) => name).sort())
  })
  it.each(pinned)('pin %s to one version', (_, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  })
})
