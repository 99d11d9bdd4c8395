import { z } from 'zod'
import type { Address, Hash, RoundSignature, Seconds } from '../../risk/types/index.ts'
import type { Notice, Peers } from '../engine/Peers.ts'
import { PeerError } from '../errors/EngineErrors.ts'
import type { Log } from '../log/createLog.ts'
import type { EngineKey } from '../signers/EngineKey.ts'
import { signRequest } from './peerAuth.ts'
import { MAX_DOCUMENT_BYTES, MAX_REQUEST_BYTES, peerRoutes } from './peerRoutes.ts'
import { readLimited } from './readLimited.ts'

export type PeerEndpoint = { readonly address: Address; readonly url: string }
export type PeersOptions = {
  /** The other engines. */
  readonly endpoints: readonly PeerEndpoint[]
  readonly key: EngineKey
  readonly log: Log
  /** For documents and notices. */
  readonly timeoutSeconds: Seconds
  /** For a signature: the peer recomputes the round first. */
  readonly signTimeoutSeconds: Seconds
}

const hash = z.custom<Hash>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value))
const signature = z.strictObject({
  signer: z.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)),
  data: z.custom<`0x${string}`>((value) => typeof value === 'string' && /^0x([0-9a-f]{2}){1,2000}$/.test(value)),
})
const refusal = z.looseObject({
  code: z.string().max(50),
  message: z.string().max(2_000),
  claimed: z.strictObject({ digest: hash, snapshot: hash }).optional(),
})

/** The other engines over HTTP. Every request is signed by this engine, for one recipient, and bounded in time and size. */
export function createPeers({ endpoints, key, log, timeoutSeconds, signTimeoutSeconds }: PeersOptions): Peers {
  const reachable = new Map<Address, boolean>()
  const urlOf = new Map(endpoints.map(({ address, url }) => [address, url]))

  const ask = async (
    peer: Address,
    method: 'GET' | 'POST',
    path: string,
    body: string,
    seconds: Seconds,
    limit: number,
    signal?: AbortSignal,
  ): Promise<string> => {
    const failed = (code: string, detail: string, claimed?: { digest: Hash; snapshot: Hash }): PeerError =>
      new PeerError({ peer, code, detail, ...(claimed && { claimed }) })
    const time = Date.now()
    const authorization = await signRequest(key, { method, path, body, recipient: peer, time })
    const timeout = AbortSignal.timeout(seconds * 1_000)
    let status: number
    let text: string
    try {
      const response = await fetch(new URL(path, urlOf.get(peer)), {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        ...(method === 'POST' && { body }),
      })
      status = response.status
      // Iterable in every Node; the types of browsers, which a package of the index brings along, do not say so.
      text = await readLimited(response.body as (AsyncIterable<Uint8Array> & typeof response.body) | null, limit)
    } catch (error) {
      reachable.set(peer, false)
      signal?.throwIfAborted()
      throw failed('unreachable', faultOf(error, seconds))
    }
    reachable.set(peer, true)
    if (status === 200) return text
    const parsed = refusal.safeParse(tryJson(text))
    if (!parsed.success) throw failed(`status ${status}`, 'it gave no reason')
    throw failed(parsed.data.code, parsed.data.message, parsed.data.claimed)
  }

  const askSignature = async (peer: Address, path: string, request: object, signal: AbortSignal): Promise<RoundSignature> => {
    const text = await ask(peer, 'POST', path, JSON.stringify(request), signTimeoutSeconds, MAX_REQUEST_BYTES, signal)
    const parsed = signature.safeParse(tryJson(text))
    if (!parsed.success) throw new PeerError({ peer, code: 'garbage', detail: 'its answer is not a signature' })
    return parsed.data
  }

  return {
    addresses: endpoints.map(({ address }) => address),
    requestSignature: (peer, request, signal) => askSignature(peer, peerRoutes.sign, request, signal),
    requestSurfaceSignature: (peer, request, signal) => askSignature(peer, peerRoutes.surface, request, signal),
    async fetchDocument(peer, documentHash, signal) {
      try {
        return await ask(peer, 'GET', peerRoutes.document(documentHash), '', timeoutSeconds, MAX_DOCUMENT_BYTES, signal)
      } catch (error) {
        if (!(error instanceof PeerError)) throw error
        log.debug({ peer, document: documentHash, error }, 'peer has no document')
        return undefined
      }
    },
    async tell(notice: Notice) {
      await Promise.all(
        endpoints.map(async ({ address }) => {
          try {
            await ask(address, 'POST', peerRoutes.notice, JSON.stringify(notice), timeoutSeconds, MAX_REQUEST_BYTES)
          } catch (error) {
            log.debug({ peer: address, notice: notice.kind, error }, 'peer not told')
          }
        }),
      )
    },
    reachable: () => endpoints.map(({ address }) => ({ address, reachable: reachable.get(address) ?? null })),
  }
}

function faultOf(error: unknown, seconds: Seconds): string {
  if (!(error instanceof Error)) return 'unknown fault'
  if (error.name === 'TimeoutError') return `no answer within ${seconds} s`
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.message
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
