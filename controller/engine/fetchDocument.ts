import { contentHash } from '../../risk/hash/index.ts'
import type { Hash } from '../../risk/types/index.ts'
import { MissingDocumentError } from '../errors/EngineErrors.ts'
import type { EngineContext } from './EngineContext.ts'

/**
 * A document by its hash: from the own store, else from the first peer that has it. What a peer sends is kept only when it has the hash.
 *
 * @throws {MissingDocumentError} Nobody has it.
 */
export async function fetchDocument({ store, peers, log, signal }: EngineContext, hash: Hash): Promise<string> {
  const own = store.get(hash)
  if (own !== undefined) return own
  for (const peer of peers.addresses) {
    const text = await peers.fetchDocument(peer, hash, signal)
    if (text === undefined) continue
    if (contentHash(text) === hash) {
      store.put(text)
      return text
    }
    log.warn({ peer, document: hash }, 'peer sent another document')
  }
  throw new MissingDocumentError({ hash, asked: peers.addresses })
}
