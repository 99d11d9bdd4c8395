import { encodeFunctionData } from 'viem'
import { deleveragingAbi, ledgerAbi, liquidationAbi } from '../generated/index.ts'
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
