import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildGuardianStop, sendCall } from '../../../chain/write/index.ts'
import { people } from '../../chain/support.ts'
import { startTestDaemon } from '../support/daemons.ts'
import { configuration, engineKeys, moveTo, startMarket, type TestMarket, tickAt } from '../support/market.ts'

describe('what an engine serves', () => {
  let folder: string
  let market: TestMarket
  let engine: Awaited<ReturnType<typeof startTestDaemon>>
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-http-'))
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
  const get = async (path: string): Promise<{ status: number; text: string; headers: Headers }> => {
    const response = await fetch(`${engine.url}${path}`)
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  type Ready = { ready: boolean; components: { name: string; ready: boolean; detail: string }[] }

  it('/healthz tells the age of the last good tick', async () => {
    const { status, text } = await get('/healthz')
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      healthy: true,
      scopes: [{ scope: configuration.scope, lastGoodTick: null, ageSeconds: null, limitSeconds: 7_800, healthy: true }],
    })
  })
  it('/readyz breaks down by component, and is not ready without enough peers or with a paused lane', async () => {
    const before = await get('/readyz')
    const { components } = JSON.parse(before.text) as Ready
    expect(components.map(({ name }) => name)).toEqual([
      'chain',
      'contracts',
      `lane ${configuration.scope}`,
      'engine',
      'store',
      'signer',
      'peers',
    ])
    expect(before.status).toBe(503)
    expect(components.filter(({ ready }) => !ready).map(({ name }) => name)).toEqual(['peers'])
    const saved = await market.local.snapshot()
    await sendCall(
      market.local.client,
      market.local.wallet(people.guardian),
      buildGuardianStop(market.deployment, configuration.scope, 'pause'),
    )
    const paused = JSON.parse((await get('/readyz')).text) as Ready
    expect(paused.components.find(({ name }) => name.startsWith('lane'))).toMatchObject({
      ready: false,
      detail: 'the lane is paused and takes no round',
    })
    await market.local.revert(saved)
  })
  it('/metrics names end in their unit', async () => {
    const { text } = await get('/metrics')
    const own = [...text.matchAll(/^# TYPE (ballast_\S+)/gm)].map(([, name]) => name as string)
    expect(own.length).toBeGreaterThan(5)
    for (const name of own) expect(name).toMatch(/_(total|seconds|ratio|ether|state|mode|loosenings)$/)
    expect(text).toMatch(/ballast_ticks_total\{scope="market:ETH",outcome="missed"\} 1/)
  })
  it('/ is a page without scripts, with the parameters, their ranges, and the last ticks with their reasons', async () => {
    const { text, headers } = await get('/')
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/)
    expect(text).not.toMatch(/<script|https?:\/\//)
    expect(text).toContain('<html lang="en">')
    expect(text).toContain('color-scheme: light dark')
    expect(text).toMatch(/<th scope="row">margin\.priceScanRange<\/th><td>21\.00 %<\/td>/)
    expect(text).toMatch(/12\.00 % to 50\.00 %/)
    expect(text).toContain(new Date(tickAt(0) * 1_000).toISOString().replace('.000Z', 'Z'))
    expect(text).toContain(engineKeys[0]?.address)
  })
  it('answers no other host, no other path, and changes nothing', async () => {
    const status = (path: string, method: string, host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = request(`${engine.url}${path}`, { method, headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
        sent.on('error', reject)
        sent.end()
      })
    const own = new URL(engine.url).host
    expect(await status('/', 'GET', 'evil.example')).toBe(421)
    expect(await status('/nothing', 'GET', own)).toBe(404)
    expect(await status('/healthz', 'POST', own)).toBe(405)
    expect(await status('/v1/rounds/sign', 'POST', own)).toBe(401)
  })
  it('listens on loopback alone', () => {
    expect(new URL(engine.url).hostname).toBe('127.0.0.1')
  })
})
