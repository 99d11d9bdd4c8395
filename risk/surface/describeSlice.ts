import type { Vol } from '../types/index.ts'
import type { SlicePlan } from './planSlice.ts'
import type { RepairedSlice } from './repairSlices.ts'
import { totalVariance } from './totalVariance.ts'
import type { SmilePoint, SurfaceSlice } from './types.ts'

type Band = Extract<SmilePoint, { kind: 'band' }>

/** Standard deviations from the forward within which a quote still says what an at-the-money option's spread is. */
const NEAR_THE_MONEY = 0.5

/** The slice as the document shows it, with how well it fits. */
export function describeSlice(plan: SlicePlan, { svi, repairs }: RepairedSlice): SurfaceSlice {
  const { expiry, timeToExpiry, forward, model, quotes, usesMarks, points, targets, theta } = plan
  const volAt = (k: number): Vol => Math.sqrt(totalVariance(svi, k) / timeToExpiry)
  const middles = targets.filter(({ kind }) => kind === 'middle')
  const bands = points.filter((point): point is Band => point.kind === 'band')
  const squares = middles.reduce((sum, { k, vol }) => sum + (volAt(k) - vol) * (volAt(k) - vol), 0)
  const inside = bands.filter(({ k, low, high }) => low <= volAt(k) && volAt(k) <= high).length
  return {
    expiry,
    timeToExpiry,
    forward,
    model: repairs.includes('ssviFallback') ? 'ssvi' : model,
    svi,
    repairs,
    quotes,
    points: middles.length,
    usesMarks,
    range: { from: Math.min(...middles.map(({ k }) => k)), to: Math.max(...middles.map(({ k }) => k)) },
    rmsError: Math.sqrt(squares / middles.length),
    insideShare: bands.length === 0 ? null : inside / bands.length,
    atmHalfSpread: atmHalfSpread(bands, Math.sqrt(theta)),
  }
}

/** Half spread at the forward: linear in k between the strikes around it, or that of the nearest within half a standard deviation. */
function atmHalfSpread(bands: readonly Band[], deviation: number): Vol | null {
  const near = bands.filter(({ k }) => Math.abs(k) <= NEAR_THE_MONEY * deviation)
  const below = near.filter(({ k }) => k <= 0).at(-1)
  const above = near.find(({ k }) => k >= 0)
  const half = ({ low, high }: Band): Vol => (high - low) / 2
  if (below === undefined || above === undefined) {
    const only = below ?? above
    return only === undefined ? null : half(only)
  }
  const share = above.k > below.k ? -below.k / (above.k - below.k) : 0
  return half(below) + share * (half(above) - half(below))
}
