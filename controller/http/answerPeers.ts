import type { z } from 'zod'
import { isSignedBy } from '../../chain/typed-data/index.ts'
import type { Address, Hash, ScopeId } from '../../risk/types/index.ts'
import type { EngineContext } from '../engine/EngineContext.ts'
import { isSteward } from '../engine/isSteward.ts'
import { reviewRound } from '../engine/reviewRound.ts'
import type { Poster } from '../poster/openPoster.ts'
import { HttpFault } from './HttpFault.ts'
import { keepCosign } from './keepCosign.ts'
import { listWaiting } from './listWaiting.ts'
import type { RequestGuard } from './peerAuth.ts'
import { MAX_REQUEST_BYTES, peerRoutes } from './peerRoutes.ts'
import { cosignRequestSchema, noticeSchema, signRequestSchema, surfaceRequestSchema } from './requestSchemas.ts'
import type { WaitingAnswer } from './waitingSchema.ts'

export type PeerRequest = {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly readBody: (limitBytes: number) => Promise<string>
}
/** A body to send with status 200. */
export type PeerAnswer = { readonly route: string; readonly body: string }

/**
 * Answers what other engines and stewards ask. What waits for a steward is shown to all; a steward's signature of it is its own credential. Everything else
 * needs the signature of an engine, or for documents of a steward.
 *
 * @param engines - Contexts by scope.
 * @param poster - Null where this engine has no key for surfaces.
 * @throws {HttpFault} With status, code and a sentence.
 */
export async function answerPeer(
  engines: ReadonlyMap<ScopeId, EngineContext>,
  guard: RequestGuard,
  request: PeerRequest,
  poster: Poster | null,
): Promise<PeerAnswer> {
  const { method, path } = request
  const body = method === 'POST' ? await request.readBody(MAX_REQUEST_BYTES) : ''
  if (method === 'POST' && path === peerRoutes.cosign) {
    const given = parse(cosignRequestSchema, body)
    await keepCosign(engineOf(engines, given.scope), given.digest, given.cosign)
    return { route: 'cosign', body: '{}' }
  }
  if (method === 'GET' && path === peerRoutes.waiting) {
    const answer: WaitingAnswer = { engine: anyOf(engines).key.address, rounds: [...engines.values()].flatMap(listWaiting) }
    return { route: 'waiting', body: JSON.stringify(answer) }
  }
  const document = /^\/v1\/documents\/(0x[0-9a-f]{64})$/.exec(path)?.[1] as Hash | undefined
  const readsDocument = method === 'GET' && document !== undefined
  const from = await guard(
    request.authorization,
    { method, path, body },
    readsDocument ? (who) => isSteward(anyOf(engines), who) : undefined,
  )
  if (readsDocument) return { route: 'document', body: documentOf(engines, document) }
  if (method === 'POST' && path === peerRoutes.sign) {
    const asked = parse(signRequestSchema, body)
    return { route: 'sign', body: JSON.stringify(await reviewRound(engineOf(engines, asked.scope), from, asked)) }
  }
  if (method === 'POST' && path === peerRoutes.surface) {
    if (poster === null) throw new HttpFault(404, 'noSurfaces', 'This engine has no key for surfaces.')
    return { route: 'surface', body: JSON.stringify(await poster.review(parse(surfaceRequestSchema, body).surface)) }
  }
  if (method === 'POST' && path === peerRoutes.notice) {
    await takeNotice(engines, from, parse(noticeSchema, body))
    return { route: 'notice', body: '{}' }
  }
  throw new HttpFault(404, 'noRoute', `There is no ${method} ${path}.`)
}

function documentOf(engines: ReadonlyMap<ScopeId, EngineContext>, document: Hash): string {
  for (const { store } of engines.values()) {
    const text = store.get(document)
    if (text !== undefined) return text
  }
  throw new HttpFault(404, 'noDocument', `This engine does not hold ${document}.`)
}

async function takeNotice(engines: ReadonlyMap<ScopeId, EngineContext>, from: Address, told: z.infer<typeof noticeSchema>): Promise<void> {
  const { mailbox, engines: known, threshold } = engineOf(engines, told.scope)
  switch (told.kind) {
    case 'accepted':
      return mailbox.wake()
    case 'passed':
      return mailbox.pass(told.observedAt, from)
    case 'signed': {
      const good: typeof told.signatures = []
      for (const each of told.signatures) {
        const engine = known.find((one) => one.toLowerCase() === each.signer.toLowerCase())
        if (engine !== undefined && (await isSignedBy(engine, told.digest, each.data))) good.push({ signer: engine, data: each.data })
      }
      if (new Set(good.map(({ signer }) => signer)).size < threshold)
        throw new HttpFault(400, 'tooFewSignatures', `${good.length} of ${threshold} signatures are good.`)
      return mailbox.keepSigned(told.digest, good)
    }
  }
}

/** Key and node are the same in every scope of a process. */
function anyOf(engines: ReadonlyMap<ScopeId, EngineContext>): EngineContext {
  const [first] = engines.values()
  if (first === undefined) throw new TypeError('An engine runs at least one scope.')
  return first
}

function engineOf(engines: ReadonlyMap<ScopeId, EngineContext>, about: ScopeId): EngineContext {
  const engine = engines.get(about)
  if (engine === undefined) throw new HttpFault(404, 'noScope', `This engine does not run ${about}.`)
  return engine
}

function parse<Result>(schema: z.ZodType<Result>, body: string): Result {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (cause) {
    throw new HttpFault(400, 'notJson', 'The body is not JSON.', {}, { cause })
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw new HttpFault(400, 'malformed', problems.join('; '))
}
