import type { RegisteredModel } from './registerModel.ts'

/** Every product that is priced by name, family after family. One more product is one more record in its family's `models.ts`. */
export const pricingModels: readonly RegisteredModel[] = []
