import type { Address, ScopeId } from '../../risk/types/index.ts'
import { createDeliverer, openOutbox, parseWebhooks } from '../../webhooks/index.ts'
import type { DaemonConfig } from '../config/schema.ts'
import type { TickSummary } from '../engine/EngineContext.ts'
import type { Log } from '../log/createLog.ts'
import { tellTicks } from './tellTicks.ts'

/** An engine that tells of its ticks. */
export type Telling = {
  /** @param scopes - In the order of the summaries. */
  readonly tell: (scopes: readonly ScopeId[], summaries: readonly TickSummary[]) => void
  /** Ends with the attempts that are on their way, which the next process makes again. */
  readonly close: () => Promise<void>
}

const INTERVAL_MILLISECONDS = 1_000

/**
 * Opens the outbox beside the store, and delivers it until it is closed. Null without an endpoint.
 *
 * @param env - Holds the secrets, `BALLAST_WEBHOOK_SECRET_<NAME>`.
 * @throws {WebhookSettingsError} A URL or a secret is wrong. @throws {OutboxError} The outbox cannot be opened.
 */
export function openTelling(
  { webhooks, store, chain }: Pick<DaemonConfig, 'webhooks' | 'store' | 'chain'>,
  env: Readonly<Record<string, string | undefined>>,
  engine: Address,
  log: Log,
): Telling | null {
  const endpoints = parseWebhooks(webhooks, env)
  if (endpoints.length === 0) return null
  const outbox = openOutbox(`${store.path}.outbox`)
  const stopping = new AbortController()
  const deliverer = createDeliverer({
    outbox,
    endpoints,
    now: () => Math.floor(Date.now() / 1_000),
    onFailure: ({ endpoint, event, why, nextAt }) =>
      log.warn({ endpoint, event, why, nextAt }, nextAt === null ? 'webhook given up' : 'webhook not delivered'),
  })
  const running = deliverer
    .run({ signal: stopping.signal, intervalMilliseconds: INTERVAL_MILLISECONDS })
    .catch((error: unknown) => log.error({ error }, 'webhooks stopped'))
  return {
    tell: (scopes, summaries) => {
      try {
        tellTicks({ outbox, endpoints, chainId: chain.id, engine }, scopes, summaries)
      } catch (error) {
        // A full disk must not stop an engine whose own store may be on another one.
        log.error({ error }, 'webhook not kept')
      }
    },
    async close() {
      stopping.abort()
      await running
      outbox.close()
    },
  }
}
