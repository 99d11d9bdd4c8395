export { type AccountName, decodeAccountId, encodeAccountId, formatAccountId, parseAccountId } from './accountId.ts'
export { type ClearingContract, type ClearingDeployment, clearingContracts } from './ClearingDeployment.ts'
export {
  type BidOrder,
  buildBid,
  buildBuyCollateral,
  buildCallDebt,
  buildDeclareBankrupt,
  buildFlag,
  buildRelease,
  buildResolve,
  buildTouch,
  type CollateralOrder,
} from './calls.ts'
export { type ClearingEvent, clearingTopics, decodeClearingLog } from './decodeClearingLog.ts'
export type { AccountState, FlagPrice, GroupState, HeldChain, HeldMarket, ListedCollateral } from './GroupState.ts'
export { decodeInstrumentId, encodeInstrumentId, FUTURE_LEG, type InstrumentName, type Leg } from './instrumentId.ts'
export { parseClearingDeployment } from './parseClearingDeployment.ts'
export { type AccountAssessment, type Footing, footings, readAssessments } from './readAssessments.ts'
export { type DebtQuery, type DebtSale, readDebtSale, type SaleCollateral, type SaleOffer } from './readDebtSale.ts'
export { type Funds, readFunds } from './readFunds.ts'
export { type GroupQuery, readGroupState } from './readGroupState.ts'
export { type AuctionQuote, readQuote } from './readQuote.ts'
export { readHaircut, readSaleTerms, type SaleTerms } from './readSaleTerms.ts'
export { type HeldLots, unpackHoldings } from './unpackHoldings.ts'
