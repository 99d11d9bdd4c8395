import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import type { Address, Deployment, ParameterUnit } from '../../risk/types/index.ts'
import type { PostConditionsContract } from '../conditions/index.ts'
import type { ContractDirectory, DecodedCall } from '../decode/index.ts'
import type { EncodedProposal } from '../encode/index.ts'
import type { Expectation } from '../expect/index.ts'
import type { RiskAssessment } from '../risk/index.ts'
import type { Simulation } from '../simulate/index.ts'
import type { ProtocolState } from '../state/index.ts'

/** Another proposal that may still be executed. */
export type LiveProposal = { readonly id: bigint; readonly title: string; readonly state: string; readonly calls: readonly DecodedCall[] }

/** What a check may look at. */
export type CheckInput = {
  readonly deployment: Deployment
  /** Clearing on top of it; null where there is none. */
  readonly clearing: ClearingDeployment | null
  /** The chain at the pinned block. */
  readonly state: ProtocolState
  readonly proposal: EncodedProposal
  /** Calls of the proposal, in order. */
  readonly calls: readonly DecodedCall[]
  readonly directory: ContractDirectory
  readonly simulation: Simulation
  /** What the calls should change, by their meaning and by what the draft states. */
  readonly expectation: Expectation
  /** What the writer of a draft declared; null for a proposal that was not made here. */
  readonly draft: { readonly proposer: Address | null; readonly effects: Readonly<Record<string, string>> } | null
  readonly postConditions: PostConditionsContract
  /** Other proposals that are pending, active, succeeded or queued. */
  readonly others: readonly LiveProposal[]
  readonly risk: RiskAssessment
}

/** What a check found. An error blocks submission; a warning is for the voter to weigh. */
export type Findings = { readonly info: readonly string[]; readonly warnings: readonly string[]; readonly errors: readonly string[] }

export type Check = {
  /** Stable name, for machines and for the file. */
  readonly name: string
  /** What it makes sure of, as a sentence. */
  readonly title: string
  readonly check: (input: CheckInput) => Findings
}

export type CheckResult = Findings & Pick<Check, 'name' | 'title'>

/** Unit of a parameter in a state; basis points for one that the catalogue does not know. */
export function unitOf({ catalogue }: Pick<ProtocolState, 'catalogue'>, id: string): ParameterUnit {
  return catalogue.parameters.find((spec) => spec.id === id)?.unit ?? 'bps'
}
