import { setTimeout as sleep } from 'node:timers/promises'
import type { Delivery, Outbox } from './openOutbox.ts'
import type { WebhookEndpoint } from './parseWebhooks.ts'
import { signWebhook } from './signWebhook.ts'

export type DelivererOptions = {
  readonly outbox: Outbox
  readonly endpoints: readonly WebhookEndpoint[]
  /** Wall clock, seconds. */
  readonly now: () => number
  /** Told of each attempt that failed; `nextAt` is null when the event was given up. */
  readonly onFailure?: (failure: {
    readonly endpoint: string
    readonly event: string
    readonly why: string
    readonly nextAt: number | null
  }) => void
  readonly retry?: Partial<RetryPolicy>
}

/** Seconds. */
export type RetryPolicy = {
  readonly firstSeconds: number
  /** The pause doubles up to this. */
  readonly longestSeconds: number
  /** How many attempts before an event is given up. */
  readonly attempts: number
  readonly timeoutSeconds: number
}

export type Deliverer = {
  /** Sends what is due now, each once. @returns How many were delivered. */
  readonly pass: (signal: AbortSignal) => Promise<number>
  /** Passes until the signal; what is on its way when it comes is sent again by the next process. */
  readonly run: (options: { readonly signal: AbortSignal; readonly intervalMilliseconds: number }) => Promise<void>
}

/** 10 s, 20 s, ... one hour, then hourly: about three days until an event is given up. */
const defaults: RetryPolicy = { firstSeconds: 10, longestSeconds: 3_600, attempts: 80, timeoutSeconds: 10 }
const BATCH = 50
const DAYS_KEPT = 30

/**
 * Delivers an outbox, at least once: an attempt is written down after its answer, so a process that is killed between them sends it again under the same id. Each endpoint has a loop of its own: a slow one does not hold up others, nor a refused event later ones.
 */
export function createDeliverer({ outbox, endpoints, now, onFailure, retry }: DelivererOptions): Deliverer {
  const policy = { ...defaults, ...retry }
  const fail = (delivery: Delivery, why: string, nextAt: number | null): void => {
    outbox.failed(delivery, why, nextAt)
    onFailure?.({ endpoint: delivery.endpoint, event: delivery.event, why, nextAt })
  }
  const attempt = async (endpoint: WebhookEndpoint, delivery: Delivery, signal: AbortSignal): Promise<boolean> => {
    const why = await post(endpoint, delivery, now(), policy.timeoutSeconds, signal)
    if (why === null) {
      outbox.delivered(delivery)
      return true
    }
    if (signal.aborted) return false
    const isLast = delivery.attempts + 1 >= policy.attempts
    fail(delivery, why, isLast ? null : now() + Math.min(policy.longestSeconds, policy.firstSeconds * 2 ** delivery.attempts))
    return false
  }
  const passOf = async (endpoint: WebhookEndpoint, signal: AbortSignal): Promise<number> => {
    let count = 0
    for (const delivery of outbox.due(endpoint.name, now(), BATCH))
      if (!signal.aborted && (await attempt(endpoint, delivery, signal))) count += 1
    return count
  }
  /** What waits for an endpoint that was taken out of the settings, and bodies that nobody needs. */
  const tidy = (): void => {
    for (const name of outbox.waiting().filter((each) => !endpoints.some((endpoint) => endpoint.name === each)))
      for (const delivery of outbox.due(name, Number.MAX_SAFE_INTEGER, BATCH))
        fail(delivery, 'the endpoint is not in the settings any more', null)
    outbox.forget(now() - DAYS_KEPT * 86_400)
  }
  return {
    async pass(signal) {
      tidy()
      const sent = await Promise.all(endpoints.map((endpoint) => passOf(endpoint, signal)))
      tidy()
      return sent.reduce((sum, count) => sum + count, 0)
    },
    async run({ signal, intervalMilliseconds }) {
      const loop = async (work: () => unknown): Promise<void> => {
        while (!signal.aborted) {
          await work()
          // A signal during the pause ends it; that is no failure.
          await sleep(intervalMilliseconds, undefined, { signal }).catch(() => undefined)
        }
      }
      await Promise.all([loop(tidy), ...endpoints.map((endpoint) => loop(() => passOf(endpoint, signal)))])
    },
  }
}

/** Null when the receiver took it, else why it did not. */
async function post(
  { url, secrets }: WebhookEndpoint,
  { event, body }: Delivery,
  timestamp: number,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signWebhook(secrets, event, timestamp, body) },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1_000)]),
    })
    await response.body?.cancel()
    return response.ok ? null : `status ${response.status}`
  } catch (error) {
    const { name, cause, message } = error as Error
    if (name === 'TimeoutError') return `no answer within ${timeoutSeconds} s`
    return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : message
  }
}
