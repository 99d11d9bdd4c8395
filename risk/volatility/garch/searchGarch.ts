import { type DifferentiableFunction, type Minimum, minimise } from '../../math/index.ts'
import { areInside, fromCoordinates, gradientByCoordinates, toCoordinates } from './garchCoordinates.ts'
import { ALPHA, BETA, DEGREES, GAMMA, type GarchLikelihood, type GarchSample, garchLikelihood } from './garchLikelihood.ts'

/** Starting points [alpha, beta] of persistent variance; the best by likelihood is taken. */
const persistent = [
  [0.05, 0.9],
  [0.1, 0.8],
  [0.02, 0.97],
  [0.2, 0.6],
] as const
/** The other start: a reaction that dies out soon. Short series may be most likely there. */
const fleeting = [0.15, 0.3] as const
const START_DEGREES = 8
/** Degrees of freedom near enough to the normal for its estimate. */
const LIGHT_TAIL = 60
const OFF_THE_END = 1e-4
const MAX_ITERATIONS = 150

/** Where a search ended: parameters, largest slope of the mean log-likelihood over the coordinates, and iterations. */
export type GarchSearch = { readonly parameters: Float64Array; readonly slope: number; readonly iterations: number }

/**
 * Highest log-likelihood of scaled returns by quasi-Newton steps, to a slope of 1e-6, from two starts: a persistent variance, and a fleeting
 * one. A larger model takes instead of the second where the model without Student's t, or else without the asymmetric term, ended, so that
 * it does not settle for less.
 *
 * @param isStudent - Whether the degrees of freedom are sought too.
 * @returns `refine` goes on to a slope of 1e-10.
 */
export function searchGarch(
  sample: GarchSample,
  isAsymmetric: boolean,
  isStudent: boolean,
): { readonly found: GarchSearch; readonly refine: () => GarchSearch } {
  const size = isStudent ? DEGREES + 1 : DEGREES
  const evaluate = objective(sample, size, isAsymmetric)
  const startOf = (alpha: number, beta: number): Float64Array =>
    toCoordinates(Float64Array.of(0, 1 - alpha - beta, alpha, beta, 0, START_DEGREES).subarray(0, size), isAsymmetric)
  const unused = new Float64Array(size)
  const starts = persistent.map(([alpha, beta]) => startOf(alpha, beta))
  const values = starts.map((start) => evaluate(start, unused))
  const first = run(evaluate, starts[values.indexOf(Math.min(...values))]!, 1e-6)

  const smaller = isStudent || isAsymmetric ? searchGarch(sample, isStudent && isAsymmetric, false).found : null
  const second = run(evaluate, smaller === null ? startOf(...fleeting) : enlarged(smaller.parameters, size, isAsymmetric), 1e-6)
  const best = second.value < first.value - 1e-9 ? second : first
  const iterations = first.iterations + second.iterations + (smaller?.iterations ?? 0)
  const described = (minimum: Minimum, count: number): GarchSearch => {
    const parameters = new Float64Array(size)
    fromCoordinates(minimum.at, isAsymmetric, parameters)
    return { parameters, slope: minimum.gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0), iterations: count }
  }
  return {
    found: described(best, iterations),
    refine: () => {
      const refined = run(evaluate, best.at, 1e-10)
      return described(refined, iterations + refined.iterations)
    },
  }
}

/** Coordinates of a smaller model's estimate in the larger one, off the ends of its domain, where slopes vanish. */
function enlarged(smaller: Float64Array, size: number, isAsymmetric: boolean): Float64Array {
  const parameters = new Float64Array(size)
  parameters.set(smaller)
  parameters[ALPHA] = Math.max(parameters[ALPHA]!, OFF_THE_END)
  parameters[BETA] = Math.max(parameters[BETA]!, OFF_THE_END)
  parameters[GAMMA] = Math.max(parameters[GAMMA]!, OFF_THE_END - parameters[ALPHA]!)
  if (size > DEGREES) parameters[DEGREES] = LIGHT_TAIL
  return toCoordinates(parameters, isAsymmetric)
}

function run(evaluate: DifferentiableFunction, start: Float64Array, tolerance: number): Minimum {
  return minimise(evaluate, start, { tolerance, maxIterations: MAX_ITERATIONS })
}

/** Minus the mean log-likelihood over the coordinates. */
function objective(sample: GarchSample, size: number, isAsymmetric: boolean): DifferentiableFunction {
  const n = sample.returns.length
  const parameters = new Float64Array(size)
  const likelihood: GarchLikelihood = { logLikelihood: 0, gradient: new Float64Array(size) }
  return (coordinates, gradient) => {
    if (!areInside(coordinates, isAsymmetric)) return Number.POSITIVE_INFINITY
    fromCoordinates(coordinates, isAsymmetric, parameters)
    garchLikelihood(sample, parameters, likelihood)
    gradientByCoordinates(coordinates, parameters, likelihood.gradient, isAsymmetric, gradient)
    for (let i = 0; i < coordinates.length; i++) gradient[i]! /= -n
    return -likelihood.logLikelihood / n
  }
}
