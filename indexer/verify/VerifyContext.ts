import type { PublicClient } from 'viem'
import type { IndexList, IndexRows, IndexStatus } from '../../chain/index-client/index.ts'
import type { Deployment, UnixSeconds } from '../../risk/types/index.ts'

/** Everything an index holds, as of one block. */
export type IndexContent = { readonly [List in IndexList]: readonly IndexRows[List][] }

/** What a comparison works with. All chain reads are made at `block`. */
export type VerifyContext = {
  readonly client: PublicClient
  readonly deployment: Deployment
  readonly content: IndexContent
  readonly status: IndexStatus
  readonly block: bigint
  /** Chain time of that block. */
  readonly time: UnixSeconds
  readonly signal: AbortSignal
}

/** One place where index and chain differ. */
export type IndexFinding = {
  readonly list: IndexList | 'status'
  /** Which row, for people. */
  readonly row: string
  readonly field: string
  readonly index: string
  readonly chain: string
}

/** What one comparison found, and how many fields it compared. */
export type Comparison = { readonly compared: number; readonly findings: readonly IndexFinding[] }
