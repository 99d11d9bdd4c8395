import type { Address, Hash, ScopeId, UnixSeconds } from '../../risk/types/index.ts'

/**
 * What a run folder holds, in `run.json`. The folder is complete: explain and audit work on it after the chain has ended.
 *
 * run.json            this
 * deployment.json     addresses of the contracts, as in deployments/<chain id>.json
 * configuration.json  what the engines agreed on; its hash is in every round
 * chain.ndjson        the chain as far as the protocol is concerned: logs, transactions, stored entries, heads
 * engine-N.sqlite     store of engine N: documents by hash, rounds by time
 * summary.json        the run summary, config/schema/run-summary.json
 */
export type RunManifest = {
  readonly schema: 'ballast.run'
  readonly version: 1
  readonly market: string
  readonly scope: ScopeId
  readonly chainId: number
  /** First and last tick. */
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly source:
    | { readonly kind: 'recorded'; readonly folder: string; readonly file: string }
    | { readonly kind: 'simulated'; readonly seed: number }
  readonly engines: readonly { readonly address: Address; readonly store: string }[]
  /** Hash of the engine build that signed. */
  readonly engineBuild: Hash
  readonly configuration: Hash
  /** State before the first tick, and the seed bars it was folded from. */
  readonly genesis: { readonly state: Hash; readonly seed: Hash }
}

/** Names of the files of a run folder. */
export const runFiles = {
  manifest: 'run.json',
  deployment: 'deployment.json',
  configuration: 'configuration.json',
  chain: 'chain.ndjson',
  summary: 'summary.json',
} as const
