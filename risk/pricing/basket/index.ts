export { basketGreeks } from './basketGreeks.ts'
export type { BasketInputs } from './basketInputs.ts'
export { type BasketValue, basketPrice } from './basketPrice.ts'
export { basketModels } from './models.ts'
