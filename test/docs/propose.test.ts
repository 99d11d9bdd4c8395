import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'

const guide = readFileSync(join(projectRoot, 'docs/guides/propose.md'), 'utf8')
const block = (info: string): string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${info}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '')

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

describe('docs/guides/propose.md', () => {
  let chain: ChildProcess
  let folder: string
  let here: (text: string) => string
  let started: number
  beforeAll(async () => {
    started = performance.now()
    folder = mkdtempSync(join(tmpdir(), 'ballast-propose-'))
    const port = await freePort()
    here = (text) => text.replaceAll('var/tour', folder).replaceAll('8545', String(port))
    const command = here(block('sh start')[0] ?? '').replace('npm start --', `${process.execPath} cli/start.ts`)
    chain = spawn('sh', ['-c', `exec ${command}`], { cwd: projectRoot, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    await new Promise<void>((resolve, reject) => {
      let said = ''
      chain.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('Ctrl-C stops everything')) resolve()
      })
      chain.on('close', () => reject(new Error(said)))
    })
  }, 300_000)
  afterAll(() => {
    if (chain.pid !== undefined) process.kill(-chain.pid, 'SIGINT')
    rmSync(folder, { recursive: true, force: true })
  })

  test('from an empty file to an executed proposal, block by block, in under five minutes', { timeout: 300_000 }, async () => {
    const script = block('sh').map(here).join('\n').replaceAll('bin/ballast', `${process.execPath} cli/main.ts`)
    const { code, out, err } = await new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const shell = spawn('sh', ['-e', '-c', script], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] })
      const said = { out: '', err: '' }
      shell.stdout.setEncoding('utf8').on('data', (text: string) => {
        said.out += text
      })
      shell.stderr.setEncoding('utf8').on('data', (text: string) => {
        said.err += text
      })
      shell.on('close', (code) => resolve({ code, ...said }))
    })
    expect(err).not.toContain('error:')
    expect(code).toBe(0)
    expect(out).toContain('✓ executed')
    expect(out).toMatch(/margin\.priceScanRange.*market:ETH|market:ETH.*margin\.priceScanRange/)
    expect(out).toContain('24 %')
    expect((performance.now() - started) / 1000).toBeLessThan(300)
  })
})
