import { keccak256, recoverAddress, stringToBytes } from 'viem'
import type { Address, Hash, Hex, Signer } from '../../risk/types/index.ts'
import { HttpFault } from './HttpFault.ts'

/** What a peer's signature covers: a request cannot be changed, sent elsewhere, or sent again later. */
export type SignedRequest = {
  readonly method: string
  readonly path: string
  readonly body: string
  /** Engine that the request is for. */
  readonly recipient: Address
  /** Milliseconds since 1970. */
  readonly time: number
}

/** How far the clocks of two engines may differ, and how long a request stays good. */
const MAX_SKEW_MILLISECONDS = 30_000

/** The text's first line keeps this digest apart from every EIP-712 digest that the same key signs. */
function requestDigest({ method, path, body, recipient, time }: SignedRequest): Hash {
  const lines = ['Ballast peer request, version 1', method, path, recipient.toLowerCase(), String(time), keccak256(stringToBytes(body))]
  return keccak256(stringToBytes(lines.join('\n')))
}

/** Value of the `authorization` header. */
export async function signRequest(signer: Signer, request: SignedRequest): Promise<string> {
  return `Ballast ${request.time} ${await signer.signDigest(requestDigest(request))}`
}

/**
 * Checks authorization headers; remembers what it has seen while it could still pass.
 *
 * @param isSteward - Where stewards may ask, too: whether an address is one.
 */
export type RequestGuard = (
  header: string | undefined,
  request: Omit<SignedRequest, 'time' | 'recipient'>,
  isSteward?: (address: Address) => Promise<boolean>,
) => Promise<Address>

/**
 * @param recipient - This engine.
 * @param allowed - Engines whose requests are answered.
 * @param now - Milliseconds since 1970.
 * @returns A function that gives the signer, and throws {HttpFault} 401 without a good signature, 403 for a stranger, 409 for a repetition.
 */
export function createRequestGuard(recipient: Address, allowed: readonly Address[], now: () => number): RequestGuard {
  const seen = new Map<Hash, number>()
  const known = new Map(allowed.map((address) => [address.toLowerCase(), address]))
  return async (header, request, isSteward) => {
    const [, time, signature] = /^Ballast (\d{1,15}) (0x[0-9a-f]{130})$/.exec(header ?? '') ?? []
    if (time === undefined || signature === undefined)
      throw new HttpFault(401, 'unsigned', 'The authorization header must be: Ballast <milliseconds> <signature>.')
    if (Math.abs(now() - Number(time)) > MAX_SKEW_MILLISECONDS) {
      throw new HttpFault(
        401,
        'clock',
        `The request's time is ${Math.round(Math.abs(now() - Number(time)) / 1_000)} s from this engine's; the limit is ${MAX_SKEW_MILLISECONDS / 1_000} s.`,
      )
    }
    const digest = requestDigest({ ...request, recipient, time: Number(time) })
    const signer = await recover(digest, signature as Hex)
    const caller = signer && (known.get(signer.toLowerCase()) ?? ((await isSteward?.(signer)) ? signer : undefined))
    if (caller === undefined) {
      const others = isSteward === undefined ? '' : ' and no steward'
      throw new HttpFault(403, 'stranger', `The signer ${signer ?? 'of this request'} is not one of the engines${others}.`)
    }
    for (const [old, until] of seen) if (until < now()) seen.delete(old)
    if (seen.has(digest)) throw new HttpFault(409, 'repeated', 'This request was already answered.')
    seen.set(digest, Number(time) + MAX_SKEW_MILLISECONDS)
    return caller
  }
}

async function recover(hash: Hash, signature: Hex): Promise<Address | undefined> {
  try {
    return await recoverAddress({ hash, signature })
  } catch {
    return undefined
  }
}
