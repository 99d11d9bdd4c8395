import type { Deployment } from '../../risk/types/index.ts'
import type { ProtocolState } from '../state/index.ts'

/** A deployment and its state: the one that is governed first, then successors that a proposal hands over to. */
export type Protocol = {
  /** Empty for the first, `successor:` for the next; stands before its paths. */
  readonly prefix: string
  readonly deployment: Deployment
  readonly state: ProtocolState
}
