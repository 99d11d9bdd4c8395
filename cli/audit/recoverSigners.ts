import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { recoverAddress, recoverPublicKey } from 'viem'
import { publicKeyToAddress } from 'viem/utils'
import type { Address, Hash, Hex } from '../../risk/types/index.ts'
import { confirmSignatures, type TabledKey, tableKey } from './confirmSignatures.ts'

/** A signature, what it is said to sign, and by whom. */
export type SignedDigest = { readonly digest: Hash; readonly data: Hex; readonly signer: Address }
/** Whose key made each signature, lower case, in the order given; null where it recovers to nobody. */
export type Recovered = readonly (Address | null)[]

/** Below this many a thread takes longer to start than to do its share. */
const WORTH_A_THREAD = 500
/** Below this many of one signer a table of its key takes longer to make than it saves. */
const WORTH_A_TABLE = 1_000
/** Signatures of a signer that are recovered in search of its key. */
const TRIES = 3

/**
 * Recovers the signers of many signatures, on all processors when there are many: this is most of the work of an audit.
 *
 * @param signal - Ends the threads.
 */
export async function recoverSigners(signed: readonly SignedDigest[], signal?: AbortSignal): Promise<Recovered> {
  const threads = Math.min(availableParallelism(), Math.floor(signed.length / WORTH_A_THREAD))
  if (threads < 2) return recoverAll(signed)
  const share = Math.ceil(signed.length / threads)
  const parts = Array.from({ length: threads }, (_, i) => signed.slice(i * share, (i + 1) * share))
  return (await Promise.all(parts.map((part) => inThread(part, signal)))).flat()
}

/**
 * The same, here. A signer who signed much is found once; its other signatures are held against its key, which is cheaper, and recovered only where they do not fit. The result is that of
 * recovering every one.
 */
export async function recoverAll(signed: readonly SignedDigest[]): Promise<Recovered> {
  const recovered = new Array<Address | null | undefined>(signed.length).fill(undefined)
  const bySigner = Map.groupBy(signed.keys(), (i) => signed[i]?.signer.toLowerCase() ?? '')
  for (const [signer, places] of bySigner) {
    const own = places.map((i) => signed[i] as SignedDigest)
    const key = own.length < WORTH_A_TABLE ? null : await findKey(own.slice(0, TRIES), signer)
    if (key === null) continue
    for (const [k, fits] of confirmSignatures(own, key).entries()) if (fits) recovered[places[k] as number] = signer as Address
  }
  const result: (Address | null)[] = []
  for (const [i, { digest, data }] of signed.entries()) result.push(recovered[i] ?? (await recover(digest, data)))
  return result
}

/** The public key behind an address, from the first of these signatures that it made; null when it made none of them. */
async function findKey(signed: readonly SignedDigest[], signer: string): Promise<TabledKey | null> {
  for (const { digest, data } of signed) {
    try {
      const key = await recoverPublicKey({ hash: digest, signature: data })
      if (publicKeyToAddress(key).toLowerCase() === signer) return tableKey(key)
    } catch {
      // No signature of a key: the next one may be.
    }
  }
  return null
}

async function recover(digest: Hash, data: Hex): Promise<Address | null> {
  try {
    return (await recoverAddress({ hash: digest, signature: data })).toLowerCase() as Address
  } catch {
    return null
  }
}

function inThread(part: readonly SignedDigest[], signal: AbortSignal | undefined): Promise<Recovered> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./signatureWorker.ts', import.meta.url), { workerData: part })
    const stop = (): void => {
      void worker.terminate()
      reject(signal?.reason)
    }
    if (signal?.aborted === true) return stop()
    signal?.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop)
      reject(new Error(`a thread that recovers signers ended with ${code}`))
    })
  })
}
