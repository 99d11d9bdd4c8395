import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIndexClient } from '../../chain/index-client/index.ts'
import { runCli } from '../cli/runCli.ts'
import { deep } from '../risk/support/propertyRuns.ts'
import { type Activity, startActivity } from './support/activity.ts'
import { allRows, openTestIndex } from './support/openTestIndex.ts'
import { createRandom } from './support/random.ts'

const KILLS = deep ? 20 : 2
const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'ballast-index-'))
const path = join(folder, 'index.sqlite')
const deploymentFile = join(folder, 'deployment.json')
const children: ChildProcess[] = []
let activity: Activity
let chain: readonly string[]

beforeAll(async () => {
  activity = await startActivity(createRandom(23), 0)
  writeFileSync(deploymentFile, JSON.stringify(activity.deployment))
  chain = ['--rpc', activity.local.url ?? '', '--deployment', deploymentFile]
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await activity.local.close()
  rmSync(folder, { recursive: true })
})

type Service = { readonly child: ChildProcess; readonly url: string; readonly says: () => string; readonly ended: Promise<number | null> }

/** `ballast index serve` as a process of its own, once it listens. */
async function startService(): Promise<Service> {
  const child = spawn(process.execPath, ['cli/main.ts', 'index', 'serve', ...chain, '--file', path, '--port', '0', '--verbose'], {
    cwd: root,
  })
  children.push(child)
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  for (;;) {
    const url = /(http:\/\/[^/\s]+)\/graphql/.exec(text)?.[1]
    if (url !== undefined) return { child, url, says: () => text, ended }
    if (child.exitCode !== null) throw new Error(`ended without listening:\n${text}`)
    await sleep(20)
  }
}

async function untilReady({ url, says }: Service): Promise<void> {
  const head = Number((await activity.local.client.getBlock()).number)
  for (;;) {
    const { ready, block } = await createIndexClient(url).status()
    if (ready && block === head) return
    if (says().includes('error:')) throw new Error(says())
    await sleep(50)
  }
}

describe('ballast index serve', () => {
  it(`killed ${KILLS} times while the chain goes on, loses nothing and repeats nothing`, { timeout: 300_000 }, async () => {
    const random = createRandom(29)
    for (let kill = 0; kill < KILLS; kill++) {
      for (let i = 0; i < 15; i++) await activity.step()
      const service = await startService()
      const until = performance.now() + random.below(400)
      while (performance.now() < until) await activity.step()
      service.child.kill('SIGKILL')
      await service.ended
    }
    const service = await startService()
    await untilReady(service)
    const verified = await runCli(['index', 'verify', '--url', service.url, ...chain])
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('0 differ') })
    const status = await runCli(['index', 'status', '--json'], { environment: { INDEX_URL: service.url } })
    expect(JSON.parse(status.out)).toMatchObject({ schema: 'ballast.indexStatus', ready: true, rebuilds: 0, chain: 'eip155:31337' })

    const where = ['scope=market:ETH', 'writer=governance']
    const page = await runCli(['index', 'list', 'parameterChanges', '--url', service.url, '--first', '2', '--json', '--where', ...where])
    const { rows, next } = JSON.parse(page.out) as { readonly rows: readonly { readonly writer: string }[]; readonly next: string }
    expect(rows.map(({ writer }) => writer)).toEqual(['governance', 'governance'])
    expect(page.err).toContain(`More with --after ${next}`)
    expect((await runCli(['index', 'list', 'colours', '--url', service.url])).code).toBe(2)
    expect((await runCli(['index', 'list', 'votes', '--url', service.url, '--where', 'voter'])).code).toBe(2)

    service.child.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    const kept = openTestIndex(activity.local.client, activity.deployment, { path })
    const fresh = openTestIndex(activity.local.client, activity.deployment)
    await fresh.sync()
    expect(allRows(kept)).toEqual(allRows(fresh))
    kept.indexer.close()
  })

  it('shows what differs when the index is wrong, and ends with code 7', async () => {
    const wrong = openTestIndex(activity.local.client, activity.deployment, { path })
    await wrong.sync()
    const parameter = wrong.indexer.index.file.prepare('SELECT scope, parameter, value FROM Parameter LIMIT 1').get() as {
      readonly parameter: string
    }
    wrong.indexer.index.file.database.exec('UPDATE Parameter SET value = value + 1 WHERE position = (SELECT min(position) FROM Parameter)')
    wrong.indexer.close()
    const service = await startService()
    await untilReady(service)
    const { code, out } = await runCli(['index', 'verify', '--url', service.url, ...chain])
    expect(code).toBe(7)
    expect(out).toContain(parameter.parameter)
    expect(out).toContain('1 differ')
    service.child.kill('SIGTERM')
    await service.ended
  })

  it('says so when there is no index at the address', async () => {
    const { code, err } = await runCli(['index', 'status', '--url', 'http://127.0.0.1:9'])
    expect(code).toBe(5)
    expect(err).toContain('The index at 127.0.0.1:9 did not answer')
  })
})
