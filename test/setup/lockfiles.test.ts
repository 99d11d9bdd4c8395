import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

describe.each(['package-lock.json', 'tools/node/package-lock.json'])('%s', (name) => {
  const text = readFileSync(join(root, name), 'utf8')

  it('names no download address, so that it works with every registry', () => {
    expect(text).not.toContain('"resolved"')
  })

  it('lists the native packages of every platform, not only of the machine that made it', () => {
    const { packages } = JSON.parse(text) as { packages: Record<string, { os?: string | string[]; cpu?: string | string[] }> }
    const platforms = Object.values(packages).flatMap(({ os = [], cpu = [] }) =>
      [os].flat().flatMap((system) => [cpu].flat().map((chip) => `${system}-${chip}`)),
    )
    expect(platforms).toEqual(expect.arrayContaining(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64']))
  })
})
