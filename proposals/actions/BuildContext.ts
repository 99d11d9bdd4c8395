import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import type { MarketDefaults } from '../../risk/catalogue/index.ts'
import type { Address, Catalogue, Deployment, Hash } from '../../risk/types/index.ts'
import type { ProtocolState } from '../state/index.ts'

/** What a draft is built against. */
export type BuildContext = {
  readonly deployment: Deployment
  /** Clearing on top of it; null where there is none. */
  readonly clearing: ClearingDeployment | null
  readonly catalogue: Catalogue
  /** The chain as it is now: fields that a draft leaves out come from here. */
  readonly state: ProtocolState
  /** Rules and first values of a market or collateral from a file that the draft names. Throws what the reader throws. */
  readonly readContents: (file: string) => MarketDefaults
  /** The deployment of a successor from a file that the draft names. */
  readonly readDeployment: (file: string) => Deployment
  /** EXTCODEHASH of an account; the zero hash for one that was never used. */
  readonly codeHashOf: (account: Address) => Promise<Hash>
  /** Where the contract of post-conditions stands, or will stand. */
  readonly postConditions: Address
}
