import { expOfSum } from '../../math/exp.ts'
import { log } from '../../math/index.ts'
import { type CollocationGrid, LARGEST_GRID } from './CollocationGrid.ts'
import { scaledTail } from './scaledTail.ts'

/** Carry of a put with strike 1. */
export type Carry = { readonly rate: number; readonly dividendYield: number; readonly vol: number; readonly timeToExpiry: number }

/** A Newton step may at most double or halve a logarithm, which keeps the boundary below its start and the densities above underflow. */
const LARGEST_GROWTH = 2
const ROOT_OF_TWO_PI = 2.5066282746310002

/** Scratch space, large enough for every grid. */
const squares = new Float64Array(LARGEST_GRID)
const earliers = new Float64Array(LARGEST_GRID)
const pulls = new Float64Array(2 * LARGEST_GRID)

/**
 * Exercise boundary of an American put with strike 1 at the collocation times: ln(B(tau_i) / X), X = B(0+) = min(1, rate / yield).
 *
 * Fixed point A of Andersen, Lake and Offengenden (J. Computational Finance 20, 2016), B = e^(-(r - q) tau) N(tau, B) /
 * D(tau, B), with ln^2(B / X) interpolated in sqrt(tau); solved for all times together by Newton's method on ln B with the exact Jacobian,
 * which settles in a few steps also where r and q are close.
 *
 * @param boundary - First guess of ln(B / X), below 0; overwritten with the result.
 * @param steps - Most Newton steps.
 * @param settled - Stops when no logarithm has moved by more.
 * @returns The largest change of the last step.
 */
export function solveBoundary(
  grid: CollocationGrid,
  carry: Carry,
  logX: number,
  boundary: Float64Array,
  steps: number,
  settled: number,
): number {
  const { size } = grid
  const system = new Float64Array(size * (size + 1))
  let change = 0
  for (let step = 0; step < steps; step++) {
    fillSystem(grid, carry, logX, boundary, system)
    eliminate(system, size)
    change = 0
    for (let i = 0; i < size; i++) {
      const from = boundary[i]!
      const to = Math.min(from / LARGEST_GROWTH, Math.max(from * LARGEST_GROWTH, from + system[i * (size + 1) + size]!))
      change = Math.max(change, Math.abs(to - from))
      boundary[i] = to
    }
    if (change <= settled) break
  }
  return change
}

/** Rows of the linear system for the Newton step: the Jacobian of ln(N / D) - ln B and, in the last column, minus its value. */
function fillSystem(grid: CollocationGrid, carry: Carry, logX: number, boundary: Float64Array, system: Float64Array): void {
  const { size, points, rootTimes, rootAges, weights, interpolation } = grid
  const { rate, dividendYield, vol, timeToExpiry } = carry
  const up = rate - dividendYield + 0.5 * vol * vol
  const rootLife = Math.sqrt(timeToExpiry)
  for (let j = 0; j < size; j++) squares[j] = boundary[j]! * boundary[j]!
  for (let i = 0; i < size; i++) {
    const start = i * (size + 1)
    const rootTau = rootTimes[i]! * rootLife
    const tau = rootTau * rootTau
    const own = boundary[i]!
    const deviation = vol * rootTau
    const u0 = (own + logX + up * tau) / deviation
    const d0 = u0 - deviation
    // N and D carry e^(-r tau) and e^(-q tau), so that nothing overflows, and sqrt(2 pi); each with its derivative with respect to ln
    // B(tau) alone.
    const density = expOfSum(-0.5 * d0 * d0 - rate * tau, 0) / deviation
    const densityUp = expOfSum(-0.5 * u0 * u0 - dividendYield * tau, 0) / deviation
    let numerator = density
    let numeratorSlope = (-d0 * density) / deviation
    let denominator = densityUp + scaledCdf(u0, deviation * densityUp, dividendYield * tau)
    let denominatorSlope = densityUp * (1 - u0 / deviation)
    for (let j = 0; j < size; j++) system[start + j] = 0
    // The integrals; what each point pulls at ln(N / D) is known once N and D are complete, in the loop after this one.
    for (let k = 0; k < points; k++) {
      const row = (i * points + k) * size
      let square = 0
      for (let j = 0; j < size; j++) square += interpolation[row + j]! * squares[j]!
      const earlier = square > 0 ? -Math.sqrt(square) : 0
      const rootAge = rootAges[k]! * rootTau
      const age = rootAge * rootAge
      const spread = vol * rootAge
      const u = (own - earlier + up * age) / spread
      const d = u - spread
      const w = weights[k]! * tau
      const pull = (w * rate * expOfSum(-0.5 * d * d - rate * age, 0)) / spread
      numerator += pull
      pulls[2 * k] = (-d * pull) / spread
      numeratorSlope += pulls[2 * k]!
      earliers[k] = earlier
      if (dividendYield === 0) {
        pulls[2 * k + 1] = 0
        continue
      }
      const phi = expOfSum(-0.5 * u * u - dividendYield * age, 0)
      const pullUp = (w * dividendYield * phi) / spread
      denominator += pullUp + w * dividendYield * scaledCdf(u, phi, dividendYield * age)
      pulls[2 * k + 1] = pullUp * (1 - u / spread)
      denominatorSlope += pulls[2 * k + 1]!
    }
    for (let k = 0; k < points; k++) {
      if (earliers[k] === 0) continue
      const row = (i * points + k) * size
      // The earlier value enters where the own one does, with the opposite sign; d earlier / d boundary_j = M_kj boundary_j / earlier.
      const factor = (pulls[2 * k + 1]! / denominator - pulls[2 * k]! / numerator) / earliers[k]!
      for (let j = 0; j < size; j++) system[start + j] = system[start + j]! + factor * interpolation[row + j]! * boundary[j]!
    }
    if (!(numerator > 0 && denominator > 0)) {
      // Far too high a guess when the yield is negative: one step down.
      for (let j = 0; j < size; j++) system[start + j] = j === i ? 1 : 0
      system[start + size] = own
      continue
    }
    system[start + i] = system[start + i]! + numeratorSlope / numerator - denominatorSlope / denominator - 1
    system[start + size] = own + logX - log(numerator / denominator)
  }
}

/** sqrt(2 pi) e^(-carried) N(u), given phi = e^(-u^2 / 2 - carried). */
function scaledCdf(u: number, phi: number, carried: number): number {
  const tail = ROOT_OF_TWO_PI * phi * scaledTail(Math.abs(u))
  return u <= 0 ? tail : ROOT_OF_TWO_PI * expOfSum(-carried, 0) - tail
}

/** Gauss elimination with row pivots of `size` rows of `size` + 1 columns; the solution replaces the last column. */
function eliminate(system: Float64Array, size: number): void {
  const width = size + 1
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(system[i * width + column]!) > Math.abs(system[pivot * width + column]!)) pivot = i
    }
    if (pivot !== column) {
      for (let j = column; j < width; j++) {
        const held = system[column * width + j]!
        system[column * width + j] = system[pivot * width + j]!
        system[pivot * width + j] = held
      }
    }
    for (let i = column + 1; i < size; i++) {
      const factor = system[i * width + column]! / system[column * width + column]!
      for (let j = column + 1; j < width; j++) system[i * width + j] = system[i * width + j]! - factor * system[column * width + j]!
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = system[i * width + size]!
    for (let j = i + 1; j < size; j++) sum -= system[i * width + j]! * system[j * width + size]!
    system[i * width + size] = sum / system[i * width + i]!
  }
}
