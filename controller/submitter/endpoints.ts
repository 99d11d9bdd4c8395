import { HttpRequestError, RpcRequestError } from 'viem'
import { WrongChainError } from '../../chain/errors/index.ts'
import type { Seconds } from '../../risk/types/index.ts'
import type { Log } from '../log/createLog.ts'

export type EndpointsOptions = {
  /** In order of preference. A URL may carry a key, so only hosts are ever shown. */
  readonly urls: readonly string[]
  readonly chainId: number
  readonly requestTimeoutSeconds: Seconds
  /** Failures in a row after which an endpoint rests. */
  readonly failureThreshold: number
  readonly pauseSeconds: Seconds
  /** Most requests of one HTTP call; 1 sends each on its own. */
  readonly batchSize: number
  /** How many blocks an endpoint may be behind the most advanced one. */
  readonly maxLagBlocks: number
  readonly log: Log
  /** Called with the host of an endpoint that failed. */
  readonly onFailure?: (host: string) => void
  /** Seconds on a clock that only rises. */
  readonly elapsed: () => number
}

export type EndpointHealth = {
  readonly host: string
  readonly state: 'good' | 'resting' | 'lagging' | 'wrongChain'
  readonly failures: number
  readonly head: number | null
}

type Endpoint = {
  readonly url: string
  readonly host: string
  failures: number
  restsUntil: number
  head: number | null
  lagging: boolean
  wrongChain: boolean
}

/** JSON-RPC over several endpoints, in the form that viem's `custom` transport takes. */
export type Endpoints = {
  readonly request: (args: { readonly method: string; readonly params?: unknown }) => Promise<unknown>
  /** Asks every endpoint for its chain and head, and sets aside those that lag or serve another chain. */
  readonly probe: () => Promise<void>
  readonly health: () => readonly EndpointHealth[]
}

/** Codes by which a node says that it, and not the request, is the trouble (EIP-1474): resource not found or unavailable, limit exceeded. */
const nodeTrouble = new Set([-32_001, -32_002, -32_005])

/**
 * Tries the endpoints in order and moves on when one does not answer, answers an HTTP error, or says it cannot now. One that fails
 * several times in a row rests; one that answers but lags behind the others is set aside until it has caught up. An answer that the request itself
 * is wrong, such as a revert, is final.
 */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { log, elapsed } = options
  const endpoints = options.urls.map(
    (url): Endpoint => ({ url, host: new URL(url).host, failures: 0, restsUntil: 0, head: null, lagging: false, wrongChain: false }),
  )

  const waiting = new Map<Endpoint, Queued[]>()
  /** Requests made in one turn of the event loop go out together. */
  const enqueue = (endpoint: Endpoint, body: RpcBody): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const queue = waiting.get(endpoint) ?? []
      if (queue.length === 0) setImmediate(flush, endpoint)
      queue.push({ body, resolve, reject })
      waiting.set(endpoint, queue)
    })
  const flush = (endpoint: Endpoint): void => {
    const queue = waiting.get(endpoint) ?? []
    waiting.delete(endpoint)
    for (let i = 0; i < queue.length; i += options.batchSize) {
      void postBatch(endpoint, queue.slice(i, i + options.batchSize), options.requestTimeoutSeconds)
    }
  }
  const ask = async (endpoint: Endpoint, method: string, params: unknown): Promise<unknown> => {
    try {
      const answer = await enqueue(endpoint, { method, params: params ?? [] })
      endpoint.failures = 0
      return answer
    } catch (error) {
      if (error instanceof HttpRequestError) noteFailure(endpoint, error.details)
      throw error
    }
  }
  const noteFailure = (endpoint: Endpoint, fault: string): void => {
    endpoint.failures++
    options.onFailure?.(endpoint.host)
    const rests = endpoint.failures >= options.failureThreshold
    if (rests) endpoint.restsUntil = elapsed() + options.pauseSeconds
    log.warn({ host: endpoint.host, fault, failures: endpoint.failures, rests }, 'endpoint failed')
  }
  /** Preferred order: usable ones first; those set aside only when nothing else answers, but never one of another chain. */
  const inOrder = (): readonly Endpoint[] => {
    const rank = ({ restsUntil, lagging }: Endpoint): number => (restsUntil > elapsed() ? 2 : lagging ? 1 : 0)
    return endpoints.filter(({ wrongChain }) => !wrongChain).sort((a, b) => rank(a) - rank(b))
  }

  return {
    async request({ method, params }) {
      const faults: string[] = []
      for (const endpoint of inOrder()) {
        try {
          return await ask(endpoint, method, params)
        } catch (error) {
          if (!(error instanceof HttpRequestError)) throw error
          faults.push(`${endpoint.host}: ${error.details}`)
        }
      }
      throw new HttpRequestError({
        body: { method },
        details: faults.join('; ') || 'every endpoint serves another chain',
        url: endpoints.map(({ host }) => host).join(', '),
      })
    },
    async probe() {
      await Promise.all(
        endpoints.map(async (endpoint) => {
          try {
            const [chainId, head] = await Promise.all([ask(endpoint, 'eth_chainId', []), ask(endpoint, 'eth_blockNumber', [])])
            endpoint.wrongChain = Number(chainId) !== options.chainId
            endpoint.head = Number(head)
            if (endpoint.wrongChain)
              log.error({ host: endpoint.host, chainId: Number(chainId), expected: options.chainId }, 'endpoint serves another chain')
          } catch {
            // Counted by `ask`; its head stays what it was.
          }
        }),
      )
      const wrong = endpoints.find(({ wrongChain }) => wrongChain)
      if (wrong !== undefined && endpoints.every(({ wrongChain }) => wrongChain)) {
        const got = Number(await ask(wrong, 'eth_chainId', []))
        throw new WrongChainError({ got, expected: options.chainId })
      }
      const heads = endpoints.filter(({ wrongChain, head }) => !wrongChain && head !== null).map(({ head }) => head as number)
      const best = Math.max(...heads, 0)
      for (const endpoint of endpoints) {
        const lagging = endpoint.head !== null && best - endpoint.head > options.maxLagBlocks
        if (lagging && !endpoint.lagging)
          log.warn({ host: endpoint.host, lagBlocks: best - (endpoint.head as number) }, 'endpoint answers with an old head')
        endpoint.lagging = lagging
      }
    },
    health: () =>
      endpoints.map(({ host, failures, head, restsUntil, lagging, wrongChain }) => ({
        host,
        failures,
        head,
        state: wrongChain ? 'wrongChain' : restsUntil > elapsed() ? 'resting' : lagging ? 'lagging' : 'good',
      })),
  }
}

