import { readSurfaceHead } from '../../chain/ladder/index.ts'
import { surfaceDigest } from '../../chain/typed-data/index.ts'
import type { RoundSignature } from '../../risk/types/index.ts'
import { HttpFault } from '../http/HttpFault.ts'
import { compareSurfaces } from './compareSurfaces.ts'
import type { PosterSetup } from './PosterSetup.ts'
import { fromSurfaceDocument, type SurfaceDocument } from './surfaceDocument.ts'

/**
 * Answers a request for a surface signature: compares the surface with the own source's within the tolerances of the engine's configuration and its envelope with the chain's, and signs
 * only then. A version can be posted once, so what is signed twice is posted once.
 *
 * @throws {HttpFault} With what differs, both values and the limit.
 */
export async function reviewSurface(setup: PosterSetup, document: SurfaceDocument): Promise<RoundSignature> {
  const { market, client, contracts, source, key, domain, settings, tolerance, log } = setup
  const surface = fromSurfaceDocument(document)
  const refuse = (what: string, own: unknown, theirs: unknown, limit: string): never => {
    log.warn({ market, what, own: String(own), theirs: String(theirs) }, 'surface not signed')
    throw new HttpFault(409, 'surface', `The surface has ${what} ${String(theirs)}; this engine has ${String(own)} (limit ${limit}).`)
  }
  if (surface.market !== market) refuse('market', market, surface.market, 'the same')
  const [head, { timestamp }] = await Promise.all([
    readSurfaceHead(client, contracts.surfaceOracle, market),
    client.getBlock({ blockTag: 'latest' }),
  ])
  const now = Number(timestamp)
  if (surface.epoch !== head.epoch) refuse('epoch', head.epoch, surface.epoch, 'the same')
  if (surface.version !== head.version + 1) refuse('version', head.version + 1, surface.version, 'the next')
  if (surface.asOf > now || now - surface.asOf > settings.maxAgeSeconds)
    refuse('time', now, surface.asOf, `not in the future, at most ${settings.maxAgeSeconds} s old`)
  if (surface.validUntil - surface.asOf > settings.validitySeconds)
    refuse('validity', settings.validitySeconds, surface.validUntil - surface.asOf, `at most ${settings.validitySeconds} s`)
  const own = await source.fetchSurface(
    surface.asOf,
    surface.slices.map(({ expiry }) => expiry),
  )
  const comparison = compareSurfaces(own, surface, tolerance)
  if (comparison.kind === 'differ') return refuse(comparison.what, comparison.own, comparison.theirs, String(comparison.limit))
  const signature = { signer: key.address, data: await key.signDigest(surfaceDigest(surface, domain)) }
  log.info({ market, version: surface.version, expiries: surface.slices.length }, 'surface signed for another')
  return signature
}
