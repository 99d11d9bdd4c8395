import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { expectPrinted, guideBlocks, runBlocks } from './support/guideBlocks.ts'

const guide = readFileSync(join(projectRoot, 'docs/guides/adopt.md'), 'utf8')
const blocks = guideBlocks(guide)
const [chain, ...walk] = blocks

function clean(): void {
  for (const path of ['deployments/31400.json', 'deployments/31400.journal', 'config/catalogues/harbor.json', 'var/adopt'])
    rmSync(join(projectRoot, path), { recursive: true, force: true })
}

describe('docs/guides/adopt.md', () => {
  let harbor: ChildProcess
  let said: readonly string[] = []
  let code: number | null = null
  let errors = ''

  beforeAll(async () => {
    clean()
    harbor = spawn('sh', ['-c', chain?.code ?? ''], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    await new Promise<void>((resolve, reject) => {
      harbor.stdout?.setEncoding('utf8').on('data', (text: string) => text.includes('JSON-RPC') && resolve())
      harbor.on('close', () => reject(new Error('The chain of the guide ended.')))
    })
    ;({ code, said, errors } = await runBlocks(walk.map((block) => block.code)))
  }, 400_000)

  afterAll(async () => {
    if (harbor.pid !== undefined && harbor.exitCode === null) {
      const ended = once(harbor, 'close')
      process.kill(-harbor.pid, 'SIGINT')
      await ended
    }
    clean()
  })

  test('goes from a foreign protocol to a mirror, then push, then pull', () => {
    const kinds = [...guide.matchAll(/adapter deploy .* --kind (\w+)/g)].map(([, kind]) => kind)
    expect(kinds).toEqual(['mirror', 'push', 'pull'])
    expect(blocks.length).toBeGreaterThan(9)
    expect(blocks.filter(({ printed }) => printed.length > 0).length).toBeGreaterThan(7)
  })

  test('its engines have the numeric fingerprint of all others', () => {
    const fingerprintOf = (file: string): unknown => JSON.parse(readFileSync(join(projectRoot, file), 'utf8')).fingerprint
    for (const file of ['examples/adopt/engine-market.json', 'examples/adopt/engine-collateral.json'])
      expect(fingerprintOf(file), file).toBe(fingerprintOf('config/engines/eth.json'))
  })

  test('every command succeeds, in one run', () => {
    expect(code, errors).toBe(0)
    expect(said.length).toBe(walk.length + 1)
  })

  test.each(walk.map((block, i) => [block.code.trim().split('\n').at(-1) ?? '', block, i] as const))('%s', (_name, block, i) =>
    expectPrinted(block, said[i]),
  )
})
