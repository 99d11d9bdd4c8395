import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bringNode, cloneProject, type Started, startCommand } from '../../tools/setup-drill.ts'

const root = join(import.meta.dirname, '../..')
const deep = process.env['BALLAST_TEST_TIER'] === 'deep'
if (!deep) console.log('set-up drill: only in the deep tier (npm run test:deep), because it installs everything several times')

const minutes = (count: number): number => count * 60_000
const unreachable = { npm_config_registry: 'http://127.0.0.1:9/' }

describe.runIf(deep)('set-up on a fresh machine', () => {
  let temporary: string
  let old: string
  let fresh: string
  const bootstrap = (node: string, folder: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Started =>
    startCommand(node, folder, [node, 'tools/bootstrap.mjs', 'test/setup/probe.ts', ...args], env)

  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'ballast-drill-'))
    old = bringNode(join(temporary, 'node-20'), '20')
    fresh = join(temporary, 'a folder with spaces', 'ballast')
    cloneProject(root, fresh, false)
  }, minutes(2))
  afterAll(() => rmSync(temporary, { recursive: true, force: true }), minutes(5))

  describe('given Node 20, a production environment, ignored scripts and spaces in the path', () => {
    it('installs a Node, the packages and the build, and keeps stdout for the script', { timeout: minutes(6) }, async () => {
      const env = { NODE_ENV: 'production', npm_config_ignore_scripts: 'true', npm_config_omit: 'dev' }
      const { code, stdout, stderr } = await bootstrap(old, fresh, ['a b', '--c'], env).ended
      expect(stderr).toMatch(/installing Node 26.*installing packages.*building the contracts/s)
      expect(JSON.parse(stdout)).toEqual({ version: expect.stringMatching(/^v26\./), args: ['a b', '--c'] })
      expect(code).toBe(0)
    })

    it('starts again within two seconds, without a network and without a word', async () => {
      const env = { ...unreachable, npm_config_offline: 'true', npm_config_cache: join(temporary, 'no-cache') }
      const { code, stderr, seconds } = await bootstrap(old, fresh, [], env).ended
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(seconds).toBeLessThan(2)
    })

    it('passes on the exit code', async () => {
      expect((await bootstrap(old, fresh, ['exit', '7']).ended).code).toBe(7)
    })

    it.each([
      ['SIGTERM', 42],
      ['SIGINT', 43],
    ] as const)('passes on %s', async (signal, expected) => {
      const started = bootstrap(old, fresh, ['wait'])
      await started.says('version')
      started.child.kill(signal)
      expect((await started.ended).code).toBe(expected)
    })

    it('shows the right spelling of options that npm swallowed', async () => {
      const { code, stderr } = await startCommand(old, fresh, ['npm', 'start', '--once', '--json']).ended
      expect(stderr).toContain('npm start --silent -- --once --json')
      expect(code).toBe(2)
    })

    it('runs the command line through a link from another folder', async () => {
      const link = join(temporary, 'ballast')
      symlinkSync(join(fresh, 'bin/ballast'), link)
      const { code, stdout } = await startCommand(old, temporary, [link, '--help']).ended
      expect(stdout).toContain('Usage: ballast')
      expect(code).toBe(0)
    })
  })

  it.each(['22.12', '24'])('uses Node %s itself, without installing again', { timeout: minutes(2) }, async (range) => {
    const node = bringNode(join(temporary, `node-${range}`), range)
    const { code, stdout, stderr } = await bootstrap(node, fresh).ended
    expect({ code, stderr, version: JSON.parse(stdout).version }).toEqual({
      code: 0,
      stderr: '',
      version: expect.stringContaining(`v${range}.`),
    })
    const tests = await startCommand(node, fresh, [node, 'tools/bootstrap.mjs', 'tools/test.ts', 'test/setup/bootstrapLib']).ended
    expect(tests.stdout).toMatch(/\n\d+ passed, 0 failed\n$/)
  })

  it.each(['start alone', 'start with its npm'])('recovers when a %s is killed in the middle', { timeout: minutes(4) }, async (victim) => {
    const folder = join(temporary, `killed ${victim}`)
    cloneProject(root, folder, true)
    const killed = bootstrap(process.execPath, folder)
    await killed.says('installing packages')
    await sleep(4_000)
    process.kill(victim === 'start alone' ? (killed.child.pid ?? 0) : -(killed.child.pid ?? 0), 'SIGKILL')
    const { code, stderr } = await bootstrap(process.execPath, folder).ended
    expect(stderr).toContain(victim === 'start alone' ? 'waiting for another installation' : 'installing packages')
    expect(code).toBe(0)
    const tests = await startCommand(process.execPath, folder, ['npm', 'test', '--silent', '--', 'test/setup/bootstrapLib']).ended
    expect(tests.stdout).toMatch(/\n\d+ passed, 0 failed\n$/)
  })

  it('lets two starts at once install once', { timeout: minutes(4) }, async () => {
    const folder = join(temporary, 'twice')
    cloneProject(root, folder, true)
    const both = await Promise.all([1, 2].map(() => bootstrap(process.execPath, folder).ended))
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.filter(({ stderr }) => stderr.includes('installing packages'))).toHaveLength(1)
  })

  describe('given the registry cannot be reached and the cache is empty', () => {
    const expectClearError = async (registry: string): Promise<void> => {
      const folder = join(temporary, 'unreachable')
      rmSync(folder, { recursive: true, force: true })
      cloneProject(root, folder, true)
      for (const node of [old, process.execPath]) {
        const env = { npm_config_registry: registry, npm_config_cache: join(temporary, 'empty-cache') }
        const { code, stderr, seconds } = await bootstrap(node, folder, [], env).ended
        expect(stderr).toContain('npm cannot reach its registry')
        expect(code).toBe(5)
        expect(seconds).toBeLessThan(20)
      }
    }

    it('says so when it refuses the connection', () => expectClearError(unreachable.npm_config_registry))

    it('says so when it never answers', async () => {
      const silent = createServer(() => undefined).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const { port } = silent.address() as AddressInfo
      await expectClearError(`http://127.0.0.1:${port}/`)
      silent.close()
    })
  })
})
