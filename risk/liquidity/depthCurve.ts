import type { Fraction, Usd } from '../types/index.ts'

/** One quote: what a trade of `size` loses on average against the best price. */
export type SizedQuote = { readonly size: Usd; readonly impact: Fraction }

/**
 * Cost of immediacy against size: convex, through the origin, linear between nodes. `costs[i]` is USD lost on a trade of `sizes[i]`; its slope is the
 * displacement of the marginal price.
 */
export type DepthCurve = { readonly sizes: readonly Usd[]; readonly costs: readonly Usd[] }

/** Beyond the largest quoted size nothing is known; there is no extrapolation. */
export type CurveReading = { readonly kind: 'measured'; readonly value: number } | { readonly kind: 'unavailable'; readonly beyond: Usd }
