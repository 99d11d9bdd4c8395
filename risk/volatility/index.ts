export { annualise } from './annualise.ts'
export { assertBarPrices } from './assertBarPrices.ts'
export { closeToClose } from './closeToClose.ts'
export { ewmaDecay, ewmaStep } from './ewma.ts'
export {
  fitGarch,
  forecastGarch,
  type GarchErrors,
  type GarchEstimate,
  type GarchFit,
  type GarchInnovations,
  type GarchModel,
  type GarchParameters,
  type GarchVariances,
  garchPersistence,
  garchStep,
  garchVariances,
  longRunVariance,
} from './garch/index.ts'
export { garmanKlass } from './garmanKlass.ts'
export { garmanKlassYangZhang } from './garmanKlassYangZhang.ts'
export { fitHar, type HarCoefficients, type HarFit, type HarOptions } from './har/index.ts'
export { hourlyVariance } from './hourlyVariance.ts'
export {
  bipowerVariation,
  type JumpTest,
  jumpTest,
  medRv,
  minRv,
  realizedQuarticity,
  realizedSemivariance,
  realizedVariance,
  tripowerQuarticity,
} from './intraday/index.ts'
export { parkinson } from './parkinson.ts'
export { realizedVol } from './realizedVol.ts'
export { rogersSatchell } from './rogersSatchell.ts'
export { sampleVariance } from './sampleVariance.ts'
export { addHour, emptyVarianceMix, sigmaMix, type VarianceMix } from './varianceMix.ts'
export { yangZhang } from './yangZhang.ts'
