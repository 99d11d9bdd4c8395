import { formatChainId } from '../../chain/ids/index.ts'
import type { Address, ScopeId } from '../../risk/types/index.ts'
import type { Outbox, WebhookEndpoint, WebhookEventType } from '../../webhooks/index.ts'
import type { TickSummary } from '../engine/EngineContext.ts'

export type TellTicksOptions = {
  readonly outbox: Outbox
  readonly endpoints: readonly Pick<WebhookEndpoint, 'name' | 'events'>[]
  readonly chainId: number
  readonly engine: Address
}

/**
 * Puts a tick into the outbox when it is worth telling: it was missed or halted, or it is the first accepted one after that. A tick that is run again after a restart is the same event.
 *
 * @param scopes - In the order of the summaries.
 */
export function tellTicks(
  { outbox, endpoints, chainId, engine }: TellTicksOptions,
  scopes: readonly ScopeId[],
  summaries: readonly TickSummary[],
): void {
  outbox.atomically(() => {
    for (const [i, { observedAt, outcome, detail }] of summaries.entries()) {
      const scope = scopes[i] ?? ''
      const mark = `trouble:${scope}`
      const type = typeOf(outcome, outbox.mark(mark) === 'yes')
      if (type === null) continue
      outbox.add(
        {
          schema: 'ballast.event',
          version: 1,
          id: `${formatChainId(chainId)}/${engine.toLowerCase()}/${scope}@${observedAt}/${type}`,
          type,
          chain: formatChainId(chainId),
          time: observedAt,
          block: null,
          transaction: null,
          data: { engine, scope, observedAt, detail },
        },
        endpoints,
      )
      outbox.setMark(mark, type === 'engine.recovered' ? 'no' : 'yes')
    }
  })
}

function typeOf(outcome: TickSummary['outcome'], inTrouble: boolean): WebhookEventType | null {
  switch (outcome) {
    case 'missed':
      return 'engine.missed'
    case 'halted':
      return 'engine.halted'
    case 'accepted':
      return inTrouble ? 'engine.recovered' : null
    case 'dryRun':
      return null
  }
}
