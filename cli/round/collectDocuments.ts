import { mapConcurrently } from '../../chain/read/index.ts'
import { parseSnapshot } from '../../controller/engine/documentSchemas.ts'
import { contentHash } from '../../risk/hash/index.ts'
import type { EngineState, Hash } from '../../risk/types/index.ts'
import type { SignedTick } from '../evidence/documentSteps.ts'
import type { EvidenceDocuments, FoundDocument } from '../evidence/EvidenceDocuments.ts'

/**
 * Fetches every document that ticks are computed again from: what the rounds name, what their snapshots name, and the history behind their states; of the first round
 * of a lane the seed bars, too.
 *
 * @param fetch - Text under a hash, whatever it is; undefined when there is none.
 */
export async function collectDocuments(
  fetch: (hash: Hash) => Promise<string | undefined>,
  ticks: readonly SignedTick[],
): Promise<EvidenceDocuments> {
  const found = new Map<Hash, FoundDocument>()
  const collect = async (hashes: readonly Hash[]): Promise<void> => {
    const missing = [...new Set(hashes)].filter((hash) => !found.has(hash))
    await mapConcurrently(missing, async (hash) => void found.set(hash, judge(hash, await fetch(hash))), 8)
  }
  const read = <Content>(hash: Hash, parse: (text: string) => Content): Content[] => {
    const document = found.get(hash)
    return document?.kind === 'intact' ? [parse(document.text)] : []
  }
  await collect(ticks.flatMap(({ snapshot, configuration, report }) => [snapshot, configuration, report]))
  const snapshots = ticks.flatMap(({ snapshot, round }) =>
    read(snapshot, (text) => ({ ...parseSnapshot(snapshot, text), isFirst: round === 1 })),
  )
  await collect(snapshots.flatMap(({ book, priorState }) => [book, priorState]))
  await collect(
    snapshots.flatMap(({ priorState, isFirst }) =>
      read(priorState, (text) => JSON.parse(text) as EngineState).flatMap(({ series, seed }) => [
        ...Object.values(series).flatMap(({ chunks }) => chunks),
        ...(isFirst ? [seed] : []),
      ]),
    ),
  )
  return { find: (hash) => found.get(hash) ?? { kind: 'missing' } }
}

function judge(hash: Hash, text: string | undefined): FoundDocument {
  if (text === undefined) return { kind: 'missing' }
  const own = contentHash(text)
  return own === hash ? { kind: 'intact', text } : { kind: 'damaged', detail: `bytes that hash to ${own} from the engine` }
}
