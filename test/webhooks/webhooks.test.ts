import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  assertWebhookUrl,
  createDeliverer,
  type Outbox,
  openOutbox,
  parseWebhooks,
  signWebhook,
  type VerifyOptions,
  verifyWebhook,
  type WebhookEndpoint,
  type WebhookEvent,
  webhookHeaders,
} from '../../webhooks/index.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const secret = (byte: number): Buffer => Buffer.alloc(32, byte)
const event = (id: string, more: Partial<WebhookEvent> = {}): WebhookEvent => ({
  schema: 'ballast.event',
  version: 1,
  id,
  type: 'round.accepted',
  chain: 'eip155:1',
  time: 1_000,
  block: 7,
  transaction: `0x${'ab'.repeat(32)}`,
  data: { scope: 'market:ETH', round: 3 },
  ...more,
})
const NOW = 1_700_000_000

describe('verifyWebhook', () => {
  const body = JSON.stringify(event('e1'))
  const delivery = (more: Partial<VerifyOptions> = {}, signed = signWebhook([secret(1)], 'e1', NOW, body)): (() => WebhookEvent) => {
    return () => verifyWebhook({ headers: signed, body, secrets: [secret(1)], now: NOW, ...more })
  }

  it('gives the event of a good delivery', () => expect(delivery()()).toEqual(event('e1')))

  it.each<[string, () => WebhookEvent, string]>([
    ['another secret', delivery({ secrets: [secret(2)] }), 'signature'],
    ['a changed body', delivery({ body: body.replace('"round":3', '"round":4') }), 'signature'],
    [
      'a changed timestamp',
      delivery({}, { ...signWebhook([secret(1)], 'e1', NOW, body), [webhookHeaders.timestamp]: String(NOW + 1) }),
      'signature',
    ],
    ['the signature of another id', delivery({}, { ...signWebhook([secret(1)], 'e2', NOW, body), [webhookHeaders.id]: 'e1' }), 'signature'],
    ['a body of another id', delivery({}, signWebhook([secret(1)], 'e2', NOW, body)), 'body'],
    ['no signature', delivery({}, { ...signWebhook([secret(1)], 'e1', NOW, body), [webhookHeaders.signature]: 'v0=aa' }), 'signature'],
    ['a missing header', delivery({}, { [webhookHeaders.id]: 'e1' }), 'headers'],
    ['a replay after the window', delivery({ now: NOW + 301 }), 'clock'],
    ['a timestamp of the future', delivery({ now: NOW - 301 }), 'clock'],
    ['a replay inside the window', delivery({ alreadySeen: (id) => id === 'e1' }), 'repeated'],
  ])('refuses %s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ name: 'WebhookRefusedError', context: expect.objectContaining({ code }) }))
  })

  it('refuses a signed body that is no event', () => {
    const other = JSON.stringify({ id: 'e1' })
    expect(() =>
      verifyWebhook({ headers: signWebhook([secret(1)], 'e1', NOW, other), body: other, secrets: [secret(1)], now: NOW }),
    ).toThrow(/no event of version 1/)
  })

  it('rotation: sender and receiver change secrets at different times, and no delivery is lost', () => {
    for (const sender of [[secret(1)], [secret(2), secret(1)], [secret(2)]])
      for (const receiver of [
        [secret(1), secret(2)],
        [secret(2), secret(1)],
      ])
        expect(delivery({ secrets: receiver }, signWebhook(sender, 'e1', NOW, body))()).toEqual(event('e1'))
    expect(delivery({ secrets: [secret(1)] }, signWebhook([secret(2), secret(1)], 'e1', NOW, body))()).toEqual(event('e1'))
    expect(delivery({ secrets: [secret(2)] }, signWebhook([secret(1)], 'e1', NOW, body))).toThrow(/no signature/)
  })
})

