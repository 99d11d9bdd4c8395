import { createPublicClient, custom, type PublicClient } from 'viem'
import type { LocalChain } from '../../../chain/local/index.ts'

type Params = readonly unknown[]
/** Answers a request instead of the node, or after asking it. */
export type Bend = (method: string, params: Params, ask: () => Promise<unknown>) => Promise<unknown>

export type BentClient = { readonly client: PublicClient; bend: Bend }

/** A client of a local chain whose node can be made to lie. Honest at first. */
export function createBentClient(local: LocalChain): BentClient {
  const bent: { client?: PublicClient; bend: Bend } = { bend: (_method, _params, ask) => ask() }
  const request = ({ method, params = [] }: { method: string; params?: Params }): Promise<unknown> =>
    bent.bend(method, params, () => local.request(method, params))
  bent.client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 })
  return bent as BentClient
}

export const honest: Bend = (_method, _params, ask) => ask()
