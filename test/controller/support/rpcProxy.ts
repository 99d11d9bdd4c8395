import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type RpcRequest = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }
/** What a test does with a request: forward it, swallow it, forward it and swallow the answer, or answer itself. */
export type Verdict =
  | 'pass'
  | 'swallow'
  | 'swallowAnswer'
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly status: number }

/** A JSON-RPC server in front of a chain, through which a test sees and bends what one process asks. */
export type RpcProxy = {
  readonly url: string
  /** Decides about each request; everything passes at first. */
  judge: (request: RpcRequest) => Verdict | Promise<Verdict>
  /** Called once a swallowed answer exists, so that the effect on the chain is certain. */
  onSwallowed: (request: RpcRequest) => void
  readonly seen: RpcRequest[]
  /** Requests whose answer from the chain is there. */
  readonly forwarded: RpcRequest[]
  readonly close: () => Promise<void>
}

export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const forward = async (request: RpcRequest): Promise<unknown> => {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', ...request }),
    })
    return response.json()
  }
  const never = new Promise<never>(() => undefined)
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', async () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as RpcRequest | RpcRequest[]
      const answerOne = async (request: RpcRequest): Promise<unknown> => {
        proxy.seen.push(request)
        const verdict = await proxy.judge(request)
        if (verdict === 'pass') {
          const answer = await forward(request)
          proxy.forwarded.push(request)
          return answer
        }
        if (verdict === 'swallow') {
          proxy.onSwallowed(request)
          return never
        }
        if (verdict === 'swallowAnswer') {
          await forward(request)
          proxy.onSwallowed(request)
          return never
        }
        if ('status' in verdict) {
          outgoing.statusCode = verdict.status
          return {}
        }
        return { jsonrpc: '2.0', id: request.id, ...verdict }
      }
      try {
        const answer = Array.isArray(body) ? await Promise.all(body.map(answerOne)) : await answerOne(body)
        outgoing.setHeader('content-type', 'application/json')
        outgoing.end(JSON.stringify(answer))
      } catch {
        // The chain is gone: so is this request.
        outgoing.destroy()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    judge: () => 'pass',
    onSwallowed: () => undefined,
    seen: [],
    forwarded: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return proxy
}
