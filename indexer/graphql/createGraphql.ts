import { type DocumentNode, parse } from 'graphql'
import { createGraphQLError, createSchema, createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import type { IndexStatus } from '../../chain/index-client/index.ts'
import { entities } from '../entities/index.ts'
import type { IndexFile } from '../store/openIndex.ts'
import { explain } from './explain.ts'
import { MAX_TOKENS, sizeRule } from './limits.ts'
import { type ListArguments, listRows } from './listRows.ts'
import { createScalars } from './scalars.ts'
import { typeDefs } from './typeDefs.ts'

export type Graphql = YogaServerInstance<object, object>

const limits: Plugin = {
  onParse: ({ setParseFn }) => setParseFn(parseLimited),
  onValidate: ({ addValidationRule }) => addValidationRule(sizeRule),
}

/**
 * GraphQL over an index. Every answer is computed in one go, so all lists of a query are of the block that its `status` names.
 *
 * @param status - Asked once per query that wants it.
 */
export function createGraphql(file: IndexFile, chainId: number, status: () => IndexStatus): Graphql {
  const lists = entities.map((entity) => [
    entity.list,
    (_root: unknown, args: ListArguments) => explain(() => listRows(file, entity, args)),
  ])
  const schema = createSchema({
    typeDefs,
    resolvers: { ...createScalars(chainId), Query: { status, ...Object.fromEntries(lists) } },
  })
  return createYoga({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    maskedErrors: true,
    plugins: [limits],
  })
}

function parseLimited(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: MAX_TOKENS })
  } catch (error) {
    throw createGraphQLError((error as Error).message)
  }
}
