import { z } from 'zod'
import { MAX_REQUEST_BYTES, peerRoutes } from './peerRoutes.ts'
import {
  cosignRequestSchema,
  hashSchema,
  noticeSchema,
  scopeSchema,
  signatureSchema,
  signRequestSchema,
  surfaceRequestSchema,
  timeSchema,
} from './requestSchemas.ts'
import { waitingSchema } from './waitingSchema.ts'

/** What anyone may read. */
export const pagePaths = ['/', '/healthz', '/readyz', '/metrics', '/openapi.json'] as const
export type PagePath = (typeof pagePaths)[number]

const healthSchema = z.strictObject({
  healthy: z.boolean(),
  scopes: z.array(
    z.strictObject({
      scope: scopeSchema,
      lastGoodTick: timeSchema.nullable().describe('Observation time of the last accepted round.'),
      ageSeconds: z.number().nullable(),
      limitSeconds: z.int().describe('Age above which the engine is not healthy.'),
      healthy: z.boolean(),
    }),
  ),
})
const readinessSchema = z.strictObject({
  ready: z.boolean().describe('Whether every component is.'),
  components: z.array(z.strictObject({ name: z.string(), ready: z.boolean(), detail: z.string() })),
})
const faultSchema = z.strictObject({
  code: z.string().describe('For programs.'),
  message: z.string().describe('For people.'),
  claimed: z.strictObject({ digest: hashSchema, snapshot: hashSchema }).optional().describe('The round that this engine signed instead.'),
})
const schemas = {
  Health: healthSchema,
  Readiness: readinessSchema,
  Fault: faultSchema,
  SignRequest: signRequestSchema,
  Signature: signatureSchema,
  Notice: noticeSchema,
  CosignRequest: cosignRequestSchema,
  Waiting: waitingSchema,
  SurfaceRequest: surfaceRequestSchema,
  Nothing: z.strictObject({}),
} as const

type Media = { readonly [type: string]: { readonly schema: object } }
const json = (name: keyof typeof schemas): Media => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } })
const answer = (description: string, content?: Media): object => ({ description, ...(content && { content }) })
const refusals = (texts: Readonly<Record<number, string>>): object =>
  Object.fromEntries(Object.entries(texts).map(([status, text]) => [status, answer(text, json('Fault'))]))
/** Of every path. */
const common = refusals({ 421: 'The Host header is another one.', 500: 'The engine failed; its log says why.' })
const page = (summary: string, responses: object): object => ({ get: { summary, security: [], responses: { ...responses, ...common } } })
const peer = (
  summary: string,
  request: keyof typeof schemas,
  response: keyof typeof schemas,
  more: Readonly<Record<number, string>>,
  open = false,
): object => ({
  post: {
    summary,
    security: open ? [] : [{ engine: [] }],
    requestBody: { required: true, content: json(request), description: `At most ${MAX_REQUEST_BYTES} bytes.` },
    responses: {
      200: answer('Done.', json(response)),
      ...refusals({
        400: 'The body is malformed; the message says where.',
        404: 'The scope or the round is not known here.',
        413: 'The body is too large.',
      }),
      ...(open ? {} : refusals(authorization)),
      ...refusals(more),
      ...common,
    },
  },
})
const authorization = {
  401: 'There is no good authorization header, or its time is more than 30 s away.',
  403: 'The signer is not one of the engines.',
  409: 'The request was answered before.',
}

/** OpenAPI 3.1 of everything that an engine serves. @see https://spec.openapis.org/oas/v3.1.1.html */
export function describeApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ballast engine',
      version: '1',
      description: 'Pages for people and monitors, and what engines ask each other. Answers only hosts that are configured.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      '/': page('Status page, without scripts', { 200: answer('The page.', { 'text/html': { schema: { type: 'string' } } }) }),
      '/healthz': page('Age of the last good tick', {
        200: answer('Healthy.', json('Health')),
        503: answer('The last good tick is too old.', json('Health')),
      }),
      '/readyz': page('Every part of the process', {
        200: answer('Ready.', json('Readiness')),
        503: answer('A part is not.', json('Readiness')),
      }),
      '/metrics': page('Metrics for Prometheus', { 200: answer('The metrics.', { 'text/plain': { schema: { type: 'string' } } }) }),
      '/openapi.json': page('This document', { 200: answer('OpenAPI 3.1.', { 'application/json': { schema: { type: 'object' } } }) }),
      [peerRoutes.sign]: peer('Check a snapshot, recompute the round, sign it', 'SignRequest', 'Signature', {
        409: 'It is not signed: the code names the difference, or the round that was signed instead; or the request was answered before.',
      }),
      [peerRoutes.notice]: peer('A hint about a round', 'Notice', 'Nothing', {}),
      [peerRoutes.surface]: peer('Compare a surface with the own one, sign it with the key for surfaces', 'SurfaceRequest', 'Signature', {
        404: 'This engine has no key for surfaces.',
        409: 'It is not signed: the message names the difference; or the request was answered before.',
      }),
      [peerRoutes.cosign]: peer(
        "A steward's signature of a round that waits here",
        'CosignRequest',
        'Nothing',
        {
          403: 'The signer is no steward, is an engine, or did not sign this digest: the mandate says which.',
          404: 'No round with this digest waits here.',
          409: 'The mandate refuses the round itself; the message says why.',
        },
        true,
      ),
      [peerRoutes.waiting]: page("Rounds that wait for a steward's signature here", { 200: answer('The rounds.', json('Waiting')) }),
      [peerRoutes.document('{hash}' as never)]: {
        get: {
          summary: 'A stored document, as canonical JSON (RFC 8785)',
          description: 'Stewards may ask, too, so that they can compute a round again before they sign it.',
          security: [{ engine: [] }],
          parameters: [
            {
              name: 'hash',
              in: 'path',
              required: true,
              schema: { type: 'string', pattern: '^0x[0-9a-f]{64}$' },
              description: 'keccak256 of its bytes.',
            },
          ],
          responses: {
            200: answer('The document.', { 'application/json': { schema: {} } }),
            ...refusals({ 404: 'This engine does not hold it.', ...authorization, 403: 'The signer is neither an engine nor a steward.' }),
            ...common,
          },
        },
      },
    },
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schemaOf(schema)])),
      securitySchemes: {
        engine: {
          type: 'apiKey',
          in: 'header',
          name: 'authorization',
          description:
            '`Ballast <milliseconds> <signature>` by an engine, or where it says so a steward, over method, path, body, recipient and time (controller/http/peerAuth.ts). Good once, for 30 s.',
        },
      },
    },
  }
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' })
  return rest
}
