import type { MarginParameters } from '../../risk/margin/index.ts'
import { ballastScan, deribit, derive, paradex, type ScenarioSet, span16, timsTen } from '../../risk/scenarios/sets/index.ts'

/** SPAN covers a price range of at most 30 %, and its vol scan is in vols. */
const WIDEST_SPAN = 0.3
const SPAN_VOL_SCAN = 0.1

/**
 * The scenario sets that are known by name. Three venues publish their figures; ours, and the two general methods, take the price range of the market's parameters: SPAN with a
 * vol scan of ten points and extremes of two ranges covered to 35 %, TIMS with ten moves over the range and no minimum per contract.
 */
export function scenarioSets(parameters: MarginParameters): readonly ScenarioSet[] {
  const { priceScanRange, shortOptionMinimum } = parameters
  const span = { volScanRange: SPAN_VOL_SCAN, extremeMultiple: 2, extremeCover: 0.35, shortOptionMinimum }
  return [
    ballastScan(parameters),
    deribit,
    derive,
    paradex,
    span16({ ...span, priceScanRange: Math.min(priceScanRange, WIDEST_SPAN) }),
    timsTen(priceScanRange, priceScanRange, 0),
  ]
}
