import type { Address, Hash, Hex } from './units.ts'

/** One call of a proposal. `value` in wei. */
export type Action = { readonly target: Address; readonly value: bigint; readonly data: Hex; readonly summary: string }

/** A proposal before it is submitted. The description's bytes are part of the id. */
export type ProposalDraft = {
  readonly schema: 'ballast.draft'
  readonly version: 1
  readonly title: string
  readonly description: string
  readonly actions: readonly Action[]
}

/** What `deployments/<chainId>.json` holds. */
export type Deployment = {
  readonly schema: 'ballast.deployment'
  readonly version: 1
  readonly chainId: number
  readonly block: string
  readonly catalogue: Hash
  readonly contracts: {
    readonly token: Address | null
    readonly governor: Address | null
    readonly timelock: Address
    readonly guardianTerm: Address
    readonly riskParameters: Address
    readonly controllerMandate: Address
    readonly looseningVeto: Address
    readonly riskStewards: Address
  }
}
