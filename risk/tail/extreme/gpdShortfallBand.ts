import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, chiSquareQuantile, exp, maximiseOnInterval } from '../../math/index.ts'
import { assertGpdTail } from './assertGpdTail.ts'
import { defaultShapeLimits, fitGpd, type ShapeLimits } from './fitGpd.ts'
import { type GpdSample, gpdSample } from './GpdSample.ts'
import { gpdGrowth } from './gpdGrowth.ts'
import { gpdLogLikelihood } from './gpdLogLikelihood.ts'

const POINTS = 15
/** How far the ends are sought, as logarithm of a factor on the estimate: ln 1000. */
const REACH = 6.907755278982137

/** Interval of an estimate; an end that the data do not bound within a factor of 1,000 of it is null. */
export type Band = { readonly estimate: number; readonly low: number | null; readonly high: number | null }
/** {@link Band}, or how many exceedances a fit would have needed. */
export type GpdShortfallBand =
  | ({ readonly status: 'bounded' } & Band)
  | { readonly status: 'tooFewExceedances'; readonly exceedances: number; readonly needed: number }

/**
 * Expected shortfall of a generalised Pareto tail with the interval of values that the likelihood does not refuse. Each candidate value
 * leaves one free parameter, the shape, over which the likelihood is maximised; the interval ends where twice its drop reaches the
 * chi-square quantile. It is as lopsided as the data: the upper end is the charge for not knowing the tail.
 *
 * @param losses - Any order; the tail is that of large positive ones.
 * @param threshold - In the unit of the losses; 50 or more should lie above it.
 * @param level - Of the shortfall, beyond the threshold, below 1.
 * @param confidence - Inside (0, 1), for example 0.95.
 * @param limits - Shapes allowed, the upper one below 1.
 * @throws {InvalidInputError} A loss is not finite, or another argument is out of range.
 * @see McNeil, ASTIN Bulletin 27 (1997), section 4; Coles, An Introduction to Statistical Modeling of Extreme Values (2001), section 2.6.6.
 */
export function gpdShortfallBand(
  losses: ArrayLike<number>,
  threshold: number,
  level: number,
  confidence: number,
  limits: ShapeLimits = defaultShapeLimits,
): GpdShortfallBand {
  assertFiniteValues('losses', losses)
  if (!Number.isFinite(threshold)) throw new InvalidInputError({ argument: 'threshold', got: threshold, limit: 'finite' })
  if (!(confidence > 0 && confidence < 1)) throw new InvalidInputError({ argument: 'confidence', got: confidence, limit: 'inside (0, 1)' })
  if (!(limits[1] < 1)) throw new InvalidInputError({ argument: 'limits', got: limits[1], limit: 'below 1, where the shortfall ends' })
  const beyond = Float64Array.from(losses)
    .filter((loss) => loss > threshold)
    .map((loss) => loss - threshold)
  if (beyond.length === 0) return { status: 'tooFewExceedances', exceedances: 0, needed: 20 }
  const fit = fitGpd(beyond, limits)
  if (fit.status === 'tooFewExceedances') return fit
  assertGpdTail({ threshold, scale: fit.scale, shape: fit.shape, exceedances: beyond.length, observations: losses.length }, level)

  const sample = gpdSample(beyond)
  const odds = beyond.length / losses.length / (1 - level)
  const perScale = (shape: number): number => (gpdGrowth(odds, shape) + 1) / (1 - shape)
  /** Shortfall less threshold, in units of the largest exceedance. */
  const excess = (fit.scale / sample.unit) * perScale(fit.shape)
  const profile = (factor: number): number => profileOf(sample, excess * factor, perScale, limits)
  const floor = profile(1) - 0.5 * chiSquareQuantile(confidence, 1)
  const end = (direction: 1 | -1): number | null => {
    if (profile(exp(direction * REACH)) >= floor) return null
    let inside = 0
    let outside = REACH
    while (outside - inside > 1e-7) {
      const middle = 0.5 * (inside + outside)
      if (profile(exp(direction * middle)) >= floor) inside = middle
      else outside = middle
    }
    return threshold + excess * sample.unit * exp(direction * inside)
  }
  return { status: 'bounded', estimate: threshold + excess * sample.unit, low: end(-1), high: end(1) }
}

/** Highest log-likelihood of the sample among tails whose shortfall lies `excess` above the threshold. */
function profileOf(sample: GpdSample, excess: number, perScale: (shape: number) => number, [lowest, highest]: ShapeLimits): number {
  return maximiseOnInterval((shape) => gpdLogLikelihood(sample, excess / perScale(shape), shape), lowest, highest, POINTS).value
}
