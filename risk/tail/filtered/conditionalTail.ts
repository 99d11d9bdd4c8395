import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import { fitTail, type GpdTail, gpdShortfall, gpdVar, type ShapeLimits, type TailFit } from '../extreme/index.ts'
import type { TailMeasures } from '../normalTail.ts'
import { type FilteredHistory, filterReturns } from './filterReturns.ts'
import type { VarianceFilter } from './VarianceFilter.ts'

/** Measures of the next return's loss, with the tail of the residuals behind them. */
export type ConditionalTail =
  | ({ readonly status: 'ready'; readonly vol: number; readonly tail: GpdTail } & TailMeasures)
  | Exclude<FilteredHistory, { status: 'filtered' }>
  | Extract<TailFit, { status: 'tooFewExceedances' }>

/** What is measured. */
export type ConditionalTailPlan = {
  /** In [0.95, 1): the threshold may be the 95 % quantile. */
  readonly level: number
  /** Whose loss: a long position loses when returns are negative, a short one when they are positive. */
  readonly side: 'long' | 'short'
  /** Lowest volatility per step, at least 0. Default 0. */
  readonly floor?: number
  /** Shapes that the tail may have, the upper one below 1. */
  readonly limits?: ShapeLimits
}

/**
 * Value at risk and expected shortfall of the next return from volatility and tail apart: a generalised Pareto tail is fitted to the losses
 * among the residuals, and scaled by max(vol, floor).
 *
 * @param returns - In time order.
 * @throws {InvalidInputError} `returns` is empty or not finite, or an argument is out of range.
 * @see McNeil and Frey, Journal of Empirical Finance 7 (2000), (3), (13) and (18).
 */
export function conditionalTail(
  returns: ArrayLike<number>,
  filter: VarianceFilter,
  { level, side, floor = 0, limits }: ConditionalTailPlan,
): ConditionalTail {
  assertInRange('floor', floor, 0, 1e150)
  if (!(level >= 0.95 && level < 1)) throw new InvalidInputError({ argument: 'level', got: level, limit: 'in [0.95, 1)' })
  if (limits !== undefined && !(limits[1] < 1))
    throw new InvalidInputError({ argument: 'limits', got: limits[1], limit: 'below 1, where the shortfall ends' })
  const history = filterReturns(returns, filter)
  if (history.status !== 'filtered') return history
  const sign = side === 'long' ? -1 : 1
  const fit = fitTail(
    history.residuals.map((z) => sign * z),
    limits === undefined ? {} : { limits },
  )
  if (fit.status === 'tooFewExceedances') return fit
  const needed = Math.ceil((1 - level) * fit.tail.observations)
  if (fit.tail.exceedances < needed) return { status: 'tooFewExceedances', exceedances: fit.tail.exceedances, needed }
  const vol = Math.max(history.nextVol, floor)
  const drift = sign * history.mean
  return {
    status: 'ready',
    vol,
    tail: fit.tail,
    valueAtRisk: drift + vol * gpdVar(fit.tail, level),
    // The shape is below 1, so the shortfall exists.
    expectedShortfall: drift + vol * gpdShortfall(fit.tail, level)!,
  }
}
