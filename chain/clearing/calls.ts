import { encodeFunctionData } from 'viem'
import type { Address } from '../../risk/types/index.ts'
import { deleveragingAbi, ledgerAbi, liquidationAbi, vaultAbi } from '../generated/index.ts'
import type { Call } from '../write/index.ts'
import type { ClearingDeployment } from './ClearingDeployment.ts'

/** A bid as the contract takes it. USD and fractions with 18 decimals. */
export type BidOrder = {
  readonly account: bigint
  readonly bidder: bigint
  readonly fraction: bigint
  /** Less than this and the bid reverts. */
  readonly minFraction: bigint
  /** Most that is paid for all of the account at this rate, the bidder's part of the charge taken off; negative asks to receive. */
  readonly maxPrice: bigint
  readonly deadline: number
}

/** Starts the auction of an account below maintenance; `keeper` gets the keeper's reward. */
export function buildFlag({ contracts }: ClearingDeployment, account: bigint, keeper: bigint): Call {
  return { to: contracts.liquidation, data: encodeFunctionData({ abi: liquidationAbi, functionName: 'flag', args: [account, keeper] }) }
}

/** Starts the clock of the bankrupt phase. */
export function buildDeclareBankrupt({ contracts }: ClearingDeployment, account: bigint): Call {
  return { to: contracts.liquidation, data: encodeFunctionData({ abi: liquidationAbi, functionName: 'declareBankrupt', args: [account] }) }
}

/** Takes a slice. */
export function buildBid({ contracts }: ClearingDeployment, order: BidOrder): Call {
  return { to: contracts.liquidation, data: encodeFunctionData({ abi: liquidationAbi, functionName: 'bid', args: [order] }) }
}

/** Ends the auction of a restored account. */
export function buildRelease({ contracts }: ClearingDeployment, account: bigint): Call {
  return { to: contracts.liquidation, data: encodeFunctionData({ abi: liquidationAbi, functionName: 'release', args: [account] }) }
}

/** Resolves a bankrupt account whose auction has run to its end. */
export function buildResolve({ contracts }: ClearingDeployment, account: bigint): Call {
  return { to: contracts.deleveraging, data: encodeFunctionData({ abi: deleveragingAbi, functionName: 'resolve', args: [account] }) }
}

/** Brings an account up to date with tear-ups. */
export function buildTouch({ contracts }: ClearingDeployment, account: bigint): Call {
  return { to: contracts.ledger, data: encodeFunctionData({ abi: ledgerAbi, functionName: 'touch', args: [account] }) }
}

/** A purchase of collateral behind a debt as the contract takes it. */
export type CollateralOrder = {
  readonly account: bigint
  readonly token: Address
  /** Token units: the most; cut to what is on sale. */
  readonly amount: bigint
  /** Less than this and the purchase reverts. */
  readonly minAmount: bigint
  /** USD with 18 decimals, of one whole token. */
  readonly maxPrice: bigint
  /** Receives the token. */
  readonly to: Address
  readonly deadline: number
}

/** Puts the collateral of an account whose debt is above its limit on sale. */
export function buildCallDebt({ contracts }: ClearingDeployment, account: bigint): Call {
  return { to: contracts.vault, data: encodeFunctionData({ abi: vaultAbi, functionName: 'callDebt', args: [account] }) }
}

/** Buys collateral of a called account for cash that the sender has approved to the vault. */
export function buildBuyCollateral({ contracts }: ClearingDeployment, order: CollateralOrder): Call {
  return { to: contracts.vault, data: encodeFunctionData({ abi: vaultAbi, functionName: 'buyCollateral', args: [order] }) }
}
