import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import type { Deployment } from '../../risk/types/index.ts'
import type { ProtocolState } from '../state/index.ts'

/** A deployment and its state: the one that is governed first, then successors that a proposal hands over to. */
export type Protocol = {
  /** Empty for the first, `successor:` for the next; stands before its paths. */
  readonly prefix: string
  readonly deployment: Deployment
  /** Clearing on top of it; null where there is none, or none was named. */
  readonly clearing: ClearingDeployment | null
  readonly state: ProtocolState
}