describe('settings', () => {
  it.each(['https://ops.example/hook', 'http://127.0.0.1:9/x', 'http://localhost/x', 'http://[::1]:1/'])('%s is allowed', (url) =>
    expect(() => assertWebhookUrl(url)).not.toThrow(),
  )
  it.each([
    ['http://ops.example/hook', /https, or http on this machine/],
    ['http://127.0.0.1.example.com/', /https, or http on this machine/],
    ['ftp://ops.example/', /https/],
    ['https://user:pass@ops.example/', /without user and password/],
    ['https://ops.example/#part', /fragment/],
    ['ops.example', /an https URL/],
  ])('%s is refused', (url, words) => expect(() => assertWebhookUrl(url)).toThrow(words))

  const endpoint = { name: 'ops-room', url: 'https://ops.example/hook', events: null }
  const hex = (byte: number): string => secret(byte).toString('hex')
  it('reads one secret, or two while they are changed', () => {
    expect(parseWebhooks([endpoint], { BALLAST_WEBHOOK_SECRET_OPS_ROOM: hex(1) })[0]?.secrets).toEqual([secret(1)])
    expect(parseWebhooks([endpoint], { BALLAST_WEBHOOK_SECRET_OPS_ROOM: `${hex(2)}, ${hex(1)}` })[0]?.secrets).toEqual([
      secret(2),
      secret(1),
    ])
  })
  it.each([
    ['no secret', undefined, /BALLAST_WEBHOOK_SECRET_OPS_ROOM is not set/],
    ['a short secret', 'abcd', /is something else; it must be 32 bytes as hex/],
    ['three secrets', [hex(1), hex(2), hex(3)].join(), /is 3 secrets/],
  ])('refuses %s, without showing it', (_, text, words) => {
    expect(() => parseWebhooks([endpoint], { BALLAST_WEBHOOK_SECRET_OPS_ROOM: text })).toThrow(words)
    if (text !== undefined)
      expect(() => parseWebhooks([endpoint], { BALLAST_WEBHOOK_SECRET_OPS_ROOM: text })).not.toThrow(new RegExp(text.slice(0, 64)))
  })
  it('refuses a name that is there twice', () =>
    expect(() => parseWebhooks([endpoint, endpoint], { BALLAST_WEBHOOK_SECRET_OPS_ROOM: hex(1) })).toThrow(/ops-room is there twice/))
})

