import type { Hash, ScopeId, UnixSeconds } from '../../risk/types/index.ts'

/**
 * What a run folder holds, in `run.json`. The folder is complete: explain and audit work on it after the chain has ended.
 *
 * run.json                 this
 * chain.ndjson             the chain as far as the protocol is concerned: logs, transactions, stored entries, head
 * catalogue.json           the parameter catalogue of the deployment
 * deployment.json          addresses of the contracts, as in deployments/<chain id>.json
 * clearing.json            addresses of clearing, as in deployments/<chain id>.clearing.json
 * engine-N.json            configuration of engine N; names its source and its store
 * engine-N.sqlite          store of engine N: documents by hash, rounds by time
 * monitor-N.sqlite         the accounts as engine N followed them, rebuilt from events when it is lost
 * engine-N.log             what engine N said
 * configuration-N.json     engine configuration N, as signed
 * documents/               documents by hash that are in no store
 * summary.json             the run summary, config/schema/run-summary.json
 */
export type RunManifest = {
  readonly schema: 'ballast.run'
  readonly version: 1
  readonly market: string
  /** Scopes that engines steered. */
  readonly scopes: readonly ScopeId[]
  readonly chainId: number
  /** First and last tick. */
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  /** Configuration files of the engines, whose stores hold the evidence. */
  readonly engines: readonly string[]
  /** Build that signed. */
  readonly engineBuild: Hash
}

/** Names of the files of a run folder. */
export const runFiles = {
  manifest: 'run.json',
  chain: 'chain.ndjson',
  catalogue: 'catalogue.json',
  deployment: 'deployment.json',
  clearing: 'clearing.json',
  summary: 'summary.json',
} as const
