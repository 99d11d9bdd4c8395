export { buildBook } from './assessAccounts.ts'
export type {
  ClearingParameters,
  ClearingTick,
  ClearingVenue,
  GroupParameters,
  MatchedTrade,
} from './ClearingVenue.ts'
export { createLedger, type Ledger, type LedgerAccount } from './createLedger.ts'
export { backstopAccount, createPureClearing, type PureClearingOptions, treasuryAccount } from './createPureClearing.ts'
export { emptyCash } from './emptyCash.ts'
export { interestOf } from './interestOf.ts'
export { ledgerFaults } from './ledgerFaults.ts'
export { type ContractMark, markContract } from './markContract.ts'
export { matureCash } from './matureCash.ts'
export { payCash } from './payCash.ts'
export { receiveCash } from './receiveCash.ts'
export type {
  AccountReading,
  AuctionReading,
  BankruptcyResolved,
  Cash,
  GroupSums,
  ListedContract,
  LossReading,
  MarketMark,
  Outcome,
  Refusal,
  SliceTaken,
} from './types.ts'
