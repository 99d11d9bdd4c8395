import type { PublicClient } from 'viem'
import { readSurfaceSigners } from '../../chain/ladder/index.ts'
import { type Domain, isSignedBy, type SurfaceToSign, surfaceDigest } from '../../chain/typed-data/index.ts'
import type { Address, RoundSignature } from '../../risk/types/index.ts'
import type { Peers } from '../engine/Peers.ts'
import { PeerError } from '../errors/EngineErrors.ts'
import { SurfaceSignaturesError } from '../errors/PosterErrors.ts'
import type { Log } from '../log/createLog.ts'
import type { EngineKey } from '../signers/EngineKey.ts'
import { toSurfaceDocument } from './surfaceDocument.ts'

export type CollectContext = {
  readonly client: PublicClient
  readonly surfaceOracle: Address
  readonly domain: Domain
  readonly key: EngineKey
  readonly peers: Pick<Peers, 'addresses' | 'requestSurfaceSignature'>
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * As many signatures of a surface as the oracle asks for: the own one, then those of other engines, each of which compares the surface with its own source.
 *
 * @returns Ascending by signer, as the contract wants them.
 * @throws {SurfaceSignaturesError} This key is not a surface signer's, or too few signed; each refusal is named.
 */
export async function collectSignatures(context: CollectContext, surface: SurfaceToSign): Promise<readonly RoundSignature[]> {
  const { client, surfaceOracle, domain, key, peers, log, signal } = context
  const { signers, threshold } = await readSurfaceSigners(client, surfaceOracle)
  const digest = surfaceDigest(surface, domain)
  const isSigner = (address: Address): boolean => signers.some((each) => each.toLowerCase() === address.toLowerCase())
  if (!isSigner(key.address))
    throw new SurfaceSignaturesError({
      version: surface.version,
      given: 0,
      needed: threshold,
      refusals: [`${key.address} is no surface signer`],
    })
  const signatures = new Map<string, RoundSignature>()
  const keep = (signature: RoundSignature): void => void signatures.set(signature.signer.toLowerCase(), signature)
  keep({ signer: key.address, data: await key.signDigest(digest) })
  const refusals: string[] = []
  for (const peer of peers.addresses) {
    if (signatures.size >= threshold) break
    try {
      const signature = await peers.requestSurfaceSignature(peer, { surface: toSurfaceDocument(surface) }, signal)
      if (isSigner(signature.signer) && (await isSignedBy(signature.signer, digest, signature.data))) keep(signature)
      else refusals.push(`engine ${peer} sent a signature of ${signature.signer}, which is no surface signer's or of something else`)
    } catch (error) {
      if (!(error instanceof PeerError)) throw error
      refusals.push(error.message)
      log.warn({ peer, version: surface.version, error }, 'peer did not sign the surface')
    }
  }
  if (signatures.size < threshold)
    throw new SurfaceSignaturesError({ version: surface.version, given: signatures.size, needed: threshold, refusals })
  return [...signatures.values()].sort((a, b) => (BigInt(a.signer) < BigInt(b.signer) ? -1 : 1)).slice(0, threshold)
}
