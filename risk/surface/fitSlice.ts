import { fitSsvi } from './fitSsvi.ts'
import { fitSvi } from './fitSvi.ts'
import type { SlicePlan } from './planSlice.ts'
import type { RawSvi } from './types.ts'

/** The slice that fits an expiry's quotes best, arbitrage or not. */
export function fitSlice({ model, targets, timeToExpiry, theta }: SlicePlan): RawSvi {
  switch (model) {
    case 'svi':
      return fitSvi(targets, timeToExpiry, theta, null, null)
    case 'ssvi':
      return fitSsvi(targets, timeToExpiry, theta)
    case 'flat':
      return { a: theta, b: 0, rho: 0, m: 0, sigma: 1 }
  }
}
