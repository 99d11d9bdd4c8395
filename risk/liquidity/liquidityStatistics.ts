import { InvalidInputError } from '../errors/index.ts'
import { quantileInPlace } from '../math/index.ts'
import type { LiquidityObservation, Seconds, UnixSeconds } from '../types/index.ts'

/** An observation that has both. */
type QuotedLiquidity = Required<Pick<LiquidityObservation, 'knownAt' | 'spread' | 'depthUsd'>>

/** Tenth and ninetieth percentile (type 7) of what a window holds. */
export type WindowStatistics = { readonly count: number; readonly q10: number; readonly q90: number }

/**
 * Depth and spread over the window (time - window, time]. Observations known later than `time` are left out, so that no decision sees the future.
 *
 * @param observations - Ascending in `knownAt`; spreads at least 0, depths above 0.
 * @param window - Length in seconds, above 0.
 * @returns null when the window holds nothing.
 * @throws {InvalidInputError} Observations are out of order, or a number is outside its domain.
 */
export function liquidityStatistics(
  observations: readonly QuotedLiquidity[],
  time: UnixSeconds,
  window: Seconds,
): { readonly spread: WindowStatistics; readonly depthUsd: WindowStatistics } | null {
  if (!(window > 0)) throw new InvalidInputError({ argument: 'window', got: window, limit: 'above 0 seconds' })
  observations.forEach(({ knownAt, spread, depthUsd }, i) => {
    const before = i > 0 ? observations[i - 1]!.knownAt : Number.NEGATIVE_INFINITY
    if (!(knownAt >= before))
      throw new InvalidInputError({ argument: `observations[${i}].knownAt`, got: knownAt, limit: `at or after ${before}` })
    if (!(spread >= 0 && spread < 2))
      throw new InvalidInputError({ argument: `observations[${i}].spread`, got: spread, limit: 'in [0, 2)' })
    if (!(depthUsd > 0 && depthUsd < Number.POSITIVE_INFINITY))
      throw new InvalidInputError({ argument: `observations[${i}].depthUsd`, got: depthUsd, limit: 'finite and above 0' })
  })
  const seen = observations.filter(({ knownAt }) => knownAt > time - window && knownAt <= time)
  if (seen.length === 0) return null
  return {
    spread: statistics(Float64Array.from(seen, ({ spread }) => spread)),
    depthUsd: statistics(Float64Array.from(seen, ({ depthUsd }) => depthUsd)),
  }
}

function statistics(values: Float64Array): WindowStatistics {
  return { count: values.length, q10: quantileInPlace(values, 0.1), q90: quantileInPlace(values, 0.9) }
}
