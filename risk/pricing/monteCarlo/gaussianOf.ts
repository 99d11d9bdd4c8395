import { exp, log, normalQuantile } from '../../math/index.ts'

const CELLS = 512
/** Cells at either end that the tail formula serves. */
const TAIL = 8
const TERMS = 6
const ROOT_OF_TWO_PI = 2.5066282746310002
/** Taylor coefficients of the quantile around the middle of each cell, in units of a cell. */
const coefficients = new Float64Array(TERMS * CELLS)
fillCells()

/**
 * Standard normal quantile of p in [1e-11, 1 - 1e-11] (not checked), for simulation: off by less than 3e-9, and several times faster than
 * the exact one. Tails: Wichura, Applied Statistics 37 (1988), algorithm AS 241, the second range of PPND16.
 */
export function gaussianOf(p: number): number {
  const place = p * CELLS
  const cell = Math.floor(place)
  if (cell < TAIL) return -tail(p)
  if (cell >= CELLS - TAIL) return tail(1 - p)
  const t = place - cell - 0.5
  const k = TERMS * cell
  return (
    coefficients[k]! +
    t *
      (coefficients[k + 1]! +
        t * (coefficients[k + 2]! + t * (coefficients[k + 3]! + t * (coefficients[k + 4]! + t * coefficients[k + 5]!))))
  )
}

/**
 * Derivatives of x(p): with g = 1 / density, x' = g, x'' = x g^2, x''' = (1 + 2 x^2) g^3, then (7 x + 6 x^3) g^4 and (7 + 46 x^2 + 24 x^4)
 * g^5.
 */
function fillCells(): void {
  for (let cell = TAIL; cell < CELLS - TAIL; cell++) {
    const x = normalQuantile((cell + 0.5) / CELLS)
    const square = x * x
    const g = (ROOT_OF_TWO_PI * exp(0.5 * square)) / CELLS
    const terms = [x, 1, x / 2, (1 + 2 * square) / 6, (x * (7 + 6 * square)) / 24, (7 + square * (46 + 24 * square)) / 120]
    let power = 1
    for (const [term, coefficient] of terms.entries()) {
      coefficients[TERMS * cell + term] = coefficient * power
      power *= g
    }
  }
}

/** Size of the quantile for p in [1e-11, 0.075]. */
function tail(p: number): number {
  const r = Math.sqrt(-log(p)) - 1.6
  return (
    (((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r + 3.6478483247632045) *
      r +
      5.769497221460691) *
      r +
      4.630337846156546) *
      r +
      1.4234371107496835) /
    (((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r + 0.14810397642748008) * r +
      0.6897673349851) *
      r +
      1.6763848301838038) *
      r +
      2.053191626637759) *
      r +
      1)
  )
}
