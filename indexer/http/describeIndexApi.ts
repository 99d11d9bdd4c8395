import { z } from 'zod'
import type { IndexStatus } from '../../chain/index-client/index.ts'
import { MAX_BODY_BYTES } from './limits.ts'

/** Everything an index answers. */
export const indexPaths = ['/graphql', '/calendar.ics', '/health', '/ready', '/openapi.json'] as const
export type IndexPath = (typeof indexPaths)[number]

const count = z.int().min(0)
const statusSchema = z.strictObject({
  alive: z.boolean().describe('Whether the loop that follows the chain runs.'),
  chain: z.string().describe('CAIP-2.'),
  token: z.string().nullable().describe('CAIP-19; null where the DAO has no token of its own.'),
  block: count.nullable().describe('Last indexed block.'),
  blockHash: z.string().nullable(),
  time: z.int().nullable().describe('Of that block, seconds.'),
  headBlock: count.nullable().describe('Head of the chain as the node said last.'),
  lagBlocks: count.nullable(),
  links: count.describe('Links of the hash chain that were followed.'),
  historyHead: z.string(),
  ready: z.boolean().describe('Whether the answers are those of the chain now.'),
  reasons: z.array(z.string()).describe('Why it is not ready; empty when it is.'),
  rollbacks: count,
  deepestRollback: count.describe('Blocks.'),
  rebuilds: count,
} satisfies Readonly<Record<keyof IndexStatus | 'alive', z.ZodType>>)
const errorsSchema = z.array(z.looseObject({ message: z.string() }))
const schemas = {
  Status: statusSchema,
  Fault: z.strictObject({ code: z.string().describe('For programs.'), message: z.string().describe('For people.') }),
  Query: z.strictObject({
    query: z.string(),
    operationName: z.string().nullable().optional(),
    variables: z.record(z.string(), z.unknown()).nullable().optional(),
    extensions: z.record(z.string(), z.unknown()).optional(),
  }),
  Result: z.strictObject({ data: z.record(z.string(), z.unknown()).nullable().optional(), errors: errorsSchema.optional() }),
} as const

const json = (name: keyof typeof schemas): object => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } })
const answer = (description: string, content: object): object => ({ description, content })
const fault = (description: string): object => answer(description, json('Fault'))
/** Of every path. */
const common = { 405: fault('Another method.'), 421: fault('The Host header is another one.'), 500: fault('The index failed to answer.') }
const read = (summary: string, responses: object): object => ({ get: { summary, responses: { ...responses, ...common } } })

/** OpenAPI 3.1 of everything that an index serves; the schema of GraphQL explains itself. @see https://spec.openapis.org/oas/v3.1.1.html */
export function describeIndexApi(): object {
  const behind = answer('It is not, and says why.', json('Status'))
  const paths: Readonly<Record<IndexPath, object>> = {
    '/graphql': {
      post: {
        summary: 'Parameters, rounds, proposals and all else that happened, as GraphQL',
        requestBody: { required: true, content: json('Query'), description: `At most ${MAX_BODY_BYTES} bytes.` },
        responses: {
          200: answer('The result, or what is wrong with the query.', json('Result')),
          400: answer('The body is no query.', json('Result')),
          413: fault('The body is too large.'),
          415: fault('The body is not JSON.'),
          ...common,
        },
      },
    },
    '/calendar.ics': read('What governance waits for, as iCalendar (RFC 5545)', {
      200: answer('The calendar.', { 'text/calendar': { schema: { type: 'string' } } }),
      503: answer('The index is behind: dates may have moved.', json('Status')),
    }),
    '/health': read('Whether the index follows the chain', { 200: answer('It does.', json('Status')), 503: behind }),
    '/ready': read('Whether the answers are those of the chain now', { 200: answer('They are.', json('Status')), 503: behind }),
    '/openapi.json': read('This document', { 200: answer('OpenAPI 3.1.', { 'application/json': { schema: { type: 'object' } } }) }),
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Ballast index', version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: { schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schemaOf(schema)])) },
  }
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema)
  return rest
}
