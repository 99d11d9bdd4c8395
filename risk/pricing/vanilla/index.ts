export { type BsmGreeks, bsmGreeks } from './bsmGreeks.ts'
export type { BsmInputs } from './bsmInputs.ts'
export { bsmPrice } from './bsmPrice.ts'
export { type ForwardGreeks, forwardGreeks } from './forwardGreeks.ts'
