import type { ParamId } from '../types/index.ts'
import { deltaAddOn, gammaAddOn, vegaAddOn } from './addOns.ts'
import { marketDepth, vegaDepth } from './depths.ts'
import { haircut } from './haircut.ts'
import { initialMultiplier } from './initialMultiplier.ts'
import { initialRangeFloor } from './initialRangeFloor.ts'
import { contributionRate, coverTarget } from './insurance.ts'
import { liquidationBuffer, liquidationFee, liquidatorShare } from './liquidation.ts'
import { maxAge } from './maxAge.ts'
import { openInterestCap } from './openInterestCap.ts'
import type { Policy } from './Policy.ts'
import { priceScanRange } from './priceScanRange.ts'
import { shortOptionMinimum } from './shortOptionMinimum.ts'
import { tailWeight } from './tailWeight.ts'
import { volScanDown, volScanUp } from './volScan.ts'

/** Every policy by the parameter it is for. */
export const policies: ReadonlyMap<ParamId, Policy> = new Map(
  [
    contributionRate,
    coverTarget,
    deltaAddOn,
    gammaAddOn,
    haircut,
    initialMultiplier,
    initialRangeFloor,
    liquidationBuffer,
    liquidationFee,
    liquidatorShare,
    marketDepth,
    maxAge,
    openInterestCap,
    priceScanRange,
    shortOptionMinimum,
    tailWeight,
    vegaAddOn,
    vegaDepth,
    volScanDown,
    volScanUp,
  ].map((policy) => [policy.id, policy]),
)
