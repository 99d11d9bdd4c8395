import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../log/createLog.ts'
import type { PeerAnswer, PeerRequest } from './answerPeers.ts'
import { describeApi, type PagePath, pagePaths } from './describeApi.ts'
import { HttpFault } from './HttpFault.ts'
import type { Metrics } from './metrics.ts'
import type { Readiness } from './readiness.ts'
import { readLimited } from './readLimited.ts'

export type ServeOptions = {
  /** Interface to listen on; loopback keeps other machines out. */
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** Values of the `host` header that are answered besides the own address, against DNS rebinding. */
  readonly allowedHosts: readonly string[]
  readonly log: Log
  readonly metrics: Metrics
  /** Brings gauges up to date before they are shown. */
  readonly refreshMetrics: () => Promise<void>
  readonly health: () => { readonly healthy: boolean; readonly body: object }
  readonly readiness: () => Promise<Readiness>
  readonly statusPage: () => Promise<string>
  readonly answerPeer: (request: PeerRequest) => Promise<PeerAnswer>
}

export type Server = { readonly url: string; readonly close: () => Promise<void> }

const REQUEST_TIMEOUT_MILLISECONDS = 30_000

/**
 * Serves {@link pagePaths} and `/v1/` (other engines).
 *
 * @throws {Error} The port is taken, or the interface does not exist.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MILLISECONDS }, (incoming, outgoing) => {
    answer(options, allowed, incoming, outgoing).catch((error: unknown) => {
      options.log.error({ error }, 'request failed')
      outgoing.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host
  const allowed = new Set([`${shown}:${port}`, `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, ...options.allowedHosts])
  return {
    url: `http://${shown}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  options: ServeOptions,
  allowed: ReadonlySet<string>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const path = new URL(incoming.url ?? '/', 'http://engine').pathname
  let route = path
  try {
    if (!allowed.has(incoming.headers.host ?? ''))
      throw new HttpFault(421, 'host', `This engine does not answer for the host ${incoming.headers.host ?? '(none)'}.`)
    if (path.startsWith('/v1/')) {
      const { authorization } = incoming.headers
      const readBody = (limitBytes: number): Promise<string> => readLimited(incoming, limitBytes)
      const answered = await options.answerPeer({ method: incoming.method ?? '', path, authorization, readBody })
      route = answered.route
      return send(options, outgoing, route, 200, 'application/json', answered.body)
    }
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') throw new HttpFault(405, 'method', `${path} can only be read.`)
    if (!isPage(path)) throw new HttpFault(404, 'noRoute', `There is no ${path}.`)
    const [status, type, body] = await pages[path](options)
    send(options, outgoing, path, status, type, incoming.method === 'HEAD' ? '' : body)
  } catch (error) {
    const fault =
      error instanceof HttpFault
        ? error
        : new HttpFault(500, 'fault', 'The engine failed to answer; its log says why.', {}, { cause: error })
    if (fault.context.status === 500) options.log.error({ path, error }, 'request failed')
    const { status, code, more } = fault.context
    const shownRoute = status === 404 ? 'unknown' : path.startsWith('/v1/documents/') ? 'document' : route
    send(options, outgoing, shownRoute, status, 'application/json', JSON.stringify({ code, message: fault.message, ...more }))
  }
}

type Page = readonly [status: number, type: string, body: string]

const pages: Readonly<Record<PagePath, (options: ServeOptions) => Page | Promise<Page>>> = {
  '/': async ({ statusPage }) => [200, 'text/html; charset=utf-8', await statusPage()],
  '/healthz': ({ health }) => {
    const { healthy, body } = health()
    return [healthy ? 200 : 503, 'application/json', JSON.stringify(body)]
  },
  '/readyz': async ({ readiness }) => {
    const found = await readiness()
    return [found.ready ? 200 : 503, 'application/json', JSON.stringify(found)]
  },
  '/metrics': async ({ refreshMetrics, metrics }) => {
    await refreshMetrics()
    return [200, metrics.registry.contentType, await metrics.registry.metrics()]
  },
  '/openapi.json': () => [200, 'application/json', JSON.stringify(describeApi())],
}

const isPage = (path: string): path is PagePath => (pagePaths as readonly string[]).includes(path)

function send(options: ServeOptions, outgoing: ServerResponse, route: string, status: number, type: string, body: string): void {
  options.metrics.peerRequests.inc({ route, status: String(status) })
  outgoing.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'referrer-policy': 'no-referrer',
  })
  outgoing.end(body)
}
