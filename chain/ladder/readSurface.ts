import type { PublicClient } from 'viem'
import type { SurfaceSlice } from '../../risk/margin/ladder/index.ts'
import type { Address, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'
import { surfaceOracleAbi } from '../generated/index.ts'
import { encodeScopeId } from '../ids/index.ts'

/** Where a market's surface stands: what the next post has to go beyond. */
export type SurfaceHead = { readonly epoch: number; readonly version: number; readonly asOf: UnixSeconds }

/** Epoch of the signers, version and observation of the last post; zeros before the first. */
export async function readSurfaceHead(client: PublicClient, address: Address, market: ScopeId): Promise<SurfaceHead> {
  const at = { address, abi: surfaceOracleAbi } as const
  return withChainErrors(async () => {
    const [epoch, [version, asOf]] = await Promise.all([
      client.readContract({ ...at, functionName: 'epoch' }),
      client.readContract({ ...at, functionName: 'lastOf', args: [encodeScopeId(market)] }),
    ])
    return { epoch, version, asOf }
  }, address)
}

/** The slice of an expiry as it is stored; null when there is none. */
export async function readSlice(
  client: PublicClient,
  address: Address,
  market: ScopeId,
  expiry: UnixSeconds,
): Promise<SurfaceSlice | null> {
  const args = [encodeScopeId(market), expiry] as const
  const slice = await withChainErrors(() => client.readContract({ address, abi: surfaceOracleAbi, functionName: 'sliceOf', args }), address)
  return slice.version === 0 ? null : slice
}

/** Who may sign surfaces, and how many must. */
export async function readSurfaceSigners(
  client: PublicClient,
  address: Address,
): Promise<{ readonly signers: readonly Address[]; readonly threshold: number }> {
  const [signers, threshold] = await withChainErrors(
    () => client.readContract({ address, abi: surfaceOracleAbi, functionName: 'signers' }),
    address,
  )
  return { signers, threshold }
}
