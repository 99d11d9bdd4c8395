import { roughLog } from './roughLog.ts'

const ROOT_OF_TWO_PI = 2.5066282746310002
/** Share of the largest time value still missing, below which the guess works from the top. */
const NEAR_MAXIMUM = 0.38

/**
 * First guess of vol sqrt(T), within 5e-4 of itself for |ln(F/K)| up to 3 and prices up to 62 % of their maximum; coarser beyond, never zero, NaN or negative.
 *
 * Below: the price is read as a Bachelier price on the forward, y = V / |F - K| = phi(t) / t - N(-t), whose inverse t(y) is a rational function of the straddle near the money
 * and of sqrt(-2 ln y) far from it; then lognormal from normal deviation, whose ratio is 1 + r^2 (1 - a^2 / 120) / 24 + ... (Hagan and Woodward, Applied Mathematical
 * Finance 6, 1999), summed up as a rational function fitted to exact pairs.
 * Above: the missing part c = N(-d1) + (K / F) N(d2), F <= K, is split between its terms by the ratio of their tails, and d1 follows from the normal quantile.
 * @param distance - a = |ln(F/K)|.
 * @param gap - |F - K|.
 * @param slope - a / gap, 1 / F where the gap is zero.
 * @param timeValue - V, above 0.
 * @param missing - c = 1 - V / min(F, K), inside (0, 1].
 */
export function guessDeviation(distance: number, gap: number, slope: number, timeValue: number, missing: number): number {
  if (missing < NEAR_MAXIMUM) return fromMaximum(distance, missing)
  const normal = timeValue > 0.0405 * gap ? fromStraddle(gap, slope, timeValue) : distance / farStandardDistance(timeValue / gap)
  const r = normal * normal
  if (r > 6) return 2 * normal
  const a = Math.min(distance * distance, 9)
  return (
    (normal * (1 + r * (0.0003346349655525765 * a - 0.08758714148664838))) /
    (1 + r * (0.0006086449482884463 * a - 0.12900803761045976 + r * 0.0016453788173035097))
  )
}

/** Normal deviation as a share of the log-mean of F and K, for |F - K| up to 1.25 standard deviations; error 6e-5. */
function fromStraddle(gap: number, slope: number, timeValue: number): number {
  const halfStraddle = timeValue + 0.5 * gap
  const u = gap / (ROOT_OF_TWO_PI * halfStraddle)
  const w = u * u
  const ratio =
    (1.000059285340959 + w * (-1.6782023465279545 + w * 0.4489204180216189)) / (1 + w * (-2.1756437207828876 + w * 1.0601067210606547))
  return (slope * ROOT_OF_TWO_PI * halfStraddle) / ratio
}

/** t above 1.25 with phi(t) / t - N(-t) = y; error 1e-4. */
function farStandardDistance(y: number): number {
  const r = Math.sqrt(-2 * roughLog(y))
  return (
    (0.6188701692133468 + r * (0.02499069704914001 + r * (-0.3146746593319869 + r * 0.23165956082274702))) /
    (1 + r * (-0.20796409476200856 + r * (0.22885324260110643 + r * 3.153261682620681e-5)))
  )
}

function fromMaximum(distance: number, missing: number): number {
  const coarse = deviationAt(upperQuantile(missing / (1 + 1 / (1 + 0.7 * distance))), distance)
  // Tails beyond d1 and -d2 stand in the ratio of their Mills ratios, each close to 1 / (z + 0.8).
  const d1 = 0.5 * coarse - distance / coarse
  return deviationAt(upperQuantile(missing / (1 + (d1 + 0.8) / (coarse - d1 + 0.8))), distance)
}

/** s with -a / s + s / 2 = d1. */
function deviationAt(d1: number, distance: number): number {
  return d1 + Math.sqrt(d1 * d1 + 2 * distance)
}

/** Positive z with N(-z) = p to 4.5e-4, p < 0.4 (Abramowitz and Stegun 26.2.23). */
function upperQuantile(p: number): number {
  const t = Math.sqrt(-2 * roughLog(p))
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
}
