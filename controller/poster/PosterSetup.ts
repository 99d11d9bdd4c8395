import type { PublicClient } from 'viem'
import type { Domain } from '../../chain/typed-data/index.ts'
import type { Address, EngineConfiguration, ScopeId, Seconds } from '../../risk/types/index.ts'
import type { Log } from '../log/createLog.ts'
import type { EngineKey } from '../signers/EngineKey.ts'
import type { SurfaceSource } from '../sources/surfaces/SurfaceSource.ts'

/** What an engine needs to post surfaces and to sign those of others; one market. */
export type PosterSetup = {
  readonly market: ScopeId
  readonly client: PublicClient
  readonly contracts: { readonly chains: Address; readonly surfaceOracle: Address }
  /** Domain of the surface oracle. */
  readonly domain: Domain
  /** The surface signer's, never an engine's. */
  readonly key: EngineKey
  readonly source: SurfaceSource
  readonly tolerance: EngineConfiguration['tolerance']
  readonly settings: {
    readonly maxAgeSeconds: Seconds
    readonly validitySeconds: Seconds
    readonly gasLimit: number
    readonly timeoutSeconds: Seconds
  }
  readonly log: Log
}