type RpcAnswer = {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}
type RpcBody = { readonly method: string; readonly params: unknown }
type Queued = { readonly body: RpcBody; readonly resolve: (result: unknown) => void; readonly reject: (error: unknown) => void }

/** Sends requests in one HTTP call and settles each. Trouble of the node is an {HttpRequestError}, a fault of a request an {RpcRequestError}. */
async function postBatch(endpoint: Endpoint, queue: readonly Queued[], timeoutSeconds: Seconds): Promise<void> {
  const bodies = queue.map(({ body }, id) => ({ jsonrpc: '2.0', id, ...body }))
  const trouble = ({ method }: RpcBody, details: string): HttpRequestError =>
    new HttpRequestError({ body: { method }, details, url: endpoint.host })
  let answers: readonly RpcAnswer[]
  try {
    const answer = await postJson(endpoint.url, bodies.length === 1 ? bodies[0] : bodies, timeoutSeconds)
    answers = (Array.isArray(answer) ? answer : [answer]) as readonly RpcAnswer[]
  } catch (error) {
    const details = describeFault(error, timeoutSeconds)
    for (const { body, reject } of queue) reject(trouble(body, details))
    return
  }
  const byId = new Map(answers.map((answer) => [answer?.id, answer]))
  for (const [id, { body, resolve, reject }] of queue.entries()) {
    const answer = byId.get(id)
    if (answer === undefined) reject(trouble(body, 'it left the request unanswered'))
    else if (answer.error === undefined) resolve(answer.result)
    else if (nodeTrouble.has(answer.error.code)) reject(trouble(body, `${answer.error.code} ${answer.error.message}`))
    else reject(new RpcRequestError({ body: { method: body.method }, error: answer.error, url: endpoint.host }))
  }
}

class StatusFault extends Error {}

async function postJson(url: string, body: unknown, timeoutSeconds: Seconds): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutSeconds * 1_000),
  })
  if (!response.ok) throw new StatusFault(`HTTP status ${response.status}`)
  return response.json()
}

/** What went wrong, without the URL that some messages repeat. */
function describeFault(error: unknown, timeoutSeconds: Seconds): string {
  if (!(error instanceof Error)) return 'unknown fault'
  if (error instanceof StatusFault) return error.message
  if (error.name === 'TimeoutError') return `no answer within ${timeoutSeconds} s`
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error instanceof SyntaxError ? 'the answer is not JSON' : error.name
}