describe('delivery', () => {
  let folder: string
  let path: string
  let receiver: Receiver
  let outbox: Outbox
  let now: number
  let endpoints: WebhookEndpoint[]
  const failures: { event: string; why: string; nextAt: number | null }[] = []
  const deliverer = (retry = {}) => createDeliverer({ outbox, endpoints, now: () => now, onFailure: (each) => failures.push(each), retry })
  const pass = (retry = {}): Promise<number> => deliverer(retry).pass(new AbortController().signal)
  const ids = (): unknown[] => receiver.received.map(({ headers }) => headers[webhookHeaders.id])
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-webhooks-'))
    path = join(folder, 'outbox.sqlite')
    receiver = await startReceiver()
    outbox = openOutbox(path)
    now = NOW
    failures.length = 0
    endpoints = [{ name: 'ops', url: receiver.url, events: null, secrets: [secret(1)] }]
  })
  afterEach(async () => {
    outbox.close()
    await receiver.close()
    rmSync(folder, { recursive: true })
  })

  it('sends what receivers can verify, in order, once', async () => {
    expect(['a', 'b', 'a'].map((id) => outbox.add(event(id), endpoints))).toEqual([true, true, false])
    expect(await pass()).toBe(2)
    expect(await pass()).toBe(0)
    expect(ids()).toEqual(['a', 'b'])
    for (const { headers, body } of receiver.received)
      expect(verifyWebhook({ headers, body, secrets: [secret(1)], now }).data).toEqual(event('a').data)
  })

  it('sends each endpoint the types it wants', async () => {
    endpoints = [{ ...(endpoints[0] as WebhookEndpoint), events: ['proposal.created'] }]
    outbox.add(event('a'), endpoints)
    outbox.add(event('b', { type: 'proposal.created' }), endpoints)
    await pass()
    expect(ids()).toEqual(['b'])
  })

  it.each([
    ['an error', 500, 'status 500'],
    ['a redirection, which is not followed', 302, 'unexpected redirect'],
  ] as const)('retries after %s, with pauses that double, signed anew, and does not hold up later events', async (_, status, why) => {
    receiver.answer = status
    outbox.add(event('a'), endpoints)
    expect(await pass()).toBe(0)
    expect(failures).toEqual([{ endpoint: 'ops', event: 'a', why, nextAt: NOW + 10 }])
    now += 9
    outbox.add(event('b'), endpoints)
    await pass()
    expect(ids()).toEqual(['a', 'b'])
    now += 1
    await pass()
    expect(failures.at(-1)).toMatchObject({ event: 'a', nextAt: NOW + 10 + 20 })
    receiver.answer = 200
    now += 20
    expect(await pass()).toBe(2)
    const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' }
    expect(verifyWebhook({ headers, body, secrets: [secret(1)], now }).id).toMatch(/[ab]/)
    expect(outbox.counts()).toEqual([{ endpoint: 'ops', waiting: 0, givenUp: 0 }])
  })

  it('gives an event up after its attempts, keeps it, and says so', async () => {
    receiver.answer = 503
    outbox.add(event('a'), endpoints)
    for (let i = 0; i < 3; i++, now += 100) await pass({ attempts: 3 })
    expect(failures.at(-1)).toMatchObject({ event: 'a', nextAt: null })
    now += 1e6
    expect(await pass()).toBe(0)
    expect(receiver.received).toHaveLength(3)
    expect(outbox.counts()).toEqual([{ endpoint: 'ops', waiting: 0, givenUp: 1 }])
  })

  it('an endpoint that does not answer costs its timeout, and is tried again', async () => {
    receiver.answer = 'hang'
    outbox.add(event('a'), endpoints)
    await pass({ timeoutSeconds: 0.1 })
    expect(failures[0]?.why).toBe('no answer within 0.1 s')
    expect(outbox.counts()[0]?.waiting).toBe(1)
  })

  it('a slow endpoint holds up no other: each has a loop of its own', async () => {
    const slow = await startReceiver()
    slow.answer = 'hang'
    endpoints = [{ ...(endpoints[0] as WebhookEndpoint), name: 'slow', url: slow.url }, endpoints[0] as WebhookEndpoint]
    outbox.add(event('a'), endpoints)
    const stopping = new AbortController()
    const running = deliverer({ timeoutSeconds: 30 }).run({ signal: stopping.signal, intervalMilliseconds: 5 })
    await vi.waitFor(() => expect(ids()).toEqual(['a']))
    await vi.waitFor(() => expect(slow.received).toHaveLength(1))
    outbox.add(event('b'), endpoints)
    await vi.waitFor(() => expect(ids()).toEqual(['a', 'b']))
    stopping.abort()
    await running
    expect(slow.received).toHaveLength(1)
    expect(outbox.counts()).toEqual([
      { endpoint: 'ops', waiting: 0, givenUp: 0 },
      { endpoint: 'slow', waiting: 2, givenUp: 0 },
    ])
    await slow.close()
  })

  it('an endpoint that is gone from the settings gets nothing more', async () => {
    outbox.add(event('a'), endpoints)
    endpoints = []
    await pass()
    expect(failures[0]).toMatchObject({ why: 'the endpoint is not in the settings any more', nextAt: null })
  })

  it('forgets bodies of old events that were delivered, never ids', async () => {
    outbox.add(event('a', { time: NOW - 31 * 86_400 }), endpoints)
    await pass()
    const database = new DatabaseSync(path, { readOnly: true })
    expect(() => database.prepare('SELECT id, body FROM event').all()).toThrow(/locked/)
    database.close()
    outbox.close()
    const opened = new DatabaseSync(path)
    expect(opened.prepare('SELECT id, body FROM event').all()).toEqual([{ id: 'a', body: null }])
    opened.close()
    outbox = openOutbox(path)
    expect(outbox.add(event('a'), endpoints)).toBe(false)
  })

  it('SIGKILL between answer and note: the same event comes again under the same id, and none is lost', { timeout: 60_000 }, async () => {
    const own = join(folder, 'killed.sqlite')
    receiver.answer = 'hang'
    const start = () =>
      spawn(process.execPath, [join(import.meta.dirname, 'sender.ts'), own, receiver.url, secret(1).toString('hex')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    const first = start()
    // It has sent, and waits for an answer that the receiver has not given.
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 30_000 })
    first.kill('SIGKILL')
    await once(first, 'close')
    receiver.answer = 200
    const second = start()
    await vi.waitFor(() => expect(new Set(ids()).size).toBe(5), { timeout: 30_000 })
    second.kill('SIGKILL')
    await once(second, 'close')
    expect(ids()).toEqual(['event-0', 'event-0', 'event-1', 'event-2', 'event-3', 'event-4'])
    const seen = new Set<string>()
    const taken = receiver.received.filter(({ headers, body }) => {
      try {
        seen.add(
          verifyWebhook({ headers, body, secrets: [secret(1)], now: Math.floor(Date.now() / 1_000), alreadySeen: (id) => seen.has(id) }).id,
        )
        return true
      } catch {
        return false
      }
    })
    expect(taken).toHaveLength(5)
  })

  it('refuses an outbox of a newer program, of another process, or that is no database, and says which', () => {
    expect(() => openOutbox(path)).toThrow(/another process holds it/)
    const newer = join(folder, 'newer.sqlite')
    openOutbox(newer).close()
    const database = new DatabaseSync(newer)
    database.exec('PRAGMA user_version = 9')
    database.close()
    expect(() => openOutbox(newer)).toThrow(/has version 9, and this program knows versions up to 1/)
    expect(() => openOutbox(join(import.meta.dirname, 'receiver.ts'))).toThrow(/not a database/)
  })
})
