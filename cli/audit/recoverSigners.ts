import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { recoverAddress } from 'viem'
import type { Address, Hash, Hex } from '../../risk/types/index.ts'

/** A signature and what it is said to sign. */
export type SignedDigest = { readonly digest: Hash; readonly data: Hex }
/** Whose key made each signature, lower case, in the order given; null where it recovers to nobody. */
export type Recovered = readonly (Address | null)[]

/** Below this many a thread takes longer to start than to do its share. */
const WORTH_A_THREAD = 500

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

/** The same, here. */
export async function recoverAll(signed: readonly SignedDigest[]): Promise<Recovered> {
  const recovered: (Address | null)[] = []
  for (const { digest, data } of signed) recovered.push(await recover(digest, data))
  return recovered
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
