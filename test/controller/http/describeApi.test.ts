import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeApi, pagePaths } from '../../../controller/http/describeApi.ts'
import { signRequest } from '../../../controller/http/peerAuth.ts'
import { peerRoutes } from '../../../controller/http/peerRoutes.ts'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import { people } from '../../chain/support.ts'
import { type ApiDocument, findResponse, operationsOf, validateResponse } from '../../support/openApi.ts'
import { startTestDaemon } from '../support/daemons.ts'
import { configuration, engineKeys, moveTo, startMarket, type TestMarket, tickAt } from '../support/market.ts'

const document = describeApi() as ApiDocument

describe('OpenAPI of an engine', () => {
  let folder: string
  let market: TestMarket
  let engine: Awaited<ReturnType<typeof startTestDaemon>>
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-openapi-'))
    market = await startMarket({}, 'live', 3)
    engine = await startTestDaemon(folder, market, 0)
    await moveTo(market.local, tickAt(0))
    await engine.tick(tickAt(0))
  })
  afterAll(async () => {
    await engine.stop()
    await market.local.close()
    rmSync(folder, { recursive: true })
  })
  const peer = createEngineKey(engineKeys[1]?.key ?? '0x')
  let time = 0
  /** Asks as another engine does, and holds the answer against the document. */
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    body: unknown = '',
    signed = true,
  ): Promise<{ status: number; answer: unknown }> => {
    time = Math.max(time + 1, Date.now())
    const text = body === '' ? '' : JSON.stringify(body)
    const authorization = signed ? await signRequest(peer, { method, path, body: text, recipient: engine.address, time }) : ''
    const response = await fetch(`${engine.url}${path}`, { method, headers: { authorization }, ...(method === 'POST' && { body: text }) })
    return { status: response.status, answer: await validateResponse(document, method, path, response) }
  }

  it('has every route that is served, and no other', () => {
    const own = Object.values(peerRoutes).map((route) => (typeof route === 'string' ? route : route('{hash}' as never)))
    expect(
      operationsOf(document)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...pagePaths, ...own].sort())
  })

  it('is served as it is, by every engine', async () => {
    expect((await ask('GET', '/openapi.json', '', false)).answer).toEqual(JSON.parse(JSON.stringify(document)))
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it.each(pagePaths)('GET %s answers as described', async (path) => {
    expect([200, 503]).toContain((await ask('GET', path, '', false)).status)
  })

  it('the requests of other engines are answered as described, refusals too', async () => {
    const { scope } = configuration
    const stored = engine.engines.get(scope)?.store.lastRound(scope)
    const hash = stored?.snapshot ?? '0x'
    const unknown = `0x${'7'.repeat(64)}`
    const steward = { signer: people.steward.address, data: '0x1234' }
    const answers = [
      [await ask('GET', `/v1/documents/${hash}`), 200],
      [await ask('GET', `/v1/documents/${unknown}`), 404],
      [await ask('GET', `/v1/documents/${hash}`, '', false), 401],
      [await ask('POST', peerRoutes.notice, { kind: 'accepted', scope, observedAt: 1 }), 200],
      [await ask('POST', peerRoutes.notice, { kind: 'accepted', scope: 'market:DOGE', observedAt: 1 }), 404],
      [await ask('POST', peerRoutes.notice, { kind: 'rumour' }), 400],
      [await ask('POST', peerRoutes.notice, { kind: 'signed', scope, digest: unknown, signatures: [] }), 400],
      [await ask('POST', peerRoutes.sign, { scope, observedAt: tickAt(0), snapshot: unknown, digest: unknown, engine: unknown }), 409],
      [await ask('POST', peerRoutes.sign, { scope }, false), 401],
      [await ask('POST', peerRoutes.surface, { surface: {} }), 404],
      [await ask('POST', peerRoutes.cosign, { scope, digest: unknown, cosign: steward }, false), 404],
      [await ask('POST', peerRoutes.cosign, { scope, digest: stored?.digest, cosign: steward }, false), 404],
      [await ask('GET', peerRoutes.waiting, '', false), 200],
    ] as const
    expect(answers.map(([{ status }]) => status)).toEqual(answers.map(([, status]) => status))
  })

  it('an answer that the document does not know fails the check', async () => {
    const response = (body: unknown, status = 200): Response =>
      new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
    await expect(validateResponse(document, 'GET', '/healthz', response({ healthy: 'yes', scopes: [] }))).rejects.toThrow()
    await expect(validateResponse(document, 'GET', '/healthz', response({ healthy: true, scopes: [], more: 1 }))).rejects.toThrow()
    await expect(validateResponse(document, 'GET', '/healthz', response({ healthy: true, scopes: [] }, 418))).rejects.toThrow(/418/)
    expect(() => findResponse(document, 'GET', '/nothing', 200)).toThrow(/GET \/nothing/)
  })
})
