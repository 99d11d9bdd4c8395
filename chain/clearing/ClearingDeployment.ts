import type { Address } from '../../risk/types/index.ts'

/** Contracts of clearing, beside the protocol's own; written as `deployments/<chain id>.clearing.json`. */
export const clearingContracts = [
  'priceFeed',
  'surfaceOracle',
  'settlementOracle',
  'chains',
  'collaterals',
  'margin',
  'ledger',
  'vault',
  'trading',
  'settlement',
  'liquidation',
  'insuranceFund',
  'deleveraging',
] as const

export type ClearingContract = (typeof clearingContracts)[number]

/** Where clearing lives on a chain. */
export type ClearingDeployment = {
  readonly schema: 'ballast.clearingDeployment'
  readonly version: 1
  readonly chainId: number
  /** Block before the first contract, decimal: events are read from there. */
  readonly block: string
  readonly contracts: Readonly<Record<ClearingContract, Address>>
}
