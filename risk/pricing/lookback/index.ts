export { fixedLookbackGreeks, fixedLookbackPrice } from './fixedLookback.ts'
export { floatingLookbackGreeks, floatingLookbackPrice } from './floatingLookback.ts'
export type { FixedLookbackInputs, FloatingLookbackInputs } from './lookbackInputs.ts'
export { lookbackModels } from './models.ts'
