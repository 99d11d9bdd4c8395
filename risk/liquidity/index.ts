export { amihud, amihudFromBars } from './amihud.ts'
export { liquidityStatistics, type WindowStatistics } from './liquidityStatistics.ts'
export { relativeSpread } from './relativeSpread.ts'
