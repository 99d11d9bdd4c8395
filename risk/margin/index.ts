export { assessAccount, assessBook } from './assessBook.ts'
export { bookShortfall } from './bookShortfall.ts'
export { portfolioRisk } from './portfolioRisk.ts'
export { smileVol } from './smileVol.ts'
export type {
  AccountAssessment,
  BindingCell,
  BookAssessment,
  ExpiryQuote,
  FlatMarket,
  MarginMarket,
  MarginParameters,
  Smile,
  SurfaceMarket,
} from './types.ts'
