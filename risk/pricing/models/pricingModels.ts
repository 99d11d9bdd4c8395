import { futuresModels } from '../futures/models.ts'
import { inverseModels } from '../inverse/models.ts'
import { vanillaModels } from '../vanilla/models.ts'
import type { RegisteredModel } from './registerModel.ts'

/** Every product that is priced by name, family after family. One more product is one more record in its family's `models.ts`. */
export const pricingModels: readonly RegisteredModel[] = [...vanillaModels, ...inverseModels, ...futuresModels]
