import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findStale, generateAbis, writeStale } from '../../tools/generate-abis.ts'

const root = join(import.meta.dirname, '../..')

describe('generate-abis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'abis '))
  afterAll(() => rmSync(folder, { recursive: true }))
  const wanted = generateAbis(join(root, 'artifacts'))

  test('the committed ABIs are those of the compiled contracts', () => {
    expect(findStale(join(root, 'chain/generated'), wanted)).toEqual([])
  })

  test('is deterministic', () => {
    expect([...generateAbis(join(root, 'artifacts'))]).toEqual([...wanted])
  })

  test('writes what is missing, changed or too much, and nothing else', () => {
    expect(writeStale(folder, wanted)).toEqual([...wanted.keys()].sort())
    expect(findStale(folder, wanted)).toEqual([])
    writeFileSync(join(folder, 'guardianTermAbi.ts'), 'export const guardianTermAbi = [] as const\n')
    writeFileSync(join(folder, 'oldAbi.ts'), '')
    expect(findStale(folder, wanted)).toEqual(['guardianTermAbi.ts', 'oldAbi.ts'])
    writeStale(folder, wanted)
    expect(readdirSync(folder).sort()).toEqual([...wanted.keys()].sort())
    expect(readFileSync(join(folder, 'guardianTermAbi.ts'), 'utf8')).toBe(wanted.get('guardianTermAbi.ts'))
  })

  test('says what to do when nothing is compiled', () => {
    expect(() => generateAbis(folder)).toThrow(/Compile the contracts first/)
  })
})
