import type { Address, Hash, Hex, UnixSeconds } from '../../risk/types/index.ts'
import type { Protocol } from '../expect/index.ts'
import type { StateChange } from '../state/index.ts'

export type SimulationStep = {
  readonly step: 'deployConditions' | 'propose' | 'vote' | 'queue' | 'execute'
  readonly by: Address
  readonly time: UnixSeconds
  readonly gasUsed: bigint
}

/** A call that happened while the proposal was executed. */
export type CallNode = {
  readonly type: string
  readonly target: Address
  /** Name of the target; null when we do not know it. */
  readonly contract: string | null
  readonly functionName: string | null
  readonly selector: Hex
  /** Wei. */
  readonly value: bigint
  readonly gasUsed: bigint
  /** What a call inside said when it failed; null when it did not. */
  readonly error: string | null
  readonly children: readonly CallNode[]
}

export type SimulatedEvent = {
  readonly address: Address
  readonly contract: string | null
  readonly name: string | null
  /** Arguments by name; the topics and data where the event is unknown. */
  readonly args: Readonly<Record<string, string>>
}

/** A contract whose storage, code or ether the execution changed. */
export type TouchedAccount = {
  readonly address: Address
  readonly contract: string | null
  readonly slots: number
  readonly codeChanged: boolean
  /** Wei; zero when it did not change. */
  readonly etherChange: bigint
}

/** A proposal taken through its whole life on a copy of the chain. */
export type Simulation = {
  readonly pinned: { readonly block: bigint; readonly hash: Hash; readonly time: UnixSeconds }
  /** In which state the proposal was at the pinned block; `draft` when it was not submitted. */
  readonly from: string
  readonly steps: readonly SimulationStep[]
  /** Why it stopped; null when it was executed. */
  readonly failure: { readonly step: string; readonly sentence: string; readonly errorName: string | null } | null
  /** Right before the execution, or where it stopped. */
  readonly before: readonly Protocol[]
  /** After it; the same as before when it failed. */
  readonly after: readonly Protocol[]
  readonly changes: readonly StateChange[]
  readonly events: readonly SimulatedEvent[]
  readonly calls: CallNode | null
  readonly touched: readonly TouchedAccount[]
  /** Price sources that answer their last round as if it were new when the proposal is executed: nobody updates them on the copy. */
  readonly keptFresh: readonly Address[]
  /** Code of every target at the pinned block. */
  readonly codeHashes: readonly { readonly target: Address; readonly codeHash: Hash }[]
}
