import type { BoundaryResolution } from './fitBoundary.ts'
import type { Carry } from './solveBoundary.ts'

const usual: BoundaryResolution = { sizes: [4, 8], steps: 2, premiumPoints: 24 }
const steep: BoundaryResolution = { sizes: [8, 16, 24], steps: 4, premiumPoints: 48 }
/** Drift over the life in standard deviations above which the boundary bends too sharply for eight points. */
const STEEP = 2.5

/** Resolution of the fast price: eight times, and more where the boundary reaches its perpetual level early in the life. */
export function fastResolution({ rate, dividendYield, vol, timeToExpiry }: Carry): BoundaryResolution {
  const carry = (Math.max(Math.abs(rate), Math.abs(dividendYield), Math.abs(rate - dividendYield)) * Math.sqrt(timeToExpiry)) / vol
  return carry > STEEP ? steep : usual
}
