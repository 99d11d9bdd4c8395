import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { latestRun } from '../../cli/run/latestRun.ts'

/** Lines of all blocks marked `sh`, in order. */
const commands = [...readFileSync(join(projectRoot, 'README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block ?? '').split('\n'))
  .filter((line) => line !== '')
const others = commands.filter((line) => line !== 'npm start' && line !== 'npm test')

type Finished = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly group: number
  readonly out: string
  readonly err: string
}

/** Runs a line of the README in a shell at the project's root. */
function run(line: string, whenSaid?: { readonly text: string; readonly signal: NodeJS.Signals }): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `exec ${line}`], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let out = ''
    let err = ''
    let signalled = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
      if (whenSaid === undefined || signalled || child.pid === undefined || !err.includes(whenSaid.text)) return
      signalled = true
      // As a terminal does: to the whole process group.
      process.kill(-child.pid, whenSaid.signal)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, group: child.pid ?? 0, out, err }))
  })
}

describe('README', () => {
  let started: Finished
  beforeAll(async () => {
    started = await run('npm start', { text: 'Ctrl-C stops everything', signal: 'SIGINT' })
  }, 400_000)

  test('has the two commands and a tour', () => {
    expect(commands).toContain('npm start')
    expect(commands).toContain('npm test')
    expect(others.length).toBeGreaterThan(5)
  })

  test('`npm start` shows the three flags and the explain screen, and stops on Ctrl-C', { timeout: 120_000 }, async () => {
    expect(started.out).toContain('✓ the history verifies from the chain alone')
    expect(started.out).toContain('✓ every round recomputed here has the same bytes')
    expect(started.out).toContain('✓ every value lay inside the rule in force at its time')
    expect(started.out).toContain('Press replay: the largest move')
    // npm ends by the signal itself, before what it started: what counts is that its process group comes to an end, and the engines in order.
    expect(started.signal === 'SIGINT' || started.code === 0).toBe(true)
    await vi.waitFor(() => expect(() => process.kill(-started.group, 0)).toThrow('ESRCH'), { timeout: 60_000, interval: 100 })
    const run = latestRun(projectRoot) ?? ''
    for (const log of ['engine-1.log', 'engine-2.log', 'engine-3.log'])
      expect(readFileSync(join(run, log), 'utf8').trim().split('\n').at(-1)).toContain('engine stopped')
  })

  test.each(others)(
    '%s',
    async (line) => {
      const { code, err, out } = await run(line)
      expect(err).not.toContain('error:')
      expect(code).toBe(0)
      expect(out).not.toBe('')
    },
    120_000,
  )
})
