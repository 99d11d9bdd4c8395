export { contribution } from './contribution.ts'
export { type Coverage, coverage } from './coverage.ts'
export { type FundDrawdown, type FundPoint, fundDrawdown } from './fundDrawdown.ts'
export { payoutAllowance } from './payoutAllowance.ts'
