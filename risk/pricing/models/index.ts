export type { PricingModel, Sensitivities, Valuation } from './PricingModel.ts'
export { pricingModelOf } from './pricingModelOf.ts'
export { pricingModels } from './pricingModels.ts'
export { type RegisteredModel, registerModel } from './registerModel.ts'
