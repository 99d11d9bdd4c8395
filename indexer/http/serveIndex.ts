import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { IndexStatus } from '../../chain/index-client/index.ts'
import type { Graphql } from '../graphql/createGraphql.ts'
import { describeIndexApi, type IndexPath, indexPaths } from './describeIndexApi.ts'
import { MAX_BODY_BYTES } from './limits.ts'

export type ServeOptions = {
  /** Interface to listen on; loopback keeps other machines out. */
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** Values of the `host` header that are answered besides the own address, against DNS rebinding. */
  readonly allowedHosts?: readonly string[]
  readonly graphql: Graphql
  readonly status: () => IndexStatus
  /** iCalendar of what governance waits for. */
  readonly calendar: () => string
  /** Whether the loop that follows the chain still runs. */
  readonly alive: () => boolean
}

export type IndexServer = { readonly url: string; readonly close: () => Promise<void> }

const REQUEST_TIMEOUT_MILLISECONDS = 10_000

const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/**
 * Serves `POST /graphql`, `/calendar.ics`, `/health` (the loop runs), `/ready` (the answers are those of the chain now; 503 with the reasons otherwise) and `/openapi.json`.
 *
 * @throws {Error} The port is taken, or the interface does not exist.
 */
export async function serveIndex(options: ServeOptions): Promise<IndexServer> {
  let allowed: ReadonlySet<string> = new Set()
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MILLISECONDS, maxHeaderSize: 16_384 }, (incoming, outgoing) => {
    answer(options, allowed, incoming).then(
      ({ status, body, type }) => send(outgoing, status, body, type),
      () => send(outgoing, 500, fault('fault', 'The index failed to answer.')),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host
  allowed = new Set([...[shown, 'localhost', '127.0.0.1', '[::1]'].map((host) => `${host}:${port}`), ...(options.allowedHosts ?? [])])
  return {
    url: `http://${shown}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Answer = { readonly status: number; readonly body: string; readonly type?: string }

const isRoute = (path: string | undefined): path is IndexPath => (indexPaths as readonly (string | undefined)[]).includes(path)

const fault = (code: string, message: string): string => JSON.stringify({ code, message })

async function answer(options: ServeOptions, allowed: ReadonlySet<string>, incoming: IncomingMessage): Promise<Answer> {
  const host = incoming.headers.host ?? '(none)'
  if (!allowed.has(host)) return { status: 421, body: fault('host', `This index does not answer for the host ${host}.`) }
  const path = (incoming.url ?? '/').split('?')[0]
  if (!isRoute(path)) return { status: 404, body: fault('noRoute', `There is no ${path}; there are ${indexPaths.join(', ')}.`) }
  if (path === '/graphql') return query(options.graphql, incoming)
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return { status: 405, body: fault('method', `${path} can only be read.`) }
  if (path === '/openapi.json') return { status: 200, body: JSON.stringify(describeIndexApi()) }
  const status = options.status()
  const good = path === '/health' ? options.alive() : options.alive() && status.ready
  // An index that is behind says so instead of giving dates that may have moved.
  if (path === '/calendar.ics' && good) return { status: 200, body: options.calendar(), type: 'text/calendar; charset=utf-8' }
  return { status: good ? 200 : 503, body: JSON.stringify({ alive: options.alive(), ...status }) }
}

async function query(graphql: Graphql, incoming: IncomingMessage): Promise<Answer> {
  if (incoming.method !== 'POST') return { status: 405, body: fault('method', 'Send the query with POST.') }
  if (!/^application\/json\b/.test(incoming.headers['content-type'] ?? ''))
    return { status: 415, body: fault('contentType', 'Send the query as application/json.') }
  const text = await readBody(incoming)
  if (text === null) return { status: 413, body: fault('size', `The query is larger than ${MAX_BODY_BYTES} bytes.`) }
  const response = await graphql.fetch('http://index/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: text,
  })
  return { status: response.status, body: await response.text() }
}

/** Null when the body is too large; the rest of it is not read. */
async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function send(outgoing: ServerResponse, status: number, body: string, type = 'application/json'): void {
  outgoing.writeHead(status, { 'content-type': type, ...headers, ...(status === 413 && { connection: 'close' }) })
  outgoing.end(outgoing.req.method === 'HEAD' ? undefined : body)
}
