import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIndexClient } from '../../chain/index-client/index.ts'
import { createGraphql } from '../../indexer/graphql/createGraphql.ts'
import { describeIndexApi, indexPaths } from '../../indexer/http/describeIndexApi.ts'
import { MAX_BODY_BYTES } from '../../indexer/http/limits.ts'
import { type IndexServer, serveIndex } from '../../indexer/http/serveIndex.ts'
import { writeCalendar } from '../../indexer/http/writeCalendar.ts'
import { runCli } from '../cli/runCli.ts'
import { type ApiDocument, operationsOf, validateResponse } from '../support/openApi.ts'
import { type Activity, startActivity } from './support/activity.ts'
import { openTestIndex, type TestIndex } from './support/openTestIndex.ts'
import { createRandom } from './support/random.ts'

let activity: Activity
let index: TestIndex
let server: IndexServer
let alive = true

beforeAll(async () => {
  activity = await startActivity(createRandom(11))
  for (let i = 0; i < 80; i++) await activity.step()
  index = openTestIndex(activity.local.client, activity.deployment)
  const graphql = createGraphql(index.indexer.index.file, activity.deployment.chainId, index.indexer.status)
  const { status } = index.indexer
  const calendar = (): string => writeCalendar(index.indexer.index.rows, activity.deployment.chainId, status().time ?? 0)
  server = await serveIndex({ host: '127.0.0.1', port: 0, graphql, status, calendar, alive: () => alive })
})
afterAll(async () => {
  await server.close()
  await activity.local.close()
})

type Answer = { readonly status: number; readonly body: { readonly [key: string]: unknown } }

async function post(query: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<Answer> {
  const body = typeof query === 'string' ? JSON.stringify({ query }) : JSON.stringify(query)
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

async function get(path: string): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`)
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

const messageOf = ({ body }: Answer): string => (body['errors'] as { readonly message: string }[] | undefined)?.[0]?.message ?? ''

describe('/health and /ready', () => {
  it('before the first pass: healthy, not ready, and the reason', async () => {
    expect((await get('/health')).status).toBe(200)
    const { status, body } = await get('/ready')
    expect(status).toBe(503)
    expect(body).toMatchObject({ ready: false, block: null, reasons: ['The first pass over the chain has not ended.'] })
  })
  it('at the head: ready', async () => {
    await index.sync()
    expect(await get('/ready')).toMatchObject({ status: 200, body: { ready: true, lagBlocks: 0, chain: 'eip155:31337' } })
  })
  it('when the loop has ended: neither', async () => {
    alive = false
    expect((await get('/health')).status).toBe(503)
    expect((await get('/ready')).status).toBe(503)
    alive = true
  })
})

describe('/openapi.json', () => {
  const document = describeIndexApi() as ApiDocument
  const ask = async (method: string, path: string, body?: string, type = 'application/json'): Promise<number> => {
    const response = await fetch(`${server.url}${path}`, { method, ...(body !== undefined && { body, headers: { 'content-type': type } }) })
    await validateResponse(document, method, path, response)
    return response.status
  }
  it('has every route that is served, and no other, and is served as it is', async () => {
    expect(
      operationsOf(document)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...indexPaths].sort())
    expect(await (await fetch(`${server.url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(document)))
  })
  it('describes every answer', async () => {
    await index.sync()
    expect(await ask('GET', '/openapi.json')).toBe(200)
    expect(await ask('GET', '/calendar.ics')).toBe(200)
    expect(await ask('GET', '/health')).toBe(200)
    expect(await ask('GET', '/ready')).toBe(200)
    expect(await ask('POST', '/graphql', JSON.stringify({ query: '{ status { block } rounds(first: 2) { nodes { scope } } }' }))).toBe(200)
    expect(await ask('POST', '/graphql', JSON.stringify({ query: '{ nothing }' }))).toBe(200)
    expect(await ask('POST', '/graphql', 'no JSON')).toBe(400)
    expect(await ask('POST', '/graphql', '{}', 'text/plain')).toBe(415)
    expect(await ask('POST', '/graphql', ' '.repeat(MAX_BODY_BYTES + 1))).toBe(413)
    alive = false
    expect(await ask('GET', '/health')).toBe(503)
    expect(await ask('GET', '/ready')).toBe(503)
    expect(await ask('GET', '/calendar.ics')).toBe(503)
    alive = true
  })
})

