import type { PublicClient } from 'viem'
import type { Deployment } from '../../risk/types/index.ts'

/** A node, what is deployed on its chain, and the block at which everything is read. */
export type PinnedReader = { readonly client: PublicClient; readonly deployment: Deployment; readonly block: bigint }
