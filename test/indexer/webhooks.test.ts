import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Entity,
  itemEntity,
  laneChangeEntity,
  laneEntity,
  looseningEntity,
  parameterChangeEntity,
  proposalEntity,
  roleChangeEntity,
  roundEntity,
  ruleChangeEntity,
} from '../../indexer/entities/index.ts'
import { collectEvents } from '../../indexer/webhooks/collectEvents.ts'
import { type Outbox, openOutbox, type WebhookEvent, webhookEventSchema } from '../../webhooks/index.ts'
import { type Activity, startActivity } from './support/activity.ts'
import { openTestIndex, type TestIndex } from './support/openTestIndex.ts'
import { createRandom } from './support/random.ts'

const endpoints = [{ name: 'ops', events: null }]

/** What a receiver believes: every event, without those that a reorganisation voided. */
class Receiver {
  events: WebhookEvent[] = []
  readonly #seen = new Set<string>()
  take(event: WebhookEvent): void {
    expect(this.#seen.has(event.id), event.id).toBe(false)
    this.#seen.add(event.id)
    if (event.type !== 'chain.reorganised') this.events.push(event)
    else this.events = this.events.filter(({ block }) => block === null || block <= Number(event.data['to']))
  }
  count(type: WebhookEvent['type']): number {
    return this.events.filter((event) => event.type === type).length
  }
}

describe('collectEvents: what the index tells', () => {
  let activity: Activity
  let folder: string
  let outbox: Outbox
  let index: TestIndex
  let receiver: Receiver
  const collect = (confirmations = 0): number => {
    const count = collectEvents({ index: index.indexer.index, outbox, endpoints, confirmations })
    for (const delivery of outbox.due('ops', 1, 10_000)) {
      receiver.take(webhookEventSchema.parse(JSON.parse(delivery.body)))
      outbox.delivered(delivery)
    }
    return count
  }
  const rows = (entity: Entity): number => index.indexer.index.rows.count(entity, {})
  const steps = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await activity.step()
    await index.sync()
  }
  const perRow = {
    'parameter.changed': parameterChangeEntity,
    'rule.changed': ruleChangeEntity,
    'round.accepted': roundEntity,
    'lane.changed': laneChangeEntity,
    'role.changed': roleChangeEntity,
    'proposal.created': proposalEntity,
    'loosening.pending': looseningEntity,
  } as const
  const totals = () => ({
    ...Object.fromEntries(Object.entries(perRow).map(([type, entity]) => [type, rows(entity)])),
    'item.rejected': index.indexer.index.rows.count(itemEntity, { kind: 'rejected' }),
    'loosening.executed': index.indexer.index.rows.count(looseningEntity, { status: 'executed' }),
    'loosening.vetoed': index.indexer.index.rows.count(looseningEntity, { status: 'vetoed' }),
    'proposal.executed': index.indexer.index.rows.count(proposalEntity, { state: 'executed' }),
  })
  const told = (): Record<string, number> =>
    Object.fromEntries(Object.keys(totals()).map((type) => [type, receiver.count(type as WebhookEvent['type'])]))

  beforeAll(async () => {
    activity = await startActivity(createRandom(23))
  })
  afterAll(() => activity.local.close())
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-collect-'))
    outbox = openOutbox(join(folder, 'outbox.sqlite'))
    index = openTestIndex(activity.local.client, activity.deployment)
    receiver = new Receiver()
  })
  afterEach(() => {
    outbox.close()
    index.indexer.close()
    rmSync(folder, { recursive: true })
  })

  it('takes a history as it is, then tells every row once, whatever the pace', { timeout: 60_000 }, async () => {
    await steps(60)
    expect(collect()).toBe(0)
    const before = totals()
    for (const count of [1, 2, 40, 1, 80, 120]) {
      await steps(count)
      collect()
      expect(collect()).toBe(0)
    }
    const after = totals() as Record<string, number>
    expect(told()).toEqual(Object.fromEntries(Object.entries(before).map(([type, n]) => [type, (after[type] ?? 0) - n])))
    for (const type of [
      'parameter.changed',
      'round.accepted',
      'item.rejected',
      'loosening.pending',
      'loosening.executed',
      'proposal.created',
    ] as const)
      expect(receiver.count(type), type).toBeGreaterThan(0)
    expect(receiver.events.find(({ type }) => type === 'parameter.changed')).toMatchObject({
      chain: 'eip155:31337',
      transaction: expect.stringMatching(/^0x/),
      data: {
        scope: expect.stringMatching(/^market:/),
        parameter: expect.any(String),
        value: expect.any(Number),
        writer: expect.any(String),
      },
    })
  })

  it('a reorganisation: what was taken back is void, what happened again is told anew, and the receiver ends with the chain', {
    timeout: 60_000,
  }, async () => {
    collect()
    await index.sync()
    expect(collect()).toBe(0)
    const base = totals() as Record<string, number>
    for (let round = 0; round < 4; round++) {
      await steps(15)
      collect()
      const snapshot = await activity.local.snapshot()
      await steps(20)
      collect()
      await activity.local.revert(snapshot)
      activity.forget()
      await steps(30)
      collect()
      const now = totals() as Record<string, number>
      expect(told()).toEqual(Object.fromEntries(Object.entries(now).map(([type, n]) => [type, n - (base[type] ?? 0)])))
    }
  })

  it('tells nothing of blocks that are not deep enough, and all of it later', async () => {
    await steps(1)
    collect()
    const before = rows(parameterChangeEntity) + rows(roundEntity) + rows(proposalEntity)
    await steps(25)
    const happened = rows(parameterChangeEntity) + rows(roundEntity) + rows(proposalEntity) - before
    expect(happened).toBeGreaterThan(0)
    expect(collect(1_000)).toBe(0)
    for (let i = 0; i < 5; i++) await activity.local.mine()
    await index.sync()
    collect(5)
    expect(receiver.count('parameter.changed') + receiver.count('round.accepted') + receiver.count('proposal.created')).toBe(happened)
  })

  it('tells that a mandate expires, once at each stage', async () => {
    await index.sync()
    collect()
    const time = await activity.local.time()
    const snapshot = await activity.local.snapshot()
    const ends = index.indexer.index.rows.find(laneEntity, {}).map(({ scope, settings }) => ({ scope, expiresAt: settings.expiresAt }))
    const day = 86_400
    const instants = ends.flatMap(({ expiresAt }) => [-22 * day, -21 * day, -day, 0, day].map((offset) => expiresAt + offset))
    for (const at of instants.filter((each) => each > time).sort((a, b) => a - b)) {
      await activity.local.mine(at)
      await index.sync()
      collect()
    }
    await activity.local.revert(snapshot)
    const expiries = receiver.events.filter(({ type }) => type.startsWith('mandate.'))
    expect(expiries).toHaveLength(4)
    for (const { scope, expiresAt } of ends) {
      expect(expiries).toContainEqual(
        expect.objectContaining({ type: 'mandate.expiring', time: expiresAt - 21 * day, data: { scope, expiresAt } }),
      )
      expect(expiries).toContainEqual(expect.objectContaining({ type: 'mandate.expired', time: expiresAt, data: { scope, expiresAt } }))
    }
  })
})
