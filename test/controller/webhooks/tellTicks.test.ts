import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TickSummary } from '../../../controller/engine/EngineContext.ts'
import { createLog } from '../../../controller/log/createLog.ts'
import { openTelling } from '../../../controller/webhooks/openTelling.ts'
import { verifyWebhook, type WebhookEvent } from '../../../webhooks/index.ts'
import { type Receiver, startReceiver } from '../../webhooks/receiver.ts'

const secret = 'ab'.repeat(32)
const engine = '0x00000000000000000000000000000000000000E1'
const summary = (hour: number, outcome: TickSummary['outcome'], detail = ''): TickSummary => ({
  observedAt: hour * 3_600,
  outcome,
  detail,
  round: null,
  decision: null,
  digest: null,
  snapshot: null,
  proposer: false,
  signatures: [],
})

describe('what an engine tells', () => {
  let folder: string
  let receiver: Receiver
  const open = () =>
    openTelling(
      {
        webhooks: [{ name: 'ops', url: receiver.url, events: null }],
        store: { path: join(folder, 'engine.sqlite'), maxMegabytes: null },
        chain: { id: 31_337, deployment: '', confirmations: 1, pollSeconds: 1, maxHeadAgeSeconds: 60 },
      },
      { BALLAST_WEBHOOK_SECRET_OPS: secret },
      engine,
      createLog('silent'),
    )
  const events = (): WebhookEvent[] =>
    receiver.received.map(({ headers, body }) =>
      verifyWebhook({ headers, body, secrets: [Buffer.from(secret, 'hex')], now: Math.floor(Date.now() / 1_000) }),
    )
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-telling-'))
    receiver = await startReceiver()
  })
  afterEach(async () => {
    await receiver.close()
    rmSync(folder, { recursive: true })
  })

  it('missed and halted ticks, and the first accepted one after them, also across a restart; good ones are not told', async () => {
    const first = open()
    first?.tell(['market:ETH', 'asset:ETH'], [summary(1, 'accepted'), summary(1, 'accepted')])
    first?.tell(['market:ETH', 'asset:ETH'], [summary(2, 'missed', 'no quorum'), summary(2, 'accepted')])
    first?.tell(['market:ETH', 'asset:ETH'], [summary(2, 'missed', 'no quorum'), summary(2, 'accepted')])
    await first?.close()
    const second = open()
    second?.tell(['market:ETH', 'asset:ETH'], [summary(3, 'halted', 'lanePaused'), summary(3, 'dryRun')])
    second?.tell(['market:ETH', 'asset:ETH'], [summary(4, 'accepted'), summary(4, 'accepted')])
    second?.tell(['market:ETH', 'asset:ETH'], [summary(5, 'accepted'), summary(5, 'accepted')])
    await vi.waitFor(() => expect(new Set(events().map(({ id }) => id)).size).toBe(3), { timeout: 10_000 })
    await second?.close()
    const told = [...new Map(events().map((event) => [event.id, event])).values()]
    expect(told.map(({ type, time, data }) => [type, time, data['scope'], data['detail']])).toEqual([
      ['engine.missed', 7_200, 'market:ETH', 'no quorum'],
      ['engine.halted', 10_800, 'market:ETH', 'lanePaused'],
      ['engine.recovered', 14_400, 'market:ETH', ''],
    ])
    expect(told[0]).toMatchObject({ chain: 'eip155:31337', block: null, data: { engine } })
  })

  it('nothing is opened without an endpoint', () => {
    const config = { webhooks: [], store: { path: join(folder, 'none', 'engine.sqlite'), maxMegabytes: null } }
    expect(openTelling(config as never, {}, engine, createLog('silent'))).toBeNull()
  })
})
