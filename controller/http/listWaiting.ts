import type { EngineContext } from '../engine/EngineContext.ts'
import type { WaitingAnswer } from './waitingSchema.ts'

/** The rounds of one scope that wait for a steward here, as an answer carries them. */
export function listWaiting({ waiting, store, elapsed }: EngineContext): WaitingAnswer['rounds'] {
  return [...waiting.values()].map(({ adjustment, digest, signatures, need, giveUpAt }) => ({
    adjustment: { ...adjustment, items: [...adjustment.items], impactNotional: adjustment.impactNotional.toString() },
    digest,
    signatures: [...signatures],
    need,
    waitSeconds: Math.max(0, giveUpAt - elapsed()),
    report: JSON.parse(store.get(adjustment.report) ?? '{}') as WaitingAnswer['rounds'][number]['report'],
  }))
}