describe('/calendar.ics', () => {
  const stamped = (time: number): string => new Date(time * 1_000).toISOString().replace(/[-:]|\.000/g, '')

  it('has every vote, every queued proposal and every mandate, and nothing else, in lines that calendars take', async () => {
    await index.sync()
    const client = createIndexClient(server.url)
    const [{ rows: proposals }, { rows: lanes }] = [await client.all('proposals'), await client.all('lanes')]
    const expected = [
      ...proposals.flatMap(({ proposal, state, voteStart, voteEnd, eta }) => {
        if (state === 'queued') return [`ready-${proposal}@31337.ballast ${stamped(eta ?? 0)}`]
        if (state !== 'pending' && state !== 'active') return []
        return [`vote-start-${proposal}@31337.ballast ${stamped(voteStart)}`, `vote-end-${proposal}@31337.ballast ${stamped(voteEnd)}`]
      }),
      ...lanes.map(({ scope, settings }) => `mandate-${scope}@31337.ballast ${stamped(settings.expiresAt)}`),
    ]
    expect(lanes.length).toBeGreaterThan(0)
    expect(expected.length).toBeGreaterThan(lanes.length)
    const response = await fetch(`${server.url}/calendar.ics`)
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const text = await response.text()
    expect(text.split('\r\n').every((line) => line.length <= 75 && !line.includes('\n'))).toBe(true)
    const unfolded = text.replaceAll('\r\n ', '')
    const found = [...unfolded.matchAll(/UID:(.+)\r\nDTSTAMP:\d{8}T\d{6}Z\r\nDTSTART:(\d{8}T\d{6}Z)/g)].map(
      ([, uid, start]) => `${uid} ${start}`,
    )
    expect(found.toSorted()).toEqual(expected.toSorted())
    expect(unfolded.match(/BEGIN:VEVENT/g)).toHaveLength(expected.length)
    expect(await (await fetch(`${server.url}/calendar.ics`)).text()).toBe(text)
  })

  it('says so instead of giving dates when the index cannot vouch for them', async () => {
    alive = false
    expect((await fetch(`${server.url}/calendar.ics`)).status).toBe(503)
    alive = true
  })
})

describe('lists', () => {
  it('are paged in both orders without a gap or a repetition', async () => {
    const client = createIndexClient(server.url)
    const { rows } = await client.all('parameterChanges')
    for (const order of ['ascending', 'descending'] as const) {
      const positions: number[] = []
      let after: string | undefined
      for (;;) {
        const { page } = await client.page('parameterChanges', { first: 3, order, ...(after !== undefined && { after }) })
        positions.push(...page.nodes.map(({ position }) => position))
        if (!page.pageInfo.hasNextPage) break
        after = page.pageInfo.endCursor ?? ''
      }
      const expected = rows.map(({ position }) => position)
      expect(positions).toEqual(order === 'ascending' ? expected : expected.reverse())
    }
  })
  it('are filtered by columns, accounts by CAIP-10, and by blocks', async () => {
    const client = createIndexClient(server.url)
    const { rows } = await client.all('parameterChanges')
    const [one] = rows
    if (one === undefined) throw new TypeError('no change')
    const where = { scope: one.scope, parameter: one.parameter, caller: one.caller.toLowerCase() }
    expect((await client.all('parameterChanges', where)).rows).toEqual(
      rows.filter(({ scope, parameter, caller }) => scope === one.scope && parameter === one.parameter && caller === one.caller),
    )
    const held = (await client.all('roles', { held: true })).rows
    expect(held.length).toBeGreaterThan(5)
    expect(held.every((role) => role.held && /^eip155:31337:0x[0-9a-fA-F]{40}$/.test(role.holder))).toBe(true)
    const block = rows[Math.floor(rows.length / 2)]?.block ?? 0
    const later = (await client.all('parameterChanges', { fromBlock: block, toBlock: block })).rows
    expect(later).toEqual(rows.filter((row) => row.block === block))
  })
  it('give text of strangers back as it is', async () => {
    const { rows } = await createIndexClient(server.url).all('proposals')
    expect(rows.some(({ description }) => description.includes('<script>') && description.includes('\u202e'))).toBe(true)
  })
  it('are shown on a terminal without characters that turn its text around', async () => {
    const { code, out } = await runCli(['index', 'list', 'proposals', '--first', '500', '--url', server.url])
    expect(code).toBe(0)
    expect(out).toContain('Ünïcode')
    expect(out).not.toContain('\u202e')
  })
})

