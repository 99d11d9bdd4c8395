import { describe, expect, it } from 'vitest'
import { findImportFaults } from '../../tools/check-imports.ts'

const messages = (path: string, text: string): string[] => findImportFaults({ path, text }).map(({ line, message }) => `${line} ${message}`)

describe('findImportFaults', () => {
  it.each([
    ['risk/margin/a.ts', "import { b } from '../math/b.ts'\nimport { keccak_256 } from '@noble/hashes/sha3.js'"],
    [
      'chain/read/a.ts',
      "import type { P } from '../../risk/types/index.ts'\nimport { toBps } from '../../risk/units.ts'\nimport { http } from 'viem'",
    ],
    [
      'controller/a.ts',
      "import '../proposals/a.ts'\nimport '../chain/a.ts'\nimport '../risk/decide/a.ts'\nimport { readFile } from 'node:fs'",
    ],
    ['cli/main.ts', "import '../controller/a.ts'\nimport '../indexer/a.ts'\nimport manifest from '../package.json' with { type: 'json' }"],
    ['test/risk/a.test.ts', "import '../../cli/main.ts'"],
    ['vitest.config.ts', "import './cli/main.ts'"],
  ])('lets %s import along the arrows', (path, text) => {
    expect(messages(path, text)).toEqual([])
  })

  it.each([
    [
      'risk/a.ts',
      "import { mean } from 'simple-statistics'",
      '1 risk/ may not import simple-statistics; packages it may import: @noble/hashes, zod',
    ],
    ['risk/a.ts', "\nimport { readFileSync } from 'node:fs'", '2 risk/ may not import node:fs; packages it may import: @noble/hashes, zod'],
    ['risk/a.ts', "import type { X } from '../chain/x.ts'", '1 risk/ may not import chain/x.ts; it may import risk/'],
    ['risk/a.ts', "export * from '../chain/x.ts'", '1 risk/ may not import chain/x.ts; it may import risk/'],
    ['risk/a.ts', "type X = import('../chain/x.ts').X", '1 risk/ may not import chain/x.ts; it may import risk/'],
    ['risk/a.ts', "const x = await import('../chain/x.ts')", '1 risk/ may not import chain/x.ts; it may import risk/'],
    ['proposals/a.ts', "import '../controller/a.ts'", '1 proposals/ may not import controller/a.ts; it may import proposals/, chain, risk'],
    ['indexer/a.ts', "import '../cli/a.ts'", '1 indexer/ may not import cli/a.ts; it may import indexer/, chain, risk, webhooks'],
    ['controller/a.ts', "import '../../elsewhere/a.ts'", '1 ../../elsewhere/a.ts is outside the project'],
    ['plugins/a.ts', '', '1 plugins/ has no row in the table of tools/check-imports.ts'],
  ])('stops %s: %s', (path, text, message) => {
    expect(messages(path, text)).toEqual([message])
  })

  it('opens only the shared leaves of risk/ to chain/', () => {
    expect(messages('chain/a.ts', "import '../risk/margin/a.ts'\nimport '../risk/unitsOfOthers.ts'")).toHaveLength(2)
  })
})
