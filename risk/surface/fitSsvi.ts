import type { Years } from '../types/index.ts'
import { type FitTarget, residualOf } from './fitTargets.ts'
import { levenbergMarquardt } from './levenbergMarquardt.ts'
import { totalVariance } from './totalVariance.ts'
import type { RawSvi } from './types.ts'

/**
 * Curvature eta of the two-parameter smile: the largest, below sqrt 2, that is free of arbitrage for every tilt. Full fits to recorded chains have medians of 1.3 to 2.4
 * (2 b / sqrt(theta)), so the smile is on the flat side.
 */
const CURVATURE = 1.41
const MAX_TILT = 0.9
const ITERATIONS = 60

/**
 * Two-parameter smile for expiries with few quotes: SSVI with level theta and tilt rho, and phi = eta / sqrt(theta) with eta given.
 *
 * Free of butterfly arbitrage by construction: theta phi^2 (1 + |rho|) <= 4 since eta^2 (1 + |rho|) < 4, and theta phi (1 + |rho|) < 4 is
 * kept by lowering phi when theta is very large.
 * @param theta - Total variance at the money, a first guess. Above 0.
 * @see Gatheral and Jacquier (2014), section 4 and theorem 4.2.
 */
export function fitSsvi(targets: readonly FitTarget[], timeToExpiry: Years, theta: number): RawSvi {
  const toRaw = ([level = 1, rho = 0]: readonly number[]): RawSvi => ssviSlice(theta * level, rho)
  const { x } = levenbergMarquardt({
    start: [1, 0],
    lower: [1e-3, -MAX_TILT],
    upper: [1e3, MAX_TILT],
    count: targets.length,
    robust: targets.length,
    iterations: ITERATIONS,
    residuals: (at, out) => {
      const svi = toRaw(at)
      for (let i = 0; i < targets.length; i++) out[i] = residualOf(targets[i]!, Math.sqrt(totalVariance(svi, targets[i]!.k) / timeToExpiry))
    },
  })
  return toRaw(x)
}

/** The SSVI slice with total variance `theta` at the money, as raw SVI. */
function ssviSlice(theta: number, rho: number): RawSvi {
  const phi = Math.min(CURVATURE / Math.sqrt(theta), 3.99 / (theta * (1 + Math.abs(rho))))
  const left = 1 - rho * rho
  return { a: (theta * left) / 2, b: (theta * phi) / 2, rho, m: -rho / phi, sigma: Math.sqrt(left) / phi }
}
