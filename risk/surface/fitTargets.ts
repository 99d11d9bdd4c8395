import type { Vol } from '../types/index.ts'
import type { SmilePoint } from './types.ts'

/** One term of a fit: `vol` is a middle to hit, or a bound to keep; a distance counts in units of `scale`. */
export type FitTarget = { readonly kind: 'middle' | 'ceiling' | 'floor'; readonly k: number; readonly vol: Vol; readonly scale: Vol }

/** Half spreads below this count as this, so that one tight quote does not outvote the rest. */
const TIGHTEST: Vol = 0.001
/** Unit of distance from a bound that one side alone gives. */
const BOUND_SCALE: Vol = 0.02
/** Unit of distance from a mark, which nobody has to trade at. */
const MARK_SCALE: Vol = 0.05

/** Terms of a fit to two-sided quotes and one-sided bounds, and to marks where `withMarks` asks for them. */
export function fitTargets(points: readonly SmilePoint[], withMarks: boolean): FitTarget[] {
  return points.flatMap((point) => targetsOf(point, withMarks))
}

function targetsOf(point: SmilePoint, withMarks: boolean): FitTarget[] {
  switch (point.kind) {
    case 'band':
      return [{ kind: 'middle', k: point.k, vol: point.mid, scale: Math.max(TIGHTEST, (point.high - point.low) / 2) }]
    case 'mark':
      return withMarks ? [{ kind: 'middle', k: point.k, vol: point.mid, scale: MARK_SCALE }] : []
    case 'ceiling':
      return [{ kind: 'ceiling', k: point.k, vol: point.high, scale: BOUND_SCALE }]
    case 'floor':
      return [{ kind: 'floor', k: point.k, vol: point.low, scale: BOUND_SCALE }]
  }
}

/** Signed distance of a model's volatility from a target; a bound that is kept is no distance. */
export function residualOf({ kind, vol, scale }: FitTarget, model: Vol): number {
  const distance = (model - vol) / scale
  if (kind === 'middle') return distance
  return kind === 'ceiling' ? Math.max(0, distance) : Math.min(0, distance)
}

/** Huber's cost of a smile: sum of r^2 / 2 up to a distance of 1, |r| - 1/2 beyond. */
export function fitCost(targets: readonly FitTarget[], volAt: (k: number) => Vol): number {
  return targets.reduce((sum, target) => {
    const size = Math.abs(residualOf(target, volAt(target.k)))
    return sum + (size > 1 ? size - 0.5 : 0.5 * size * size)
  }, 0)
}
