import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { parameterChangeEntity, proposalEntity, roundEntity } from '../../indexer/entities/index.ts'
import { verifyWebhook } from '../../webhooks/index.ts'
import { runCli } from '../cli/runCli.ts'
import { type Receiver, startReceiver } from '../webhooks/receiver.ts'
import { type Activity, startActivity } from './support/activity.ts'
import { openTestIndex } from './support/openTestIndex.ts'
import { createRandom } from './support/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'ballast-webhooks-serve-'))
const secret = '5a'.repeat(32)
let activity: Activity
let receiver: Receiver
let args: string[]
beforeAll(async () => {
  activity = await startActivity(createRandom(31), 0)
  receiver = await startReceiver()
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(activity.deployment))
  const endpoints = [{ name: 'ops', url: receiver.url, events: ['parameter.changed', 'round.accepted', 'proposal.created'] }]
  writeFileSync(join(folder, 'webhooks.json'), JSON.stringify({ schema: 'ballast.webhooks', version: 1, confirmations: 0, endpoints }))
  args = [
    'index',
    'serve',
    '--rpc',
    activity.local.url ?? '',
    '--deployment',
    join(folder, 'deployment.json'),
    '--file',
    join(folder, 'index.sqlite'),
  ]
  args.push('--port', '0', '--webhooks', join(folder, 'webhooks.json'))
}, 60_000)
afterAll(async () => {
  await receiver.close()
  await activity.local.close()
  rmSync(folder, { recursive: true })
})

/** `ballast index serve` as a process; resolves when it has seen the chain once. */
async function serve(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['cli/main.ts', ...args], {
    cwd: projectRoot,
    env: { ...process.env, BALLAST_WEBHOOK_SECRET_OPS: secret },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const url = await vi.waitFor(
    () => {
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(said)?.[1]
      if (found === undefined) throw new Error(said)
      return found
    },
    { timeout: 30_000 },
  )
  await vi.waitFor(async () => expect((await fetch(`${url}/ready`)).status).toBe(200), { timeout: 30_000, interval: 50 })
  return child
}

it('`index serve --webhooks`, killed again and again, tells every event, each under one id', { timeout: 120_000 }, async () => {
  const own = openTestIndex(activity.local.client, activity.deployment)
  await own.sync()
  const count = (): number =>
    [parameterChangeEntity, roundEntity, proposalEntity].reduce((sum, entity) => sum + own.indexer.index.rows.count(entity, {}), 0)
  const before = count()
  const ids = (): Set<string> =>
    new Set(
      receiver.received.map(
        ({ headers, body }) =>
          verifyWebhook({ headers, body, secrets: [Buffer.from(secret, 'hex')], now: Math.floor(Date.now() / 1_000) }).id,
      ),
    )
  for (let kill = 0; kill < 2; kill++) {
    const child = await serve()
    for (let i = 0; i < 15; i++) await activity.step()
    child.kill('SIGKILL')
    await once(child, 'close')
    for (let i = 0; i < 5; i++) await activity.step()
  }
  const last = await serve()
  await own.sync()
  expect(count()).toBeGreaterThan(before)
  await vi.waitFor(() => expect(ids().size).toBe(count() - before), { timeout: 20_000 })
  last.kill('SIGINT')
  expect((await once(last, 'close'))[0]).toBe(0)
  own.indexer.close()
})

it.each([
  ['no secret', {}, undefined, /BALLAST_WEBHOOK_SECRET_OPS is not set/],
  ['a URL that is not encrypted', { BALLAST_WEBHOOK_SECRET_OPS: secret }, 'http://ops.example/', /https, or http on this machine/],
  ['an unknown type', { BALLAST_WEBHOOK_SECRET_OPS: secret }, null, /endpoints\.0\.events\.0/],
])('refuses settings with %s, before it starts', async (_, environment, url, words) => {
  const file = join(folder, 'other.json')
  const endpoint = url === null ? { name: 'ops', url: receiver.url, events: ['all'] } : { name: 'ops', url: url ?? receiver.url }
  writeFileSync(file, JSON.stringify({ schema: 'ballast.webhooks', version: 1, endpoints: [endpoint] }))
  const { code, err } = await runCli([...args.slice(0, -1), file], { environment })
  expect(code).toBe(3)
  expect(err).toMatch(words)
})
