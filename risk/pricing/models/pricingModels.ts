import { americanModels } from '../american/models.ts'
import { asianModels } from '../asian/models.ts'
import { barrierModels } from '../barrier/models.ts'
import { basketModels } from '../basket/models.ts'
import { digitalModels } from '../digital/models.ts'
import { futuresModels } from '../futures/models.ts'
import { hestonModels } from '../heston/models.ts'
import { inverseModels } from '../inverse/models.ts'
import { lookbackModels } from '../lookback/models.ts'
import { multiAssetModels } from '../multiAsset/models.ts'
import { vanillaModels } from '../vanilla/models.ts'
import { varianceSwapModels } from '../varianceSwap/models.ts'
import type { RegisteredModel } from './registerModel.ts'

/** Every product that is priced by name, family after family. One more product is one more record in its family's `models.ts`. */
export const pricingModels: readonly RegisteredModel[] = [
  ...vanillaModels,
  ...inverseModels,
  ...futuresModels,
  ...americanModels,
  ...digitalModels,
  ...barrierModels,
  ...lookbackModels,
  ...multiAssetModels,
  ...asianModels,
  ...basketModels,
  ...hestonModels,
  ...varianceSwapModels,
]
