import type { Hash } from '../../risk/types/index.ts'
import type { EngineContext } from '../engine/EngineContext.ts'
import { MissingDocumentError } from '../errors/EngineErrors.ts'
import type { WaitingAnswer } from './waitingSchema.ts'

/**
 * The rounds of one scope that wait for a steward here, as an answer carries them.
 *
 * @throws {MissingDocumentError} The store has lost a report.
 */
export function listWaiting({ waiting, store, elapsed }: EngineContext): WaitingAnswer['rounds'] {
  return [...waiting.values()].map(({ adjustment, digest, signatures, need, giveUpAt }) => ({
    adjustment: { ...adjustment, items: [...adjustment.items], impactNotional: adjustment.impactNotional.toString() },
    digest,
    signatures: [...signatures],
    need,
    waitSeconds: Math.max(0, giveUpAt - elapsed()),
    report: readReport(store, adjustment.report),
  }))
}

function readReport(store: EngineContext['store'], hash: Hash): WaitingAnswer['rounds'][number]['report'] {
  const text = store.get(hash)
  if (text === undefined) throw new MissingDocumentError({ hash, asked: [] })
  return JSON.parse(text) as ReturnType<typeof readReport>
}
