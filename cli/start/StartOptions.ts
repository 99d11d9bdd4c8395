import type { DaemonConfig } from '../../controller/config/schema.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'

/** What `npm start` was asked for, parsed. */
export type StartOptions = {
  readonly market: string
  /** First and last tick, on the hour. */
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly source: DaemonConfig['source']
  readonly accounts: number
  readonly seed: string
  /** Port of the chain's JSON-RPC; 0 takes any free one. */
  readonly rpcPort: number
  /** Where the run folder goes. */
  readonly folder: string
}
