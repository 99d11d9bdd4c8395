export { assertBook } from './assertBook.ts'
export { assessAtTwoMarks, type TwoMarkAssessment } from './assessAtTwoMarks.ts'
export { assessAccount, assessBook } from './assessBook.ts'
export { bookShortfall } from './bookShortfall.ts'
export { basisCharge, liquidityCharge, skewCharge, termCharge } from './charges/index.ts'
export { admitCollateral, nodeCut } from './collateral/index.ts'
export { portfolioRisk } from './portfolioRisk.ts'
export { smileVol } from './smileVol.ts'
export type {
  AccountAssessment,
  BindingCell,
  BookAssessment,
  Charges,
  CollateralQuote,
  ExpiryQuote,
  FlatMarket,
  LiquidityParameters,
  LossParts,
  MarginMarket,
  MarginParameters,
  RampedParameters,
  Smile,
  SurfaceMarket,
} from './types.ts'
export { widenForStaleness } from './widenForStaleness.ts'
