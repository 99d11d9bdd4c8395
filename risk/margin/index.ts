export { assessAccount, assessBook } from './assessBook.ts'
export { bookShortfall } from './bookShortfall.ts'
export { portfolioRisk } from './portfolioRisk.ts'
export type { AccountAssessment, BindingCell, BookAssessment, MarginMarket, MarginParameters } from './types.ts'
