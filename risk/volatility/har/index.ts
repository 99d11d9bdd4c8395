export { fitHar, type HarOptions } from './fitHar.ts'
export type { HarCoefficients, HarFit } from './HarFit.ts'
