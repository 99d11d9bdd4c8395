export { type ExcursionLoss, excursionLoss, excursionLosses } from './excursionLoss.ts'
export { expectedShortfall } from './expectedShortfall.ts'
export {
  type Band,
  defaultShapeLimits,
  fitGev,
  fitGpd,
  fitTail,
  type Gev,
  type GevFit,
  type GpdEstimate,
  type GpdFit,
  type GpdShortfallBand,
  type GpdTail,
  gevReturnLevel,
  gpdShortfall,
  gpdShortfallBand,
  gpdVar,
  hill,
  type ShapeLimits,
  type TailFit,
} from './extreme/index.ts'
export {
  type ConditionalTail,
  type ConditionalTailPlan,
  conditionalTail,
  type FilteredHistory,
  type FilteredScenarios,
  filteredScenarios,
  filterReturns,
  type SimulatedReturns,
  type SimulationPlan,
  simulateFiltered,
  type VarianceFilter,
} from './filtered/index.ts'
export { historicalMoves } from './historicalMoves.ts'
export { historicalVar } from './historicalVar.ts'
export { normalTail, type TailMeasures } from './normalTail.ts'
export { expandingPurgedQuantiles, purgedQuantile } from './purgedQuantile.ts'
export { type ShortfallBand, shortfallBand } from './shortfallBand.ts'
export { type StressedShortfall, stressedShortfall } from './stressedShortfall.ts'
export { type StressedWindow, type StressRule, stressedWindows } from './stressedWindows.ts'
export { studentTTail } from './studentTTail.ts'
export { type VarBand, varBand } from './varBand.ts'
