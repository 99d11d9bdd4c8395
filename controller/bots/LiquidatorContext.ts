import type { PublicClient } from 'viem'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import type { Address, Usd } from '../../risk/types/index.ts'
import type { Log } from '../log/createLog.ts'
import type { MonitorStore } from '../monitor/MonitorStore.ts'
import type { SubmitterContext } from '../submitter/submitIntent.ts'
import type { BidderPolicy, UnwindMarket } from './types.ts'

/** Everything a pass of the liquidation bot may use. */
export type LiquidatorContext = {
  readonly client: PublicClient
  readonly deployment: ClearingDeployment
  /** The store that clearing reads: how far the discount of a sale will rise. */
  readonly riskParameters: Address
  readonly monitor: MonitorStore
  /** Signs, keeps and sends transactions; its store outlives the process. */
  readonly submitter: SubmitterContext
  /** Account that buys, and gets keeper's rewards; owned by the key. */
  readonly bidder: bigint
  readonly policy: BidderPolicy
  /** What delta taken costs to trade away, for all markets as one: the contract gives one delta an account. */
  readonly unwind: UnwindMarket
  /** USD of one unit of the chain's native currency. */
  readonly nativePrice: Usd
  /** Keeper's reward that a flag may hope for, USD. */
  readonly keeperReward: Usd
  readonly log: Log
  /** False shows what would be sent. */
  readonly send: boolean
}

/** What became of one thing a pass wanted to do. */
export type LiquidatorAct = {
  readonly kind: 'flag' | 'declareBankrupt' | 'bid' | 'release' | 'callDebt' | 'buyCollateral'
  readonly account: bigint
  readonly outcome: 'sent' | 'refused' | 'expired' | 'superseded' | 'dryRun'
  /** Transaction hash, or why not. */
  readonly detail: string
  /** USD, of a bid or a purchase. */
  readonly expectedProfit: Usd | null
}

/** One pass over all accounts at one block. */
export type LiquidatorPass = {
  readonly block: bigint
  readonly accounts: number
  readonly below: number
  readonly auctions: number
  /** Accounts whose debt against collateral is above its limit, and those of them that are called. */
  readonly debts: number
  readonly called: number
  /** Auctions that no bid was made on, debts that were not called and collateral that was not bought, and why. */
  readonly passed: readonly { readonly account: bigint; readonly reason: string }[]
  readonly acts: readonly LiquidatorAct[]
}
