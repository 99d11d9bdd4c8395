export { type ExcursionLoss, excursionLoss, excursionLosses } from './excursionLoss.ts'
export { expectedShortfall } from './expectedShortfall.ts'
export { historicalVar } from './historicalVar.ts'
export { expandingPurgedQuantiles, purgedQuantile } from './purgedQuantile.ts'
