import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

type RpcRequest = {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
}
type RpcAnswer = { readonly jsonrpc: '2.0'; readonly id: unknown } & (
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly code: number
        readonly message: string
        readonly data?: unknown
      }
    }
)
export type JsonRpcServer = {
  readonly url: string
  readonly close: () => Promise<void>
}
type Handler = (method: string, params: readonly unknown[]) => Promise<unknown>

const MAX_BODY_BYTES = 8 * 1024 * 1024

/**
 * Serves JSON-RPC 2.0, single and batched, over HTTP on the loopback interface. Other machines cannot reach it.
 *
 * @param handle - Answers one request; its error's `code`, `message` and `data` go to the caller.
 * @param port - 0 for any free one. Rejects when it is taken.
 */
export async function serveJsonRpc(handle: Handler, port: number): Promise<JsonRpcServer> {
  const server = createServer(async (incoming, outgoing) => {
    outgoing.setHeader('content-type', 'application/json')
    try {
      const body: unknown = JSON.parse(await readBody(incoming))
      const answer = Array.isArray(body) ? await Promise.all(body.map((one) => answerOne(handle, one))) : await answerOne(handle, body)
      outgoing.end(JSON.stringify(answer))
    } catch (error) {
      outgoing.end(
        JSON.stringify({
          jsonrpc: '2.0',
          id: null,
          error: { code: -32700, message: (error as Error).message },
        }),
      )
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) throw new Error(`The request is larger than ${MAX_BODY_BYTES} bytes.`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

async function answerOne(handle: Handler, body: unknown): Promise<RpcAnswer> {
  const { id = null, method, params = [] } = (body ?? {}) as RpcRequest
  if (typeof method !== 'string' || !Array.isArray(params))
    return {
      jsonrpc: '2.0',
      id,
      error: {
        code: -32600,
        message: 'A request needs a method name and a list of params.',
      },
    }
  try {
    return {
      jsonrpc: '2.0',
      id,
      result: (await handle(method, params)) ?? null,
    }
  } catch (error) {
    const { code, message, data } = error as {
      code?: unknown
      message?: unknown
      data?: unknown
    }
    return {
      jsonrpc: '2.0',
      id,
      error: {
        code: typeof code === 'number' ? code : -32603,
        message: String(message),
        data,
      },
    }
  }
}
