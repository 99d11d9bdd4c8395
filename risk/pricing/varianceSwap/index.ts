export { varianceSwapModels } from './models.ts'
export { type OptionStrip, varianceFromStrip } from './varianceFromStrip.ts'
export { varianceOfSmile } from './varianceOfSmile.ts'
export { type VarianceSwapInputs, varianceSwapValue } from './varianceSwapValue.ts'