describe('limits', () => {
  it.each([
    ['a page that is too long', '{ parameters(first: 501) { nodes { scope } } }', 'first is 501; it must be a whole number from 1 to 500.'],
    ['a page of none', '{ parameters(first: 0) { nodes { scope } } }', 'first is 0'],
    [
      'a cursor of another list',
      '{ parameters(after: "votes:1") { nodes { scope } } }',
      'after is votes:1; it must be an endCursor of parameters.',
    ],
    [
      'an account of another chain',
      `{ votes(where: { voter: "eip155:1:0x${'1'.repeat(40)}" }) { nodes { voter } } }`,
      'CAIP-10 account of this chain',
    ],
    ['an account without its chain', `{ votes(where: { voter: "0x${'1'.repeat(40)}" }) { nodes { voter } } }`, 'CAIP-10'],
    ['a number that is no number', '{ votes(where: { proposal: "12x" }) { nodes { voter } } }', 'decimal string'],
    ['an unknown filter', '{ votes(where: { colour: "red" }) { nodes { voter } } }', 'colour'],
    ['an unknown state', '{ proposals(where: { state: open }) { nodes { proposal } } }', 'open'],
    [
      'more lists than allowed',
      `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: votes { nodes { voter } }`).join(' ')} }`,
      'has 11 lists; at most 10',
    ],
    [
      'lists hidden in fragments',
      `{ ...A ...A2 } fragment A on Query { ...B ...B2 } ${['A2', 'B', 'B2']
        .map(
          (name) =>
            `fragment ${name} on Query { ${Array.from({ length: 4 }, (_, i) => `${name}${i}: votes { nodes { voter } }`).join(' ')} }`,
        )
        .join(' ')}`,
      'has 12 lists; at most 10',
    ],
    [
      'more fields than allowed',
      `{ votes { nodes { ${Array.from({ length: 500 }, (_, i) => `a${i}: voter`).join(' ')} } } }`,
      'at most 400',
    ],
    ['more tokens than allowed', `{ __typename ${'a '.repeat(2_100)} }`, '2000 tokens'],
  ])('refuse %s', async (_what, query, sentence) => {
    const answer = await post(query)
    expect(messageOf(answer)).toContain(sentence)
    expect(answer.body['data'] ?? null).toBeNull()
  })
  it('count fragments of fragments at once, however often empty ones are written out', async () => {
    const chain = Array.from({ length: 150 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)
    const answer = await post(`{ ...F0 } ${chain.join(' ')} fragment F150 on Query { __typename }`)
    expect(answer.body['data']).toEqual({ __typename: 'Query' })
  })
  it('refuse more levels than allowed', async () => {
    const { body } = await post('{ votes { nodes { a { b { c { d { e } } } } } } }')
    expect(JSON.stringify(body['errors'])).toContain('has 7 levels; at most 6')
  })
  it('refuse a large body, another type and other methods', async () => {
    expect((await post(`{ ${' '.repeat(MAX_BODY_BYTES)} status { block } }`)).status).toBe(413)
    expect((await post('{ status { block } }', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await get('/graphql?query={status{block}}')).status).toBe(405)
    expect((await get('/elsewhere')).status).toBe(404)
    expect((await fetch(`${server.url}/ready`, { method: 'DELETE' })).status).toBe(405)
  })
  it('refuse a batch of queries', async () => {
    expect((await post([{ query: '{ status { block } }' }, { query: '{ status { block } }' }])).status).toBe(400)
  })
  it('refuse another host, so that a page elsewhere cannot read through a rebound name', async () => {
    const { port } = new URL(server.url)
    const status = await new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path: '/ready', headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject)
      asked.end()
    })
    expect(status).toBe(421)
  })
  it('do not stand in the way of introspection', async () => {
    const { body } = await post('{ __schema { types { name fields { name type { name ofType { name } } } } } }')
    expect(JSON.stringify(body)).toContain('ParameterChange')
  })
})
