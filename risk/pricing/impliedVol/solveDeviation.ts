import { exp, log } from '../../math/index.ts'
import { shiftedErfc, shiftedErfcDrop } from './shiftedErfc.ts'

const ROOT_OF_TWO_OVER_PI = 0.7978845608028654
/** A step below this share of the deviation is the last: the method is of fifth order, so what remains is below 1e-14 of it. */
const LAST_STEP = 1.2e-3
/** One step does for the quotes of a market and three did for all of 300,000 tried; bisection between the ends of the doubles takes 70. */
const MOST_STEPS = 80
/** Below this exponent e^x loses bits, and the step goes through logarithms. */
const SMALL_EXPONENT = -600

/** A root and how well it is determined. Reused between calls. */
export type Deviation = {
  /** s = vol sqrt(T). */
  deviation: number
  /** ds for a change of the time value by its own size. */
  sensitivity: number
}

/**
 * Solves V = sqrt(FK) b(a, s) for s = vol sqrt(T), with b(a, s) = e^(-a/2) N(d1) - e^(a/2) N(d2), d1 = -a / s + s / 2, d2 = d1 - s, a = |ln(F/K)|: the price of the side out of the money.
 * The hot path: arguments are not checked. Writes to `out`.
 *
 * With E = e^(-(a^2 / s^2 + s^2 / 4) / 2) and X(z) = e^(z^2) erfc(z): b = E (X(-d1 / sqrt 2) - X(-d2 / sqrt 2)) / 2, used up to d1 = 1/4, and
 * e^(-a/2) - b = E (X(d1 / sqrt 2) + X(-d2 / sqrt 2)) / 2 beyond. Neither cancels. The function whose root is sought is the logarithm of the one or the other; its first four
 * derivatives need no further function, since b' = E / sqrt(2 pi) and b'' / b' = a^2 / s^3 - s / 4. Steps are Householder's of fourth order (order of convergence five)
 * inside a bracket that every step narrows.
 * The idea of two regions, scaled error functions and Householder steps: Jaeckel, "Let's be rational", Wilmott 75, 2015.
 * @param guess - First guess of s, above 0.
 * @param value - V / sqrt(FK), in (0, e^(-a/2)).
 * @param missing - e^(-a/2) - V / sqrt(FK), from its own subtraction.
 */
export function solveDeviation(distance: number, guess: number, value: number, missing: number, out: Deviation): void {
  let s = guess
  let floor = 0
  let ceiling = Number.MAX_VALUE
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const m = distance / s
    const d1 = 0.5 * s - m
    const quarter = 0.25 * s * s
    const exponent = -0.5 * (m * m + quarter)
    const below = d1 <= 0.25
    const target = below ? value : missing
    const scaled = below
      ? shiftedErfcDrop(-d1 * Math.SQRT1_2, s * Math.SQRT1_2)
      : shiftedErfc(d1 * Math.SQRT1_2) + shiftedErfc((m + 0.5 * s) * Math.SQRT1_2)
    // Derivatives each times its power of s: p of the logarithm, h = b''/b' with its own two, g_n of order n over p.
    const p = ((below ? ROOT_OF_TWO_OVER_PI : -ROOT_OF_TWO_OVER_PI) * s) / scaled
    const square = m * m
    const h = square - quarter
    const h1 = -3 * square - quarter
    const h2 = 12 * square
    const g2 = h - p
    const bend = h1 - p * g2
    const g3 = g2 * g2 + bend
    const g4 = g2 * g3 + 2 * g2 * bend + h2 - p * g3

    const newton = logOfRatio(target, scaled, exponent) / p
    const step =
      (newton * (1 + newton * (g2 + (newton * g3) / 6))) /
      (1 + newton * (1.5 * g2 + newton * (0.25 * g2 * g2 + g3 / 3 + (newton * g4) / 24)))

    if (newton > 0) floor = s
    else ceiling = s
    const next = s + s * step
    if (next >= floor && next <= ceiling) {
      s = next
      if (Math.abs(step) < LAST_STEP) {
        out.deviation = s
        out.sensitivity = (value * s) / (target * Math.abs(p))
        return
      }
    } else {
      s = ceiling === Number.MAX_VALUE ? 2 * s : floor === 0 ? 0.5 * s : Math.sqrt(floor) * Math.sqrt(ceiling)
    }
  }
  out.deviation = s
  out.sensitivity = s
}

/** ln(target / (e^exponent scaled / 2)), by the series of 2 artanh where both are close, so that the last step keeps its digits. */
function logOfRatio(target: number, scaled: number, exponent: number): number {
  if (exponent < SMALL_EXPONENT) return log((2 * target) / scaled) - exponent
  const current = 0.5 * exp(exponent) * scaled
  const z = (target - current) / (target + current)
  if (z > 0.05 || z < -0.05) return log(target / current)
  const square = z * z
  return 2 * z * (1 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square * (1 / 9)))))
}
