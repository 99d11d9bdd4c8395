import { ClientError, GraphQLClient } from 'graphql-request'
import { type IndexPage, type PageVariables, pageDocument, statusDocument } from './documents.ts'
import { IndexMovedError, IndexRefusedError, IndexUnavailableError } from './IndexClientErrors.ts'
import type { IndexList, IndexRows, IndexStatus } from './IndexRows.ts'

/** Reads an index. What a security decision depends on is read from the chain instead. */
export type IndexClient = {
  readonly url: string
  readonly status: () => Promise<IndexStatus>
  readonly page: <List extends IndexList>(list: List, variables?: PageVariables) => Promise<IndexPage<List>>
  /**
   * All rows of a list that fit, oldest first, as of one block.
   *
   * @throws {IndexMovedError} The index went on or back between two pages.
   */
  readonly all: <List extends IndexList>(
    list: List,
    where?: NonNullable<PageVariables['where']>,
  ) => Promise<{ readonly status: IndexStatus; readonly rows: readonly IndexRows[List][] }>
}

const TIMEOUT_MILLISECONDS = 15_000
const PAGE = 500

/**
 * @param url - Of the service, with or without `/graphql`.
 * @param transport - Replaces `fetch`, for an index in the same process.
 * @throws from its functions: {IndexUnavailableError}, {IndexRefusedError}.
 */
export function createIndexClient(url: string, transport: typeof fetch = fetch): IndexClient {
  const endpoint = url.endsWith('/graphql') ? url : `${url.replace(/\/$/, '')}/graphql`
  const client = new GraphQLClient(endpoint, { fetch: transport })
  const ask = async <Result>(act: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
    try {
      return await act(AbortSignal.timeout(TIMEOUT_MILLISECONDS))
    } catch (error) {
      const [refused] = error instanceof ClientError ? (error.response.errors ?? []) : []
      if (refused !== undefined) throw new IndexRefusedError({ host: hostOf(url), detail: refused.message }, { cause: error })
      throw new IndexUnavailableError({ host: hostOf(url), detail: (error as Error).message.split('\n')[0] ?? '' }, { cause: error })
    }
  }
  const page = <List extends IndexList>(list: List, variables: PageVariables = {}): Promise<IndexPage<List>> =>
    ask((signal) => client.request({ document: pageDocument(list), variables, signal }))
  return {
    url: endpoint,
    status: async () => (await ask((signal) => client.request({ document: statusDocument, variables: {}, signal }))).status,
    page,
    async all(list, where) {
      const variables = { first: PAGE, ...(where && { where }) }
      const first = await page(list, variables)
      const rows = [...first.page.nodes]
      let { hasNextPage, endCursor } = first.page.pageInfo
      while (hasNextPage && endCursor !== null) {
        const next = await page(list, { ...variables, after: endCursor })
        if (next.status.blockHash !== first.status.blockHash)
          throw new IndexMovedError({ list, from: first.status.block, to: next.status.block })
        rows.push(...next.page.nodes)
        ;({ hasNextPage, endCursor } = next.page.pageInfo)
      }
      return { status: first.status, rows }
    },
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
