export { assessMarkets, type MarketsAssessment } from './assessMarkets.ts'
export { type AddOns, marketRequirement } from './marketRequirement.ts'
export type { Footing, HeldChain, HeldLeg, MarketQuery, MarketRule, MarketTotals } from './types.ts'
