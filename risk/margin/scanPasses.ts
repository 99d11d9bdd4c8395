import type { Fraction } from '../types/index.ts'
import type { MarginParameters } from './types.ts'

/** Which requirement a scan is for. */
export type Pass = 'maintenance' | 'initial'

/** What one scan of an account is run with. */
export type ScanParameters = {
  readonly range: Fraction
  readonly volScanUp: Fraction
  readonly volScanDown: Fraction
  readonly tailWeight: Fraction
  readonly shortOptionMinimum: Fraction
}

/** The two scans: maintenance at the values in effect, initial margin at the targets and over the larger of both ranges. */
export function scanPasses(parameters: MarginParameters): Readonly<Record<Pass, ScanParameters>> {
  const target = parameters.newRisk ?? parameters
  const { priceScanRange, initialRange, volScanUp, volScanDown, tailWeight, shortOptionMinimum } = parameters
  return {
    maintenance: { range: priceScanRange, volScanUp, volScanDown, tailWeight, shortOptionMinimum },
    initial: {
      range: Math.max(target.priceScanRange, initialRange),
      volScanUp: target.volScanUp,
      volScanDown: target.volScanDown,
      tailWeight: target.tailWeight,
      shortOptionMinimum: target.shortOptionMinimum,
    },
  }
}
