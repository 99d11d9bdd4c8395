import { scaledErfc } from '../../math/scaledErfc.ts'

/** Cells per unit, the end of the table, and Taylor terms per cell. */
const CELLS_PER_UNIT = 8
const END = 12
const TERMS = 8
const PEAK_DENSITY = 0.3989422804014327 // 1 / sqrt(2 pi)
const coefficients = new Float64Array(TERMS * CELLS_PER_UNIT * END)
fillCells()

/**
 * e^(x^2 / 2) N(-x) for x >= 0 (not checked), relative error below 1e-11: a quarter of the time of the exact one, and the boundary asks for
 * thousands.
 */
export function scaledTail(x: number): number {
  if (x >= END) return 0.5 * scaledErfc(x * Math.SQRT1_2)
  const place = x * CELLS_PER_UNIT
  const cell = Math.floor(place)
  const t = place - cell - 0.5
  const k = TERMS * cell
  const low = coefficients[k]! + t * (coefficients[k + 1]! + t * (coefficients[k + 2]! + t * coefficients[k + 3]!))
  const high = coefficients[k + 4]! + t * (coefficients[k + 5]! + t * (coefficients[k + 6]! + t * coefficients[k + 7]!))
  const square = t * t
  return low + square * square * high
}

/**
 * Taylor coefficients around the middle of each cell, in units of a cell: T' = x T - 1 / sqrt(2 pi), and then T^(n+1) = x T^(n) + n
 * T^(n-1).
 */
function fillCells(): void {
  for (let cell = 0; cell < CELLS_PER_UNIT * END; cell++) {
    const x = (cell + 0.5) / CELLS_PER_UNIT
    let before = 0.5 * scaledErfc(x * Math.SQRT1_2)
    let derivative = x * before - PEAK_DENSITY
    coefficients[TERMS * cell] = before
    let scale = 1
    for (let n = 1; n < TERMS; n++) {
      scale /= n * CELLS_PER_UNIT
      coefficients[TERMS * cell + n] = derivative * scale
      const next = x * derivative + n * before
      before = derivative
      derivative = next
    }
  }
}
