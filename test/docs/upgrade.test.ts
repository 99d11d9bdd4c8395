import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { describeProgram } from '../../cli/kit/describeProgram.ts'
import type { Terminal } from '../../cli/kit/Terminal.ts'
import { buildProgram } from '../../cli/program.ts'
import { expectPrinted, guideBlocks, runBlocks } from './support/guideBlocks.ts'

const guide = readFileSync(join(projectRoot, 'docs/guides/upgrade.md'), 'utf8')
const here = (code: string): string =>
  code.replaceAll('node tools/bootstrap.mjs', process.execPath).replaceAll('bin/ballast', `${process.execPath} cli/main.ts`)
const lasting = (info: string): string => here(new RegExp(`\`\`\`sh ${info}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '')
const walk = guideBlocks(guide)
/** A command that goes on running; resolves when it says that Ctrl-C stops it. */
async function start(command: string): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', command], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('Ctrl-C stops')) resolve()
      })
    child.on('close', () => reject(new Error(said)))
  })
  return child
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null) return
  const ended = once(child, 'close')
  process.kill(-child.pid, 'SIGINT')
  await ended
}

describe('docs/guides/upgrade.md', () => {
  test('links files that exist', () => {
    const links = [...guide.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path = '']) => path)
    expect(links.filter((path) => !existsSync(join(projectRoot, 'docs/guides', path)))).toEqual([])
  })

  test('names commands and options that there are', () => {
    const known = describeProgram(buildProgram({ environment: {} } as Terminal))
    const lines = [...guide.matchAll(/bin\/ballast ([^\n|`]+)/g)].map(([, line = '']) => line)
    expect(lines.length).toBeGreaterThan(12)
    for (const line of lines) {
      const found = known.find(({ path }) => `ballast ${line} `.startsWith(`${path} `))
      expect(found, line).toBeDefined()
      const options = found?.options.map(({ flags }) => flags.split(' ')[0])
      for (const [option] of line.replaceAll(/"[^"]*"/g, '').matchAll(/--[a-z-]+/g))
        if (option !== '--json') expect(options, line).toContain(option)
    }
  })
})

// Every word of a copy of a copy is fetched twice: 150 s of processor time, five to ten minutes on a busy machine of two cores. So only in the deep tier.
describe.runIf(process.env['BALLAST_TEST_TIER'] === 'deep')(
  'docs/guides/upgrade.md: a hand-over, rehearsed on a copy of a chain with a history',
  () => {
    let chain: ChildProcess | undefined
    let copy: ChildProcess | undefined
    let said: readonly string[] = []
    let code: number | null = null
    let errors = ''

    beforeAll(async () => {
      rmSync(join(projectRoot, 'var/upgrade'), { recursive: true, force: true })
      chain = await start(lasting('chain'))
      copy = await start(lasting('copy'))
      ;({ code, said, errors } = await runBlocks(walk.map((block) => here(block.code))))
    }, 1_200_000)

    afterAll(async () => {
      await stop(copy)
      await stop(chain)
      rmSync(join(projectRoot, 'var/upgrade'), { recursive: true, force: true })
    })

    test('every command succeeds, in one run', () => {
      expect(code, errors).toBe(0)
      expect(said.length).toBe(walk.length + 1)
      expect(walk.filter(({ printed }) => printed.length > 0).length).toBeGreaterThan(2)
    })

    test.each(walk.map((block, i) => [block.code.trim().split('\n').at(-1) ?? '', block, i] as const))('%s', (_name, block, i) =>
      expectPrinted(block, said[i]),
    )

    test('the engines worked before the hand-over and after it, and every round was accepted', () => {
      const hours = said.flatMap((text) => text.split('\n')).filter((line) => /^\d{4}-\d\d-\d\dT\d\d:00 {2}/.test(line))
      expect(hours).toHaveLength(5)
      for (const line of hours) expect(line).toMatch(/ {2}accepted, \w+ \| accepted, \w+$/)
    })

    test('nothing was sent to the chain that was copied: its addresses hold another chain id, and the successor is not there', async () => {
      const url = /--rpc (\S+)/.exec(lasting('copy'))?.[1] ?? ''
      const { contracts } = JSON.parse(readFileSync(join(projectRoot, 'var/upgrade/successor/31337.json'), 'utf8'))
      const ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
        return ((await (await fetch(url, { method: 'POST', body })).json()) as { result: unknown }).result
      }
      expect(await ask('eth_chainId', [])).toBe('0x7aa9')
      expect(await ask('eth_getCode', [contracts.riskParameters, 'latest'])).toBe('0x')
    })
  },
)
