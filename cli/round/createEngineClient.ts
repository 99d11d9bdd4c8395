import { z } from 'zod'
import { signRequest } from '../../controller/http/peerAuth.ts'
import { MAX_DOCUMENT_BYTES, MAX_REQUEST_BYTES, peerRoutes } from '../../controller/http/peerRoutes.ts'
import { readLimited } from '../../controller/http/readLimited.ts'
import { type WaitingAnswer, waitingSchema } from '../../controller/http/waitingSchema.ts'
import type { Address, Hash, RoundSignature, ScopeId, Signer } from '../../risk/types/index.ts'
import { CliError, type FailureKind, usageError } from '../kit/CliError.ts'

/** What a steward asks of one engine. Nothing that it answers is believed here. */
export type EngineClient = {
  /** For people: host and port. */
  readonly host: string
  readonly fetchWaiting: () => Promise<WaitingAnswer>
  /**
   * Asked for with a steward's key, for one engine.
   *
   * @returns Whatever text it gives for the hash; undefined when it has none.
   */
  readonly fetchDocument: (hash: Hash, steward: Signer, engine: Address) => Promise<string | undefined>
  readonly sendCosign: (scope: ScopeId, digest: Hash, cosign: RoundSignature) => Promise<void>
}

const TIMEOUT_MILLISECONDS = 15_000

const faultSchema = z.looseObject({
  code: z.string().max(50),
  // Goes to a terminal: no control characters.
  message: z
    .string()
    .max(2_000)
    .regex(/^\P{Cc}*$/u),
})
/** How refusals of an engine end the command; any other is a failure of the engine. */
const kinds: Readonly<Record<number, FailureKind>> = { 400: 'failure', 401: 'failure', 403: 'reverted', 404: 'notFound', 409: 'reverted' }
const hints: Readonly<Record<string, string>> = {
  clock: 'Set the clock of this machine.',
  host: 'The engine answers only hosts that its configuration names in http.allowedHosts.',
  noRound: 'It was sent, or this engine waits no longer: `ballast round list` shows what waits.',
}

/**
 * A client of one engine. Its failures are {CliError}s: `unavailable` when it does not answer or cannot, `reverted` when the mandate refuses, `notFound` when nothing waits.
 *
 * @param url - As `--engine` has it.
 * @throws {CliError} It is no http or https URL.
 */
export function createEngineClient(url: string, signal: AbortSignal): EngineClient {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usageError(`--engine is ${JSON.stringify(url)}; it must be an http or https URL.`)
  const { host } = new URL(url)

  const ask = async (method: 'GET' | 'POST', path: string, limit: number, body = '', authorization = ''): Promise<string> => {
    let status: number
    let text: string
    try {
      const response = await fetch(new URL(path, url), {
        method,
        headers: { 'content-type': 'application/json', ...(authorization !== '' && { authorization }) },
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
        ...(method === 'POST' && { body }),
      })
      status = response.status
      text = await readLimited(response.body as (AsyncIterable<Uint8Array> & typeof response.body) | null, limit)
    } catch (cause) {
      signal.throwIfAborted()
      throw new CliError(
        'unavailable',
        `The engine at ${host} does not answer: ${faultOf(cause)}.`,
        'Name another engine with --engine.',
        { host },
        { cause },
      )
    }
    if (status === 200) return text
    const fault = faultSchema.safeParse(parseJson(text))
    if (!fault.success)
      throw new CliError('unavailable', `${host} answers ${path} with status ${status}; it is no engine of this version.`, '', {
        host,
        status,
      })
    const { code, message } = fault.data
    throw new CliError(kinds[status] ?? 'unavailable', `The engine at ${host} refuses: ${message}`, hints[code] ?? '', { host, code })
  }

  return {
    host,
    async fetchWaiting() {
      const parsed = waitingSchema.safeParse(parseJson(await ask('GET', peerRoutes.waiting, MAX_DOCUMENT_BYTES)))
      if (parsed.success) return parsed.data
      const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'answer'}: ${message}`)
      throw new CliError('unavailable', `The answer of ${host} cannot be read; it is no engine of this version.`, problems.join('\n'), {
        host,
      })
    },
    async fetchDocument(hash, steward, engine) {
      const path = peerRoutes.document(hash)
      const authorization = await signRequest(steward, { method: 'GET', path, body: '', recipient: engine, time: Date.now() })
      try {
        return await ask('GET', path, MAX_DOCUMENT_BYTES, '', authorization)
      } catch (error) {
        if (error instanceof CliError && error.kind === 'notFound') return undefined
        throw error
      }
    },
    async sendCosign(scope, digest, cosign) {
      await ask('POST', peerRoutes.cosign, MAX_REQUEST_BYTES, JSON.stringify({ scope, digest, cosign }))
    },
  }
}

function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault'
  if (error.name === 'TimeoutError') return `nothing came within ${TIMEOUT_MILLISECONDS / 1_000} s`
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.message
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
